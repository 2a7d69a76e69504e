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
from typing import Protocol

from search.documents import SearchDocument

# What a reader can narrow by: the name in the address -> the field of the document.
FACETS = {
    "kind": "kind",
    "theme": "themes",
    "country": "countries",
    "language": "languages",
    "organisation": "organisations",
    "phase": "phase",
    "outcome": "outcome",
}
# The deepest hit a page may show: engines keep that many candidates in memory.
WINDOW = 10_000


class EngineError(Exception):
    """The engine answered, and refused."""


class EngineDown(EngineError):
    """The engine does not answer, or not in time."""


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


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks: what they hold, what is kept from them, what is restricted just now."""

    audiences: frozenset[str]
    exclusions: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expansion:
    """A theme recognised in the query, and its words in every language."""

    theme: int
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    scope: Scope
    text: str = ""
    expansions: tuple[Expansion, ...] = ()
    filters: dict[str, list[str]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    page: int = 1
    per_page: int = 20
    sort: str = "best"
    loose: bool = False

    @property
    def offset(self) -> int:
        return max(0, min((self.page - 1) * self.per_page, WINDOW - self.per_page))


@dataclass(slots=True)
class Hit:
    """`title` and `passage` are HTML: escaped, with <mark> round what was found."""

    key: str
    object_key: str
    source: str
    kind: str
    score: float
    language: str
    languages: list[str]
    title: str
    passage: str


@dataclass(slots=True)
class Results:
    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Write:
    """The state of one document as of `version`; without a document it is gone.

    The version is the newest outbox id read *before* the row: an older state is
    refused, also after a delete.
    """

    key: str
    version: int
    document: SearchDocument | None = None


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

    def is_current(self) -> bool:
        """Is there an index, made by this version of its schema?"""

    def clear(self) -> None:
        """Empty the index (tests)."""

    def count(self) -> int: ...

    def ping(self) -> None:
        """Raise EngineDown when it does not answer."""

    def close(self) -> None: ...
