"""The choices beside the results, and the chips above them."""

from collections.abc import Callable

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.languages import NEAR, country_name, language_name
from network.templatetags.attende import KINDS, OUTCOMES
from network.themes.vocabulary import vocabulary
from search.queries import NARROWING, Found

MOST_OPTIONS = 12
LABELS = {
    "kind": _("Kind"),
    "phase": _("Phase"),
    "outcome": _("Outcome"),
    "theme": _("Theme"),
    "country": _("Country"),
    "language": _("Language"),
}
PHASES = {"before": _("Before"), "during": _("During"), "after": _("After")}
FAR = ("nb", "pt", "fr", "es", "en")
OPEN = ("kind", "theme", "country")


def theme_name(slug: str) -> str:
    known = vocabulary()
    theme = known.by_slug(slug)
    return known.name(theme, get_language()) if theme else slug


NAMES: dict[str, Callable[[str], str]] = {
    "kind": lambda value: KINDS[value][1] if value in KINDS else value,
    "phase": lambda value: PHASES.get(value, value),
    "outcome": lambda value: OUTCOMES[value][1] if value in OUTCOMES else value,
    "theme": theme_name,
    "country": country_name,
    "language": language_name,
}


def facets_of(found: Found) -> list[dict]:
    """What includes/_facets.html takes; a facet without a choice is left out."""
    facets = []
    for name in NARROWING:
        chosen = found.asked.filters.get(name, [])
        options = options_of(name, found.facets.get(name, []), chosen)
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


def options_of(
    name: str, counted: list[tuple[str, int]], chosen: list[str]
) -> list[dict]:
    """The most frequent values, and what is chosen even where it finds nothing."""
    counts = dict(counted)
    values = [value for value, _count in counted[:MOST_OPTIONS]]
    values += [value for value in chosen if value not in values]
    return [
        {
            "value": value,
            "label": NAMES[name](value),
            "count": counts.get(value, 0),
            "checked": value in chosen,
        }
        for value in values
    ]


def chips_of(found: Found, params: QueryDict) -> list[dict]:
    """What is chosen, each with the address of the same search without it."""
    return [
        {"label": NAMES[name](value), "url": without(params, name, value)}
        for name, values in found.asked.filters.items()
        for value in values
    ]


def theme_chips(found: Found, params: QueryDict) -> list[dict]:
    """The themes that widened the query, in words of other languages than its own."""
    known, chips = vocabulary(), []
    for match in found.matches:
        names = known.names[match.theme]
        slug = known.slugs[match.theme]
        chips.append(
            {
                "name": known.name(match.theme, get_language()),
                "words": others(names, match.language),
                "url": plus(params, "plain", slug),
            }
        )
    return chips


def others(names: dict[str, str], own: str) -> list[tuple[str, str]]:
    """What it is called elsewhere: two words, the reader's language before the rest."""
    found, seen = [], {own, NEAR.get(own)}
    for code in (get_language(), *FAR):
        if code in names and code not in seen:
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
