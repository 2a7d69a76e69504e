"""The choices beside the results, and the chips above them."""

from collections.abc import Callable

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.blocks import LevelBlock
from network.languages import NEAR, country_name, language_name
from network.regions import region_name
from network.templatetags.attende import KINDS, OUTCOMES
from network.themes.vocabulary import vocabulary
from search.asked import NARROWING
from search.engines.naming import stems_of
from search.engines.reading import words_of
from search.lexicon import Named, lexicon
from search.queries import Found
from search.typed import pieces, with_text

MOST_OPTIONS = 8  # shown at once
MOST_LISTED = 100  # with those behind "more"
CARRIED = ("q", "sort", "plain", "exact")  # beside what is chosen
LABELS = {
    "kind": _("Kind"),
    "theme": _("Theme"),
    "sdg": _("Development goal"),
    "phase": _("Phase"),
    "outcome": _("Outcome"),
    "level": _("Result for"),
    "country": _("Country"),
    "region": _("Region"),
    "organisation": _("Organisation"),
    "language": _("Language"),
    "year": _("Year"),
}
PHASES = {"before": _("Before"), "during": _("During"), "after": _("After")}
LEVELS = dict(LevelBlock.declared_blocks["level"]._constructor_kwargs["choices"])
FAR = ("nb", "pt", "fr", "es", "en")
OPEN = ("kind", "theme", "country")
WHOLE = ("sdg", "year", "phase", "outcome", "level")  # all values, in their own order


def theme_name(slug: str) -> str:
    known = vocabulary()
    theme = known.by_slug(slug)
    return known.name(theme, get_language()) if theme else slug


def goal_name(slug: str) -> str:
    """With its number, by which people know it."""
    known = vocabulary()
    theme = known.by_slug(slug)
    code = known.themes[theme].code if theme else ""
    return " ".join(filter(None, [code, theme_name(slug)]))


def organisation_name(value: str) -> str:
    return lexicon().organisations.get(int(value), ("", ""))[0] or value


NAMES: dict[str, Callable[[str], str]] = {
    "kind": lambda value: KINDS[value][1] if value in KINDS else value,
    "theme": theme_name,
    "sdg": goal_name,
    "phase": lambda value: PHASES.get(value, value),
    "outcome": lambda value: OUTCOMES[value][1] if value in OUTCOMES else value,
    "level": lambda value: LEVELS.get(value, value),
    "country": country_name,
    "region": region_name,
    "organisation": organisation_name,
    "language": language_name,
    "year": str,
}


def facets_of(found: Found, audiences: frozenset[str]) -> list[dict]:
    """What includes/_facets.html takes; a facet without a choice is left out."""
    facets = []
    for name in NARROWING:
        chosen = [
            x for x in found.asked.filters.get(name, []) if may_name(name, x, audiences)
        ]
        counted = [
            (value, count)
            for value, count in found.facets.get(name, [])
            if may_name(name, value, audiences)
        ]
        options, more = options_of(name, counted, chosen)
        if len(options) > 1 or chosen:
            facets.append(
                {
                    "name": name,
                    "label": LABELS[name],
                    "open": name in OPEN or bool(chosen),
                    "chosen": len(chosen),
                    "options": options,
                    "more": more,
                }
            )
    return facets


def may_name(name: str, value: str, audiences: frozenset[str]) -> bool:
    """An organisation that the reader may not see is not told by its name either."""
    if name != "organisation":
        return True
    return lexicon().organisations.get(int(value), ("", ""))[1] in audiences


def options_of(
    name: str, counted: list[tuple[str, int]], chosen: list[str]
) -> tuple[list[dict], list[dict]]:
    """The most frequent values and what is chosen, even where it finds nothing; the
    rest, by name."""
    counts = dict(counted)
    most = len(counted) if name in WHOLE else MOST_OPTIONS
    if len(counted) <= most + 2:  # no door for two
        most += 2
    values = [value for value, _count in counted[:most]]
    values += [value for value in chosen if value not in values]
    rest = [value for value in counts if value not in values][: MOST_LISTED - most]
    rest.sort(key=lambda value: str(NAMES[name](value)).casefold())

    def option(value: str, place: "Place" = (0, "")) -> dict:
        return {
            "value": value,
            "label": NAMES[name](value),
            "count": counts.get(value, 0),
            "checked": value in chosen,
            "depth": place[0],
            "above": place[1],
        }

    if name == "year":
        values.sort(reverse=True)
    if name != "theme":
        return list(map(option, values)), list(map(option, rest))
    trees = as_tree(values), as_tree(rest)
    first, more = ([option(*one) for one in tree.items()] for tree in trees)
    return first, more


