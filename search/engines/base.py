"""The protocol both engines keep, and the shapes that go in and out of it.

Every read carries a `Scope`: who asks. A document is found only by those who hold one
of its audiences, none of what supersedes it, none of what it excludes, and only when
nothing it lies within has been restricted since it was indexed.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from search.documents import SearchDocument
from search.engines.reading import Words, read

# What a reader can narrow by: the name in the address -> the field of the document.
FACETS = {
    "kind": "kind",
    "theme": "themes",
    "sdg": "themes",
    "phase": "phase",
    "outcome": "outcome",
    "level": "levels",
    "country": "countries",
    "region": "regions",
    "organisation": "organisations",
    "language": "languages",
    "year": "years",
    "by": "authors",
}
COUNTED = tuple(name for name in FACETS if name != "by")
# The deepest hit a page may show: engines keep that many candidates in memory.
WINDOW = 10_000


class EngineError(Exception):
    """The engine answered, and refused."""


class EngineDown(EngineError):
    """The engine does not answer, or not in time."""


class AnotherVersion(EngineDown):
    """The index is that of another version of the site, which may still use it."""

    def __str__(self):
        return (
            "The search index was made by another version of the site. rebuild_index "
            "makes one for this version."
        )


class WriterBusy(EngineError):
    """Another process writes to the index."""


_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def answering_until(moment: float) -> Iterator[None]:
    """All reads inside are answered by `moment` (time.monotonic), or EngineDown."""
    token = _until.set(moment)
    try:
        yield
    finally:
        _until.reset(token)


def seconds_left(most: float) -> float:
    """How long a read may take; what begins too late is not begun."""
    until = _until.get()
    left = most if until is None else min(most, until - time.monotonic())
    if left <= 0:
        raise EngineDown("no answer in time")
    return left


LEAST_LETTERS = 4  # of a word that may have been mistyped


def slips_allowed(word: str) -> int:
    """How many slips of the finger a word of this length may have."""
    return 0 if len(word) < LEAST_LETTERS else 1 if len(word) < 8 else 2


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks: what they hold, what is kept from them, what is restricted just now."""

    audiences: frozenset[str]
    exclusions: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expansion:
    """A theme, country or organisation that the query names, and its other names.

    `facet` and `value` say how documents carry it, `words` are (language, label);
    synonyms are no facet, and no more than their words. `weight` is 1 where the query
    is about it, less where it is named in passing.
    """

    value: int | str
    words: tuple[tuple[str, str], ...] = ()
    facet: str = "theme"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Lift:
    """What is nearer to the reader, or newer: a little more for what is all of this."""

    weight: float
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: datetime | None = None

    @property
    def told(self) -> str:
        """For who looks into a score."""
        values = [value for _name, values in self.filters for value in values]
        return ", ".join(
            [*values, *([f"{self.since:%Y-%m-%d} →"] if self.since else [])]
        )


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is read by the query language, unless `words` has it read already.

    `refused` are values of facets that are kept out; `loose` takes any of the words.
    """

    scope: Scope
    text: str = ""
    expansions: tuple[Expansion, ...] = ()
    filters: dict[str, list[str]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    page: int = 1
    per_page: int = 20
    sort: str = "best"
    loose: bool = False
    words: Words | None = None
    refused: dict[str, list[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    lifts: tuple[Lift, ...] = ()
    facets: tuple[str, ...] = COUNTED

    @property
    def offset(self) -> int:
        return max(0, min((self.page - 1) * self.per_page, WINDOW - self.per_page))

    @property
    def asked(self) -> Words:
        return read(self.text) if self.words is None else self.words

    @property
    def how(self) -> str:
        return "any" if self.loose else "enough"

    @property
    def named(self) -> float:
        """How much the query is about what it names, from 0 to 1."""
        return max((one.weight for one in self.expansions), default=0.0)


@dataclass(slots=True)
class Hit:
    """`title` and `passage` are HTML: escaped, with <mark> round what was found.

    `anchor` is where in the page the passage stands, for the end of its address.
    """

    key: str
    object_key: str
    source: str
    kind: str
    score: float
    language: str
    languages: list[str]
    title: str
    passage: str
    anchor: str = ""


@dataclass(slots=True)
class Results:
    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What one part of a query gives to a score.

    Those of `ADDED` make it up, times `rank`; those counted `ALONE` lie within the
    words. `number` tells several of a kind apart: which expansion, which lift.
    """

    part: str
    score: float
    number: int = 0


