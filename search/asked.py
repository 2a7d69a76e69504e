"""The address of a search, read: words, choices, page. What it cannot mean is noted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from babel import Locale
from django.http import QueryDict

from network.languages import CONTENT_LANGUAGES, country_codes
from network.regions import REGIONS
from network.text import fold, number_in
from network.themes.vocabulary import vocabulary
from search.engines.reading import (
    MAX_CHARACTERS,
    NOTHING,
    Field,
    Words,
    clean,
    read,
    words_of,
)
from search.lexicon import lexicon
from search.registry import SOURCES

MOST_VALUES = 30
SORTS = ("best", "newest")
PHASES = ("before", "during", "after")
OUTCOMES = ("worked", "partly", "not", "early")
LEVELS = ("individual", "organisation", "community")
NARROWING = (
    "kind",
    "theme",
    "sdg",
    "phase",
    "outcome",
    "level",
    "country",
    "region",
    "organisation",
    "language",
    "year",
)


@dataclass
class Asked:
    """`words` are without what its fields say; those have become filters here."""

    text: str = ""
    words: Words = NOTHING
    filters: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)
    by: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    plain: list[str] = field(default_factory=list)
    page: int = 1
    sort: str = "best"
    exact: bool = False  # as typed: no slip is put right
    ignored: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> "Asked":
        """What was typed, without an address."""
        asked = cls(text=clean(text)[:MAX_CHARACTERS].strip())
        asked.words = read(text)
        for one in asked.words.fields:
            asked.take(one)
        return asked

    @classmethod
    def read(cls, params: QueryDict) -> "Asked":
        asked = cls.of(params.get("q", ""))
        for name in NARROWING:
            values = list(dict.fromkeys(map(clean, params.getlist(name))))[:MOST_VALUES]
            known = [value for value in values if value and is_known(name, value)]
            asked.ignored += [
                f"{name}:{value}" for value in values if value and value not in known
            ]
            if known:
                asked.filters[name] = known
        asked.plain = [clean(value) for value in params.getlist("plain")][:MOST_VALUES]
        page = number_in(params.get("page", ""), digits=7)
        asked.page = 1 if page is None else page
        asked.sort = params.get("sort") if params.get("sort") in SORTS else "best"
        asked.exact = params.get("exact") == "1"
        return asked

    def take(self, one: Field) -> None:
        """A field of the query language; what it cannot mean is said, not searched."""
        typed = f"{'-' if one.refused else ''}{one.name}:{one.value}"
        if one.name in ("after", "before"):
            moment = moment_of(one.value)
            if moment is None or one.refused:
                self.ignored.append(typed)
            elif one.name == "after":
                self.since = moment
            else:
                self.until = moment
        elif one.name == "by" and not one.refused:
            self.by.append(one.value)
        elif values := VALUES.get(one.name, lambda value: [])(one.value):
            chosen = self.refused if one.refused else self.typed
            chosen.setdefault(one.name, []).extend(values)
        else:
            self.ignored.append(typed)

    @property
    def narrowed(self) -> bool:
        return bool(
            self.filters
            or self.typed
            or self.refused
            or self.by
            or self.since
            or self.until
        )

    def all_filters(self) -> dict[str, list[str]]:
        """Chosen in the facets and typed in the query, in the words of the index."""
        known = vocabulary()
        found = {name: list(values) for name, values in self.filters.items()}
        for name in ("theme", "sdg"):
            if name in found:
                found[name] = [str(known.by_slug(slug)) for slug in found[name]]
        for name, values in self.typed.items():
            found[name] = found.get(name, []) + values
        return found


def moment_of(value: str) -> datetime | None:
    """«2023», «2023-05», «2023-05-17»: the beginning of it."""
    for form in ("%Y", "%Y-%m", "%Y-%m-%d"):
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def named_themes(value: str) -> list[str]:
    slug = vocabulary().by_slug(value.lower())
    if slug is not None:
        return [str(slug)]
    return named("theme", value)


def named_countries(value: str) -> list[str]:
    code = value.upper()
    return [code] if code in country_codes() else named("country", value)


def named(facet: str, value: str) -> list[str]:
    """What goes by just this name, in any language."""
    words = words_of(value)
    return [
        str(one.name.value)
        for one in lexicon().recognise(words, frozenset())
        if one.name.facet == facet and len(one.words) == len(words)
    ]


def named_languages(value: str) -> list[str]:
    """By its code, or by what it is called in any of our languages."""
    code = value.lower()
    if code == "no":
        return ["nb", "nn"]
    found = [code] if len(code) == 2 and code.isascii() and code.isalpha() else []
    wanted = fold(value)
    for language in CONTENT_LANGUAGES:
        for known, name in Locale.parse(language).languages.items():
            if fold(name) == wanted and len(known) <= 3:
                found += ["nb", "nn"] if known == "no" else [known]
    return list(dict.fromkeys(found))


VALUES = {
    "theme": named_themes,
    "country": named_countries,
    "language": named_languages,
}


def is_known(name: str, value: str) -> bool:
    if name in ("theme", "sdg"):
        return vocabulary().by_slug(value) is not None
    if name == "language":
        return len(value) <= 3 and value.isascii() and value.isalpha()
    if name == "country":
        return len(value) == 2 and value.isascii() and value.isupper()
    if name in ("organisation", "year"):
        return number_in(value, digits=9) is not None
    if name == "kind":
        return any(value in source.kinds for source in SOURCES.values())
    known = {
        "phase": PHASES,
        "outcome": OUTCOMES,
        "level": LEVELS,
        "region": REGIONS,
    }
    return value in known[name]