Place = tuple[int, str]  # how deep a theme stands, and the name of the one above it


def as_tree(slugs: list[str]) -> dict[str, Place]:
    """Themes where they stand: below their wider theme where that is listed."""
    known = vocabulary()
    parents = {}
    for slug in slugs:
        theme = known.themes[known.by_slug(slug)]
        above = theme.parent
        while above and above.slug not in slugs:
            above = above.parent
        parents[slug] = above.slug if above else None
    places: dict[str, Place] = {}

    def put(parent: str | None, depth: int) -> None:
        for slug in slugs:
            if parents[slug] == parent:
                places[slug] = (depth, theme_name(parent) if parent else "")
                put(slug, depth + 1)

    put(None, 0)
    return places


def chips_of(found: Found, params: QueryDict, audiences: frozenset[str]) -> list[dict]:
    """What is chosen, and each field that was typed: the same search without it."""
    asked = found.asked
    chips = [
        {"label": NAMES[name](value), "url": without(params, name, value)}
        for name, values in asked.filters.items()
        for value in values
        if may_name(name, value, audiences)
    ]
    typed = pieces(asked.text)
    chips += [
        {
            "label": one.text,
            "url": f"?{with_text(params, [x for x in typed if x != one]).urlencode()}",
        }
        for one in dict.fromkeys(typed)
        if one.field and one.told not in asked.ignored
    ]
    return chips


def clear_url(found: Found, params: QueryDict) -> str:
    """The same words, and nothing chosen."""
    rest = QueryDict(mutable=True)
    for name in CARRIED:
        rest.setlist(name, params.getlist(name))
    plain = [one for one in pieces(found.asked.text) if not one.field]
    return f"?{with_text(rest, plain).urlencode()}"


def name_chips(found: Found, params: QueryDict) -> list[dict]:
    """The names that widened the query, in words of other languages than its own."""
    chips = []
    for named in found.answer.named if found.answer else []:
        if words := others(named):
            chips.append(
                {
                    "name": own_name(named),
                    "words": words,
                    "url": plus(params, "plain", named.token),
                }
            )
    return chips


def own_name(named: Named) -> str:
    value, language = named.name.value, get_language()
    if named.name.facet == "theme":
        return vocabulary().name(value, language)
    if named.name.facet == "country":
        return country_name(value)
    if named.name.facet == "synonym":
        return " ".join(named.words)
    return organisation_name(str(value))


def others(named: Named) -> list[tuple[str, str]]:
    """What it is called elsewhere: two words, the reader's language before the rest."""
    if named.name.facet in ("synonym", "organisation"):
        return other_words(named)
    names: dict[str, str] = {}
    for language, label in lexicon().labels[named.name]:
        names.setdefault(language, label)
    if named.name.facet == "theme":
        names = vocabulary().names[named.name.value] or names
    own = names.get(named.language, "")
    found, seen = [], {named.language, NEAR.get(named.language)}
    for code in (get_language(), *FAR):
        if code in names and code not in seen and names[code] != own:
            if names[code] not in [word for _code, word in found]:
                found.append((code, names[code]))
            seen |= {code, NEAR.get(code)}
    return found[:2]


def other_words(named: Named) -> list[tuple[str, str]]:
    """What else it is called, in whatever language that may be."""
    said = stems_of(named.words, named.language)
    found = [
        ("", label)
        for language, label in lexicon().labels[named.name]
        if language == named.language and stems_of(words_of(label), language) != said
    ]
    return found[:3]


def without(params: QueryDict, name: str, value: str) -> str:
    rest = params.copy()
    rest.setlist(name, [one for one in params.getlist(name) if one != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}"


def plus(params: QueryDict, name: str, value: str) -> str:
    more = params.copy()
    more.appendlist(name, value)
    more.pop("page", None)
    return f"?{more.urlencode()}"