ADDED = (
    "words", "phrase", "enough", "all", "name", "names", "further", "form", "letters",
    "near", "lift",
)  # fmt: skip
ALONE = ("title", "summary", "body", "folded")


@dataclass(frozen=True, slots=True)
class Write:
    """The state of one document as of `version`; without a document it is gone.

    The version is the newest outbox id read *before* the row: an older state is
    refused, also after a delete.
    """

    key: str
    version: int
    document: SearchDocument | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a comparison needs of one document that is in the index."""

    key: str
    source: str
    object_key: str
    kind: str
    digest: str


# How many documents there are: kind -> audience -> number.
Tally = dict[str, dict[str, int]]
ALL = "*"  # in a tally, beside the audiences: all of a kind, also what nobody sees


def told_apart(audience: str) -> str:
    """The audience as a tally names it: those of one person each count as one."""
    kind, _dot, _rest = audience.partition(".")
    return kind if kind in ("peer", "user") else audience


class Engine(Protocol):
    name: str  # with the version of its schema

    def index(self, writes: Iterable[Write]) -> None:
        """Take in documents and removals; they are readable when this returns."""

    def delete(self, keys: Iterable[str], version: int) -> None: ...

    def search(self, query: Query) -> Results: ...

    def suggest(
        self,
        prefix: str,
        scope: Scope,
        groups: dict[str, list[str]],
        languages: tuple[str, ...] = (),
        size: int = 5,
    ) -> dict[str, list[Hit]]:
        """Titles with a word that begins so, per group of kinds."""

    def similar(
        self,
        key: str,
        scope: Scope,
        kinds: list[str] = (),
        languages: tuple[str, ...] = (),
        size: int = 5,
    ) -> list[Hit]:
        """What is about the same as the document `key`, without itself."""

    def unknown(
        self, words: Iterable[str], scope: Scope, within: bool = False
    ) -> list[str]:
        """Those of the words that nothing has which the reader may see.

        A word counts as a whole, in any of its forms; `within` longer words, too.
        """

    def near(self, word: str, scope: Scope, size: int = 5) -> list[str]:
        """Words like this one that the reader could find, the most likely first."""

    def crossed(
        self, query: Query, rows: str, columns: str
    ) -> dict[tuple[str, str], int]:
        """How many documents have both values, for each pair of two facets."""

    def explain(self, query: Query, keys: list[str]) -> dict[str, list[Share]]:
        """What makes up the score of each of these documents."""

    def keys_within(self, key: str) -> list[tuple[str, str]]:
        """(source, object key) of everything indexed within `key`, whoever sees it."""

    def begin_rebuild(self) -> None:
        """Start an empty index beside the one that answers; writes now reach both."""

    def fill(self, writes: Iterable[Write]) -> None:
        """Write to the new index alone."""

    def commit_rebuild(self) -> None:
        """The new index answers from now on; the old one goes."""

    def abort_rebuild(self) -> None: ...

    def is_rebuilding(self) -> bool: ...

    def scan(
        self, after: str = "", size: int = 500, building: bool = False
    ) -> list[Entry]:
        """The next entries in the order of their keys; none at the end.

        This and the next two read the index that answers, or the one being built.
        """

    def digests(self, keys: Iterable[str], building: bool = False) -> dict[str, str]:
        """The digest of each of these documents that is there."""

    def tally(self, building: bool = False) -> Tally: ...

    def is_current(self) -> bool:
        """Is there an index, made by this version of its schema?"""

    def clear(self) -> None:
        """Empty the index (tests)."""

    def count(self) -> int: ...

    def ping(self) -> None:
        """Raise EngineDown when it does not answer."""

    def close(self) -> None: ...
