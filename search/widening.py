"""What a search that found nothing would find with less: a few steps, each counted."""

import logging
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from network.audience import audiences_of
from network.languages import reader_languages
from search.asked import Asked
from search.engines import get_engine
from search.engines.base import EngineError
from search.facets import NAMES, may_name
from search.plan import answer
from search.queries import Found, in_time
from search.typed import pieces, with_text

logger = logging.getLogger(__name__)

MOST_TRIED = 3


@dataclass
class Step:
    label: str
    params: QueryDict
    takes_more: bool = False  # away than a step before it: worth it if it finds more


@dataclass
class Way:
    label: str
    url: str
    total: int


def ways_on(request, found: Found) -> list[Way]:
    """The steps by which this reader finds something; fewer when search is slow."""
    ways = []
    try:
        with in_time(request):
            for step in steps(request, found.asked)[:MOST_TRIED]:
                total = total_of(request, found, step.params)
                least = max([way.total for way in ways if step.takes_more], default=0)
                if total > least:
                    url = f"?{step.params.urlencode()}"
                    ways.append(Way(step.label, url, total))
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
    return ways


def steps(request, asked: Asked) -> list[Step]:
    """One choice less, then all of them, then the words: what narrows the most last."""
    params = request.GET
    typed = [one for one in pieces(asked.text) if one.told not in asked.ignored]
    plain = [one for one in typed if not one.narrows]
    single = [
        (names_of(request, name, values), without(params, name))
        for name, values in asked.filters.items()
    ]
    single += [
        (one.text, with_text(params, [x for x in typed if x != one]))
        for one in typed
        if one.narrows
    ]
    found = [
        Step(_("Without “%(choice)s”") % {"choice": choice}, less)
        for choice, less in single[:2]
    ]
    if len(single) > 1 and plain:
        less = with_text(without(params, *asked.filters), plain)
        found.append(Step(_("Without your choices"), less, takes_more=True))
    if single and plain:
        less = with_text(params, [one for one in typed if one.narrows])
        found.append(Step(_("Your choices, without the words"), less))
    return found


def names_of(request, name: str, values: list[str]) -> str:
    held = audiences_of(request.user)
    return ", ".join(
        str(NAMES[name](value)) if may_name(name, value, held) else value
        for value in values
    )


def without(params: QueryDict, *names: str) -> QueryDict:
    rest = params.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest


def total_of(request, found: Found, params: QueryDict) -> int:
    """As the page at that address says it; slips and people are known already."""
    asked, query = Asked.read(params), found.answer.query
    asked.exact = True
    if asked.words:
        asked.words = replace(query.words, without=asked.words.without)
    filters = asked.all_filters()
    if asked.by:
        filters["by"] = query.filters["by"]
    counted = answer(
        get_engine(),
        asked,
        query.scope,
        tuple(reader_languages(request)),
        filters=filters,
        per_page=1,
        facets=(),
    )
    return counted.results.total
