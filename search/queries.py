"""What other rooms ask of search: find(), suggest(), related_to(), like().

The index finds, the database decides: every hit is read back through its source's
`visible_to`, and a hit that is refused there is not shown.
"""

import logging
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape

from django.core.paginator import Page
from django.db.models import Model
from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from network.audience import (
    audiences_of,
    exclusions_of,
    of,
    peers_of,
    pending_restrictions,
)
from network.exchange.models import Placement
from network.exchange.route import current_placement
from network.languages import CONTENT_LANGUAGES, reader_languages
from network.pagination import page_of
from network.text import fold, words
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary
from search.asked import NARROWING, Asked
from search.engines import get_engine
from search.engines.base import (
    WINDOW,
    EngineError,
    Hit,
    Query,
    Results,
    Scope,
    answering_until,
)
from search.engines.languages import ANY_STOPWORD
from search.engines.reading import MAX_CHARACTERS, Words, words_of
from search.engines.text import mark_prefixes, prefix_words
from search.plan import Answer, answer, fresh, near
from search.promoting import Promoted, parted, promoted, told_by
from search.registry import SOURCES, source_of

logger = logging.getLogger(__name__)

PER_PAGE = 20
UNFINISHED = re.compile(r"(?<=[\w)>])\n+")  # a heading or a name at a line's end
SECONDS = 1.5  # for all that one page asks of search
MOST_AUTHORS = 20
FEW_WORDS, MOST_TOLD = 3, 24  # of what somebody is about to write
KNOWLEDGE = ["lesson", "article", "story", "guide"]
GROUPS = {
    "people": ["person", "organisation", "partnership"],
    "knowledge": KNOWLEDGE,
    "discussions": ["question", "discussion", "experience"],
}


def scope_of(user) -> Scope:
    """Who asks, in the words of the index."""
    peers = {f"peer.{pk}" for pk in peers_of(user)}
    return Scope(
        audiences_of(user) | peers, exclusions_of(user), pending_restrictions()
    )


def in_time(request):
    """However often a page asks a slow engine, it is not kept waiting for long."""
    if not hasattr(request, "_search_until"):
        request._search_until = time.monotonic() + SECONDS
    return answering_until(request._search_until)


@dataclass
class Found:
    """One page of results. What includes/_item.html takes: `items`, `promoted`."""

    asked: Asked
    answer: Answer | None = None
    items: list[dict] = field(default_factory=list)
    promoted: list[dict] = field(default_factory=list)
    page: Page | None = None
    down: bool = False

    @property
    def results(self) -> Results:
        return self.answer.results if self.answer else Results()

    @property
    def total(self) -> int:
        return self.results.total

    @cached_property
    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """Counted values per facet; themes by their slug, goals apart from the rest."""
        known = vocabulary()
        counted = [
            (known.themes[int(value)], count)
            for value, count in self.results.facets.get("theme", [])
            if int(value) in known.themes
        ]
        goals = dict(self.results.facets.get("sdg", []))
        return {
            **self.results.facets,
            "theme": [
                (theme.slug, count)
                for theme, count in counted
                if theme.scheme != Theme.Scheme.SDG
            ],
            "sdg": [
                (known.slugs[pk], goals[str(pk)])
                for pk, theme in known.themes.items()
                if theme.scheme == Theme.Scheme.SDG and str(pk) in goals
            ],
        }


def find(request, params: QueryDict) -> Found:
    """Search as `request.user` may, for the address `params`; never an error."""
    found = Found(Asked.read(params))
    try:
        with in_time(request):
            _search(request, found)
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        found.answer, found.down = None, True
    return found


def _search(request, found: Found) -> None:
    asked, engine, scope = found.asked, get_engine(), scope_of(request.user)
    found.answer = answer(
        engine,
        asked,
        scope,
        tuple(reader_languages(request)),
        fresh() + near(placement_of(request)),
        filters_of(asked, scope),
        page=asked.page,
        per_page=PER_PAGE,
        facets=NARROWING,
    )
    shown = range(min(found.total, WINDOW))
    found.page = page_of(request, shown, PER_PAGE, max(1, asked.page))
    if found.page.number != asked.page and found.total:
        found.answer.query = replace(found.answer.query, page=found.page.number)
        found.answer.results = engine.search(found.answer.query)
    first = promoted(asked, found.answer.query.words, found.answer.named)
    items = read_back([*first, *found.results.hits], request)
    found.promoted, found.items = parted(items)


def placement_of(request) -> Placement | None:
    """Where the reader's own exchange stands, read once a request."""
    if not getattr(request.user, "is_member", False):
        return None
    if not hasattr(request, "_placement"):
        request._placement = current_placement(request.user)
    return request._placement


def filters_of(asked: Asked, scope: Scope) -> dict[str, list[str]]:
    """The reader's choices; who is named by `by:` is looked up as the reader may."""
    filters = asked.all_filters()
    if asked.by:
        filters["by"] = [key for name in asked.by for key in people_named(name, scope)]
    return filters


def people_named(name: str, scope: Scope) -> list[str]:
    """Keys of the people of that name whom the reader may see, and the plain name."""
    query = Query(
        scope,
        words=Words(words_of(name)),
        filters={"kind": ["person"]},
        per_page=MOST_AUTHORS,
        facets=(),
    )
    wanted = set(words(name))
    return [of("name", fold(name))] + [
        hit.object_key
        for hit in get_engine().search(query).hits
        if wanted <= set(words(strip_tags(unescape(hit.title))))
    ]


