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
from search.lexicon import Named, lexicon
from search.queries import Found

MOST_OPTIONS = 12
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
        options = options_of(name, counted, chosen)
        if len(options) > 1 or chosen:
            opened = name in OPEN or bool(chosen)
            facets.append(
                {
                    "name": name,
                    "label": LABELS[name],
                    "open": opened,
                    "options": options,
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
) -> list[dict]:
    """The most frequent values, and what is chosen even where it finds nothing."""
    counts = dict(counted)
    most = len(counted) if name in WHOLE else MOST_OPTIONS
    values = [value for value, _count in counted[:most]]
    values += [value for value in chosen if value not in values]
    depths = dict.fromkeys(values, 0)
    if name == "theme":
        depths = as_tree(values)
    elif name == "year":
        depths = dict.fromkeys(sorted(values, reverse=True), 0)
    return [
        {
            "value": value,
            "label": NAMES[name](value),
            "count": counts.get(value, 0),
            "checked": value in chosen,
            "depth": depth,
        }
        for value, depth in depths.items()
    ]


def as_tree(slugs: list[str]) -> dict[str, int]:
    """Themes with how deep each stands: below its wider theme where that is listed."""
    known = vocabulary()
    parents = {}
    for slug in slugs:
        theme = known.themes[known.by_slug(slug)]
        above = theme.parent
        while above and above.slug not in slugs:
            above = above.parent
        parents[slug] = above.slug if above else None
    depths: dict[str, int] = {}

    def place(parent: str | None, depth: int) -> None:
        for slug in slugs:
            if parents[slug] == parent:
                depths[slug] = depth
                place(slug, depth + 1)

    place(None, 0)
    return depths


def chips_of(found: Found, params: QueryDict, audiences: frozenset[str]) -> list[dict]:
    """What is chosen, each with the address of the same search without it."""
    return [
        {"label": NAMES[name](value), "url": without(params, name, value)}
        for name, values in found.asked.filters.items()
        for value in values
        if may_name(name, value, audiences)
    ]


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
    return organisation_name(str(value))


def others(named: Named) -> list[tuple[str, str]]:
    """What it is called elsewhere: two words, the reader's language before the rest."""
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


def only(params: QueryDict, *names: str) -> str:
    """The same search with nothing but these parts."""
    rest = QueryDict(mutable=True)
    for name in names:
        rest.setlist(name, params.getlist(name))
    return f"?{rest.urlencode()}"
