"""Themes crossed with countries, phases, years …: where there is experience, and none.

Every number is that of a search: a cell counts what its own address finds, for the
same reader. So all that the address says is read as the search page reads it, save
for what rows and columns decide themselves.
"""

import logging
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.audience import audiences_of
from network.languages import reader_languages
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary
from search import facets, queries
from search.asked import LEVELS, NARROWING, OUTCOMES, PHASES, Asked
from search.engines import get_engine
from search.engines.base import EngineError
from search.plan import Answer, answer
from search.registry import SOURCES
from search.typed import Piece, pieces, with_text

logger = logging.getLogger(__name__)

MOST_ROWS, MOST_COLUMNS = 20, 16
STEPS = 5
ROWS = {
    "process": _("The exchange, step by step"),
    "concern": _("Cross-cutting concerns"),
    "sector": _("Sectors"),
    "success": _("What makes it succeed"),
    "sdg": _("Sustainable development goals"),
    "focus": _("Focus areas"),
}
COLUMNS = {
    name: facets.LABELS[name]
    for name in ("country", "region", "phase", "level", "outcome", "year")
}
# Those that have all their values and these in their own order, also without any.
ORDERED = {"phase": PHASES, "level": LEVELS, "outcome": OUTCOMES}
GROUPS = {**queries.GROUPS, "everything": []}
KINDS = {
    "knowledge": _("All that is written"),
    "lesson": _("Lessons"),
    "discussions": _("Discussions"),
    "people": _("People and partners"),
    "everything": _("Everything"),
}


@dataclass
class Choice:
    """What the address asks for. `base` is a search: each cell's, but for its place."""

    rows: str
    columns: str
    kind: str
    whole: bool
    base: QueryDict

    @classmethod
    def read(cls, params: QueryDict) -> "Choice":
        rows, columns = params.get("rows"), params.get("columns")
        choice = cls(
            rows=rows if rows in ROWS else "sdg" if "theme" in params else "process",
            columns=columns if columns in COLUMNS else _first_free(params),
            kind=",".join(dict.fromkeys(_kinds(params))) or "knowledge",
            whole=params.get("all") == "1",
            base=QueryDict(mutable=True),
        )
        own = (choice.theme_facet, choice.columns)
        choice.base = with_text(choice.base, _kept(params.get("q", ""), own))
        for name in ("plain", "exact", *NARROWING):
            if name not in (*own, "kind") and params.getlist(name):
                choice.base.setlist(name, params.getlist(name))
        if kinds := [
            x for one in choice.kind.split(",") for x in GROUPS.get(one, [one])
        ]:
            choice.base.setlist("kind", kinds)
        return choice

    @property
    def theme_facet(self) -> str:
        return "sdg" if self.rows == Theme.Scheme.SDG else "theme"

    @property
    def words(self) -> str:
        return self.base.get("q", "")

    def search_url(self, **place: str) -> str:
        query = "&".join(filter(None, [self._base, urlencode(place)]))
        return f"{reverse('search:search')}?{query}"

    @cached_property
    def _base(self) -> str:
        return self.base.urlencode()


def _kinds(params: QueryDict) -> list[str]:
    known = {kind for source in SOURCES.values() for kind in source.kinds} | set(GROUPS)
    asked = (one for value in params.getlist("kind") for one in value.split(","))
    kinds = [one for one in asked if one in known]
    return ["everything"] if "everything" in kinds else kinds


def _first_free(params: QueryDict) -> str:
    """Who has chosen a country is not asked for it again."""
    return "phase" if "country" in params else "country"


def _kept(text: str, own: tuple[str, ...]) -> list[Piece]:
    """Without `theme:…` or `country:…` where the cells say that.

    A search takes any of several values of one facet; a cell is about just one.
    """
    return [x for x in pieces(text) if x.refused or x.field not in own]


@dataclass
class Cell:
    count: int
    step: int
    url: str = ""
    label: str = ""


@dataclass
class Line:
    """A row or a column: its value, what it is called, and all that is found on it."""

    value: str
    label: str
    total: int
    url: str = ""
    theme: Theme | None = None
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Explored:
    choice: Choice
    asked: Asked
    answer: Answer | None = None
    rows: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    rows_left_out: int = 0
    columns_left_out: int = 0
    steps: "Steps | None" = None
    down: bool = False
    widens: bool = False  # the search for all of it shows more than is counted here

    @property
    def total(self) -> int:
        return self.answer.results.total if self.answer else 0

    @property
    def title(self) -> str:
        choice = self.choice
        return _("%(themes)s, by %(columns)s") % {
            "themes": ROWS[choice.rows],
            "columns": str(COLUMNS[choice.columns]).lower(),
        }

    @property
    def search_url(self) -> str:
        return self.choice.search_url()

    @property
    def is_drawn(self) -> bool:
        """A map of more rows or columns than fit stands as its table alone."""
        return len(self.rows) <= MOST_ROWS and len(self.columns) <= MOST_COLUMNS

    @property
    def is_empty(self) -> bool:
        """Nothing stands in any cell, though something may be found beside them."""
        return not any(cell.count for row in self.rows for cell in row.cells)


def explore(request: HttpRequest) -> Explored:
    """The map for `request.user`; never an error."""
    choice = Choice.read(request.GET)
    found = Explored(choice, Asked.read(choice.base))
    try:
        with queries.in_time(request):
            _explore(request, found)
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        found.answer, found.down = None, True
    return found