def read_back(hits: list[Hit], request) -> list[dict]:
    """Items for the hits that the database lets this reader see; a query a kind."""
    keys = defaultdict(list)
    for hit in hits:
        keys[hit.source].append(hit.object_key)
    rows = {
        (name, key): row
        for name, wanted in keys.items()
        if name in SOURCES
        for key, row in SOURCES[name].visible_to(request.user, wanted).items()
    }
    shown = [(hit, rows.get((hit.source, hit.object_key))) for hit in hits]
    return [item_of(hit, row, request) for hit, row in shown if row is not None]


def item_of(hit: Hit, row, request) -> dict:
    by_editors = isinstance(hit, Promoted)
    hit = told_by(hit, row, request) if by_editors else hit
    return {
        "promoted": by_editors,
        "object_key": hit.object_key,
        "kind": hit.kind,
        "language": hit.language if hit.language in CONTENT_LANGUAGES else "",
        # Escaped by the engine, all but its own <mark>; its contract tests say so.
        "title": mark_safe(hit.title),
        "summary": mark_safe(UNFINISHED.sub(" · ", hit.passage)),
        **SOURCES[hit.source].item(row, hit, request),
    }


def count_by_theme(request) -> dict[int, int] | None:
    """How much this reader finds on each theme; None while search is away."""
    query = Query(scope_of(request.user), per_page=1, facets=("theme",))
    try:
        with in_time(request):
            facet = get_engine().search(query).facets.get("theme", [])
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        return None
    return {int(theme): count for theme, count in facet}


@dataclass
class Group:
    total: int
    items: list[dict] = field(default_factory=list)


def about_theme(
    theme: int, request, groups: dict[str, list[str]], size: int = 4
) -> dict[str, Group] | None:
    """The best on a theme for each group of kinds; None while search is away."""
    scope, languages = scope_of(request.user), tuple(reader_languages(request))
    found = {}
    try:
        with in_time(request):
            for name, kinds in groups.items():
                filters = {"theme": [str(theme)], "kind": kinds}
                query = Query(
                    scope,
                    filters=filters,
                    languages=languages,
                    per_page=size,
                    facets=(),
                )
                found[name] = get_engine().search(query)
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        return None
    items = read_back([hit for one in found.values() for hit in one.hits], request)
    return {
        name: Group(one.total, [item for item in items if item["kind"] in groups[name]])
        for name, one in found.items()
    }


def suggest(request, text: str, size: int = 4) -> dict[str, list[dict]]:
    """What begins so, per group; themes come from the vocabulary."""
    languages = tuple(reader_languages(request))
    scope = scope_of(request.user)
    with in_time(request):
        groups = get_engine().suggest(text, scope, GROUPS, languages, size)
    items = read_back([hit for hits in groups.values() for hit in hits], request)
    by_kind = {kind: name for name, kinds in GROUPS.items() for kind in kinds}
    found = {
        "people": [],
        "themes": suggest_themes(text, size),
        "knowledge": [],
        "discussions": [],
    }
    for item in items:
        found[by_kind[item["kind"]]].append(item)
    return {name: some for name, some in found.items() if some}


def suggest_themes(text: str, size: int = 4) -> list[dict]:
    """Themes one of whose labels, in any language, has words beginning so."""
    typed, known, language = words(text), vocabulary(), get_language()
    if not typed:
        return []
    found = {}
    for label, themes in known.lookup.items():
        if all(any(word.startswith(part) for word in label) for part in typed):
            for theme, _language in themes:
                near = (not label[0].startswith(typed[0]), len(label))
                found[theme] = min(found.get(theme, near), near)
    nearest = sorted(found, key=lambda theme: (*found[theme], theme))[:size]
    return [
        {
            "kind": "theme",
            "title": mark_safe(
                mark_prefixes(known.name(theme, language), prefix_words(text))
            ),
            "slug": known.slugs[theme],
        }
        for theme in nearest
    ]


def related_to(row: Model, request, size: int = 4) -> list[dict]:
    """Works and threads about the same as `row`, as this reader may see them."""
    source = source_of(row)
    if source is None or source.variants != ("",):
        return []
    kinds = KNOWLEDGE + GROUPS["discussions"]
    languages = tuple(reader_languages(request))
    scope = scope_of(request.user)
    key = source.object_key(row)
    try:
        with in_time(request):
            hits = get_engine().similar(key, scope, kinds, languages, size)
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        return []
    return read_back(hits, request)


def like(title: str, text: str, request, size: int = 5) -> list[dict]:
    """Works and threads near what somebody is about to write, the nearest first.

    Their own words, not the query language: a minus or a colon means nothing here, and
    neither do words that stand in every sentence.
    """
    told = _telling(title)
    if len(told) < FEW_WORDS:
        told = tuple(dict.fromkeys([*told, *_telling(text)]))
    asked = Asked(words=Words(told[:MOST_TOLD]))
    if not told:
        return []
    filters = {"kind": KNOWLEDGE + GROUPS["discussions"]}
    scope, languages = scope_of(request.user), tuple(reader_languages(request))
    try:
        with in_time(request):
            found = answer(
                get_engine(),
                asked,
                scope,
                languages,
                filters=filters,
                per_page=size,
                facets=(),
            )
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        return []
    return read_back(found.results.hits[:size], request)


def _telling(text: str) -> tuple[str, ...]:
    words = dict.fromkeys(words_of(text[:MAX_CHARACTERS]))
    return tuple(word for word in words if word not in ANY_STOPWORD)
