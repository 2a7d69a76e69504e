"""Why the results of a search stand as they do: for staff, in all its parts.

Nobody is shown here what they may not see: who looks as another reader holds what both
of them hold, and results are read back as everywhere.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cms.models import WorkPage
from network.audience import MEMBERS, PUBLIC, STAFF
from network.languages import language_name
from network.themes.vocabulary import vocabulary
from search import facets, queries
from search.asked import Asked
from search.engines import get_engine
from search.engines import weights as w
from search.engines.base import (
    ALONE,
    FACETS,
    EngineError,
    Expansion,
    Hit,
    Lift,
    Scope,
    Share,
)
from search.engines.reading import Term
from search.lexicon import Named
from search.plan import Answer, answer, fresh, near
from search.promoting import parted, promoted
from search.registry import SOURCES

logger = logging.getLogger(__name__)

SHOWN = 10
LEAST = 0.005  # of a score, to be told
MOST_LABELS = 24  # of a name, written out

READERS = {
    "me": _("You"),
    "staff": _("Staff"),
    "member": _("A member"),
    "visitor": _("A visitor, not signed in"),
}
HELD = {
    "staff": {PUBLIC, MEMBERS, STAFF},
    "member": {PUBLIC, MEMBERS},
    "visitor": {PUBLIC},
}
PARTS = {
    "words": _("Its words"),
    "phrase": _("Phrase, choice or beginning"),
    "enough": _("Has most of the words"),
    "all": _("Has all of the words"),
    "name": _("Widening"),
    "names": _("Has all of the names"),
    "further": _("Words beside the name"),
    "form": _("The very form that was typed"),
    "letters": _("First letters"),
    "near": _("Words near each other"),
    "lift": _("Nearer or newer"),
}
PLACES = {
    "title": _("title"),
    "summary": _("summary"),
    "body": _("text"),
    "folded": _("without accents, in compounds, in the other Norwegian form"),
}
COLUMNS = [
    (_("Words"), ("words", "phrase", "enough", "all")),
    (_("Widening"), ("name", "names", "further")),
    (_("Form and nearness"), ("form", "letters", "near")),
    (_("Nearer, newer"), ("lift",)),
]
FACTORS = {
    "use": _("confirmed use"),
    "evidence": _("evidence"),
    "kind": _("kind"),
}
EASED = {
    "any": _("Nothing has all of the words: any of them is enough."),
    "few": _("Few have all of the words: those with some come after them."),
    "unquoted": _("Nothing has the words together: the quotes were left out."),
}
NAMES = {
    "theme": _("Theme"),
    "country": _("Country"),
    "organisation": _("Organisation"),
    "synonym": _("Synonyms"),
}


def may_edit_words(user) -> bool:
    return user.has_perm("themes.change_theme")


def may_explain(user) -> bool:
    return bool(getattr(user, "acts_as_staff", False)) and may_edit_words(user)


@dataclass
class Line:
    """A part of a score in words: `told` says which, `alone` what lies within it."""

    label: str
    told: str
    score: float
    alone: list[tuple[str, float]] = field(default_factory=list)


@dataclass
class Result:
    """One hit, as its reader would meet it."""

    item: dict
    score: float
    lines: list[Line]
    columns: list[float]
    rank: float
    factors: list[tuple[str, float]]
    behind: float = 0.0


@dataclass
class Explained:
    asked: Asked
    reader: str
    answer: Answer | None = None
    results: list[Result] = field(default_factory=list)
    promoted: list[dict] = field(default_factory=list)
    engine: str = ""
    down: bool = False

    @property
    def is_weighed(self) -> bool:
        query = self.answer.query
        return bool(query.asked) and query.sort == "best"

    @cached_property
    def understood(self) -> list[tuple[str, list[str]]]:
        """How the query was taken: what it is called, and what of it there is."""
        asked, query = self.asked, self.answer.query
        words = query.asked
        telling = words.telling("", "any")
        common = [word for word in words.words if word not in telling]
        filters = [
            f"{facets.LABELS[name]}: {', '.join(map(str, shown))}"
            for name, shown in self._filters()
        ]
        dates = [
            f"{sign} {date_format(at, 'SHORT_DATE_FORMAT')}"
            for sign, at in (("≥", asked.since), ("<", asked.until))
            if at
        ]
        rows = [
            (_("Words"), list(words.words)),
            (_("Of these, too common to tell"), common),
            (_("Phrases, choices, beginnings"), [
                " | ".join(map(written, group)) for group in words.groups
            ]),
            (_("Left out on purpose"), [f"−{written(one)}" for one in words.without]),
            (_("Put right"), [" → ".join(one) for one in self.answer.slips]),
            (_("Narrowed to"), [*filters, *dates, *asked.by]),
            (_("Not understood"), list(asked.ignored)),
            (_("Too long"), [_("Only the first was used.")] * asked.words.cut),
            (_("Made easier"), [EASED[step] for step in self.answer.eased]),
        ]  # fmt: skip
        return [(label, told) for label, told in rows if told]

    def _filters(self) -> Iterable[tuple[str, list[str]]]:
        held = self.answer.query.scope.audiences
        for name, values in self.asked.filters.items():
            yield (
                name,
                [
                    facets.NAMES[name](x)
                    for x in values
                    if facets.may_name(name, x, held)
                ],
            )
        for name, values in self.asked.typed.items():
            slugs = vocabulary().slugs
            if name == "theme":
                values = [slugs[int(x)] for x in values if int(x) in slugs]
            yield name, [facets.NAMES[name](x) for x in values]

    @cached_property
    def names(self) -> list[dict]:
        """What the query names, by which words, and what else is looked for."""
        pairs = zip(self.answer.named, self.answer.query.expansions, strict=False)
        return [described(named, expansion) for named, expansion in pairs]

    @cached_property
    def lifts(self) -> list[tuple[str, float]]:
        """What is near to the reader, one by one; what is new, once for all kinds."""
        lifts = self.answer.query.lifts
        near = [(told_of(lift), lift.weight) for lift in lifts if not lift.since]
        return [*near, (_("what is new of its kind"), w.FRESH)]


def explain(
    request: HttpRequest, params: QueryDict, reader: str, languages
) -> Explained:
    """The search at the address `params`, as `reader` would meet it; never an error."""
    found = Explained(Asked.read(params), reader)
    try:
        with queries.in_time(request):
            _explain(request, found, languages)
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        found.answer, found.results, found.down = None, [], True
    return found


def _explain(request: HttpRequest, found: Explained, languages: list[str]) -> None:
    engine, scope = get_engine(), scope_as(found.reader, request.user)
    placement = queries.placement_of(request) if found.reader == "me" else None
    found.engine = engine.name
    found.answer = told = answer(
        engine,
        found.asked,
        scope,
        tuple(languages),
        fresh() + near(placement),
        queries.filters_of(found.asked, scope),
        per_page=SHOWN,
        facets=(),
    )
    hits = told.results.hits
    shares = engine.explain(told.query, [hit.key for hit in hits])
    documents = documents_of(hits)
    found.promoted = promoted_to(scope, found, request)
    items = {x["object_key"]: x for x in queries.read_back(hits, request)}
    found.results = [
        result_of(items[hit.object_key], hit, shares[hit.key], told, documents)
        for hit in hits
        if hit.object_key in items
    ]
    for before, after in zip(found.results, found.results[1:], strict=False):
        after.behind = before.score - after.score


def scope_as(reader: str, user) -> Scope:
    own = queries.scope_of(user)
    held = HELD.get(reader)
    return replace(own, audiences=own.audiences & held) if held else own


def promoted_to(scope: Scope, found: Explained, request) -> list[dict]:
    """What editors put above all of it, as far as the reader would see it."""
    first = promoted(found.asked, found.answer.query.words, found.answer.named)
    keys = [hit.object_key.partition(".")[2] for hit in first]
    seen = WorkPage.objects.filter(
        translation_key__in=keys, audience_row__audience__in=scope.audiences
    )
    seen = {f"work.{key}" for key in seen.values_list("translation_key", flat=True)}
    hits = [hit for hit in first if hit.object_key in seen]
    return parted(queries.read_back(hits, request))[0]


def documents_of(hits: list[Hit]) -> dict:
    """What the database says of them now: use, evidence, kind."""
    found = {}
    for name in {hit.source for hit in hits} & SOURCES.keys():
        keys = list(dict.fromkeys(h.object_key for h in hits if h.source == name))
        source = SOURCES[name]
        for one in source.load(keys):
            found |= {document.key: document for document in source.documents(one)}
    return found


def result_of(
    item: dict, hit: Hit, shares: list[Share], told: Answer, documents: dict
) -> Result:
    given = dict.fromkeys(PARTS, 0.0)
    lines, rank = [], 1.0
    for share in shares:
        if share.part == "rank":
            rank = share.score
        elif share.part in given:
            given[share.part] += share.score
            lines.append(line_of(share, told))
    alone = [(PLACES[one.part], one.score) for one in shares if one.part in ALONE]
    for line in lines:
        if line.label == PARTS["words"]:
            line.alone = alone
    document = documents.get(hit.key)
    factors = w.factors_of(document) if document else {}
    return Result(
        item,
        hit.score,
        sorted(lines, key=lambda line: -line.score),
        [sum(given[part] for part in parts) for _label, parts in COLUMNS],
        rank,
        [(FACTORS[name], x) for name, x in factors.items() if abs(x - 1) >= LEAST],
    )


def line_of(share: Share, told: Answer) -> Line:
    query, what = told.query, ""
    if share.part == "phrase":
        what = " | ".join(map(written, query.asked.groups[share.number]))
    elif share.part == "name":
        what = str(facets.own_name(told.named[share.number]))
    elif share.part == "lift":
        what = told_of(query.lifts[share.number])
    elif share.part in ("words", "form", "letters"):
        what = ", ".join(query.asked.words)
    return Line(PARTS[share.part], what, share.score)


def written(term: Term) -> str:
    """As it would be typed; what is looked for within longer words between stars."""
    text = " ".join(term.words)
    if term.within:
        return f"*{text}*"
    return f"{text}*" if term.begins else f"“{text}”" if len(term.words) > 1 else text


def told_of(lift: Lift) -> str:
    """«During», «Tanzania», «Lesson, since 2023-05-01»."""
    parts = [
        str(facets.NAMES[name](value))
        for name, values in lift.filters
        for value in values
    ]
    if lift.since:
        parts.append(f"≥ {date_format(lift.since, 'SHORT_DATE_FORMAT')}")
    return ", ".join(parts)


def described(named: Named, expansion: Expansion) -> dict:
    weight = w.THEME if named.name.facet in FACETS else w.LABEL_TEXT
    by_language: dict[str, list[str]] = {}
    for language, label in expansion.words[:MOST_LABELS]:
        by_language.setdefault(language, []).append(label)
    return {
        "sort": NAMES[named.name.facet],
        "name": facets.own_name(named),
        "said": " ".join(named.words),
        "language": language_name(named.language),
        "words": [(language_name(x), x, some) for x, some in by_language.items()],
        "more": max(0, len(expansion.words) - MOST_LABELS),
        "weight": round(weight * expansion.weight, 1),
    }