def _explore(request: HttpRequest, found: Explored) -> None:
    choice, asked, engine = found.choice, found.asked, get_engine()
    scope = queries.scope_of(request.user)
    found.widens = bool(asked.words) and not asked.narrowed
    # Each cell is a narrowed search, which is widened less readily: so is their sum.
    asked.filters.setdefault(choice.theme_facet, [])
    found.answer = answer(
        engine,
        asked,
        scope,
        tuple(reader_languages(request)),
        filters=queries.filters_of(asked, scope),
        per_page=1,
        facets=(choice.theme_facet, choice.columns),
    )
    crossed = engine.crossed(found.answer.query, "theme", choice.columns)
    counted = {x: dict(y) for x, y in found.answer.results.facets.items()}
    rows = _rows(choice, counted.get(choice.theme_facet, {}))
    columns = _columns(choice, counted.get(choice.columns, {}))
    found.rows, found.columns = _shown(choice, rows, columns)
    found.rows_left_out = len(rows) - len(found.rows)
    found.columns_left_out = len(columns) - len(found.columns)
    _fill(found, crossed)


def _rows(choice: Choice, counts: dict[str, int]) -> list[Line]:
    """Every theme of the scheme, the most told of first: what has none is the point."""
    name = facets.NAMES[choice.theme_facet]
    rows = [
        Line(
            str(theme.pk),
            name(theme.slug),
            counts.get(str(theme.pk), 0),
            choice.search_url(**{choice.theme_facet: theme.slug}),
            theme,
        )
        for theme in vocabulary().themes.values()
        if theme.scheme == choice.rows
    ]
    return sorted(rows, key=lambda row: -row.total)


def _columns(choice: Choice, counts: dict[str, int]) -> list[Line]:
    name = facets.NAMES[choice.columns]
    values = list(ORDERED.get(choice.columns, ()))
    if not values:
        values = sorted(counts, key=lambda value: (-counts[value], name(value)))
    if choice.columns == "year":
        values.sort()
    return [
        Line(
            value,
            str(name(value)),
            counts.get(value, 0),
            choice.search_url(**{choice.columns: value}),
        )
        for value in values
    ]


def _shown(choice: Choice, rows: list[Line], columns: list[Line]) -> tuple:
    """As many as are taken in at a glance; of the years, the last ones."""
    if choice.whole:
        return rows, columns
    if choice.columns == "year":
        return rows[:MOST_ROWS], columns[-MOST_COLUMNS:]
    return rows[:MOST_ROWS], columns[:MOST_COLUMNS]


def _fill(found: Explored, crossed: dict[tuple[str, str], int]) -> None:
    choice = found.choice
    shown = [
        crossed.get((row.value, column.value), 0)
        for row in found.rows
        for column in found.columns
    ]
    found.steps = Steps(max(shown, default=0))
    for row in found.rows:
        for column in found.columns:
            count = crossed.get((row.value, column.value), 0)
            place = {choice.theme_facet: row.theme.slug, choice.columns: column.value}
            row.cells.append(
                Cell(
                    count,
                    found.steps.of(count),
                    choice.search_url(**place) if count else "",
                    f"{row.label}, {column.label}: {count}",
                )
            )


class Steps:
    """Up to five steps that widen as the counts do: 1–2, 3–5, 6–10, 11–21, 22–44."""

    def __init__(self, most: int):
        self.upper: list[int] = []
        for step in range(1, STEPS + 1):
            before = self.upper[-1] if self.upper else 0
            self.upper.append(max(before + 1, round(most ** (step / STEPS))))
        self.upper = [*[x for x in self.upper if x < most], most] if most else []

    def of(self, count: int) -> int:
        return bisect_left(self.upper, count) + 1 if count else 0

    @property
    def key(self) -> list[tuple[int, str]]:
        """(step, the counts it stands for), for the legend."""
        lower = [1, *(upper + 1 for upper in self.upper)]
        return [
            (step, str(low) if low == high else f"{low}–{high}")
            for step, (low, high) in enumerate(
                zip(lower, self.upper, strict=False), start=1
            )
        ]


# What the form and the chips show


def choices_of(found: Explored) -> list[dict]:
    """The selects of the form: name, label, options of (value, label, chosen)."""
    choice = found.choice
    kinds = dict(KINDS)
    if choice.kind not in kinds:
        names = [
            str(KINDS.get(x) or facets.NAMES["kind"](x)) for x in choice.kind.split(",")
        ]
        kinds[choice.kind] = ", ".join(names)
    asked = [
        ("rows", pgettext_lazy("explorer", "Down"), ROWS, choice.rows),
        ("columns", pgettext_lazy("explorer", "Across"), COLUMNS, choice.columns),
        ("kind", _("Count"), kinds, choice.kind),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": [(value, text, value == chosen) for value, text in all_.items()],
        }
        for name, label, all_, chosen in asked
    ]


def carried(found: Explored) -> list[tuple[str, str]]:
    """What the form carries on beside its own fields."""
    return [
        (name, value)
        for name, values in found.choice.base.lists()
        if name not in ("q", "kind")
        for value in values
    ]


def chips_of(found: Explored, request: HttpRequest) -> list[dict]:
    """Further choices that came along from a search, each with the way without it."""
    audiences = audiences_of(request.user)
    return [
        {
            "label": facets.NAMES[name](value),
            "url": facets.without(request.GET, name, value),
        }
        for name, values in found.asked.filters.items()
        if name not in ("kind", found.choice.theme_facet, found.choice.columns)
        for value in values
        if facets.may_name(name, value, audiences)
    ]
