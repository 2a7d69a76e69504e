"""How well search finds, measured on collections with human judgements.

A collection is a folder: `corpus.jsonl.gz` (id, title, text, lang; of a work also what
editors say of it: themes, by slug, and countries), `queries.jsonl.gz` (id, text) and
`qrels.tsv` (query-id, corpus-id, score, with a head line).
"""

import gzip
import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.conf import settings

from network.themes.vocabulary import vocabulary
from search.asked import Asked
from search.documents import SearchDocument
from search.engines import names_known
from search.engines.base import Engine, Scope, Write
from search.plan import answer
from search.sources import with_wider

DEEPEST = 100
CHUNK = 200
EVERYONE = Scope(frozenset({"public"}))

Run = dict[str, list[str]]  # query id -> ids of documents, best first
Judged = dict[str, dict[str, int]]  # query id -> document id -> score


class NotACollection(Exception):
    """A folder lacks a file, or a line of one cannot be read."""


@dataclass
class Collection:
    name: str
    corpus: list[dict]
    queries: list[dict]
    judged: Judged
    language: str | None = None  # of every text, whatever the files say
    default: str = "en"  # where they say nothing

    @classmethod
    def read(cls, folder: Path, language: str | None = None) -> "Collection":
        try:
            corpus = list(lines(folder / "corpus.jsonl.gz"))
            queries = list(lines(folder / "queries.jsonl.gz"))
            judged = judgements(folder / "qrels.tsv")
        except (OSError, ValueError) as error:
            raise NotACollection(f"{folder}: {error}") from error
        default = readme_language(folder) or "en"
        return cls(folder.name, corpus, queries, judged, language, default)

    def language_of(self, text: dict) -> str:
        return self.language or text.get("lang") or self.default


def lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def judgements(path: Path) -> Judged:
    found: Judged = defaultdict(dict)
    for row in path.read_text(encoding="utf-8").splitlines()[1:]:
        if row.strip():
            query, document, score = row.split("\t")
            found[query][document] = int(score)
    return dict(found)


def readme_language(folder: Path) -> str | None:
    """What the table of its own README, or of the one beside all of them, says."""
    for readme in (folder / "README.md", folder.parent / "README.md"):
        if readme.is_file():
            text = readme.read_text(encoding="utf-8")
            row = rf"^\|\s*{re.escape(folder.name)}\s*\|\s*([a-z]{{2}})\s*\|"
            if found := re.search(row, text, re.MULTILINE):
                return found[1]
    return None


# Figures


@dataclass
class Figures:
    """Means over the queries that have a relevant document, each from 0 to 1."""

    ndcg10: float = 0.0
    mrr: float = 0.0
    recall10: float = 0.0
    recall100: float = 0.0


def figures(run: Run, judged: Judged) -> Figures:
    asked = [q for q, scores in judged.items() if any(s > 0 for s in scores.values())]
    asked = [q for q in asked if q in run]
    if not asked:
        return Figures()
    per_query = [of_query(run[q], judged[q]) for q in asked]
    means = [sum(column) / len(asked) for column in zip(*per_query, strict=True)]
    return Figures(*means)


def of_query(found: list[str], scores: dict[str, int]) -> tuple[float, ...]:
    relevant = {document for document, score in scores.items() if score > 0}
    gains = [2 ** scores.get(document, 0) - 1 for document in found[:10]]
    best = [2**score - 1 for score in sorted(scores.values(), reverse=True)[:10]]
    first = next((n for n, x in enumerate(found, 1) if x in relevant), None)
    return (
        discounted(gains) / discounted(best),
        1 / first if first else 0.0,
        len(relevant & set(found[:10])) / len(relevant),
        len(relevant & set(found[:DEEPEST])) / len(relevant),
    )


def discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(n + 1) for n, gain in enumerate(gains, 1))


# Runs

Progress = Callable[[str, int, int], None]


@dataclass
class Measured:
    collection: str
    ours: Figures
    plain: Figures
    runs: dict[str, Run] = field(default_factory=dict, repr=False)

    def row(self) -> dict[str, str | float]:
        return {
            "collection": self.collection,
            "ndcg10": round(self.ours.ndcg10, 4),
            "mrr": round(self.ours.mrr, 4),
            "recall10": round(self.ours.recall10, 4),
            "recall100": round(self.ours.recall100, 4),
            "bm25_ndcg10": round(self.plain.ndcg10, 4),
            "bm25_mrr": round(self.plain.mrr, 4),
            "bm25_recall10": round(self.plain.recall10, 4),
            "bm25_recall100": round(self.plain.recall100, 4),
        }


def measure(collection: Collection, progress: Progress = lambda *_: None) -> Measured:
    """Index the collection into a scratch index; ask its queries, plain BM25 too."""
    with scratch() as engine:
        runs = {
            "ours": run_ours(engine, collection, progress),
            "plain": run_plain(engine, collection, progress),
        }
    ours, plain = (figures(run, collection.judged) for run in runs.values())
    return Measured(collection.name, ours, plain, runs)


@contextmanager
def scratch() -> Iterator[Engine]:
    """An engine like the site's own, with an index that is gone afterwards."""
    if settings.ELASTICSEARCH_URL:
        from search.engines.elastic import ScratchEngine

        prefix = f"{settings.SEARCH_INDEX}-scratch-{uuid4().hex[:8]}"
        engine = ScratchEngine(settings.ELASTICSEARCH_URL, prefix, naming=names_known)
        try:
            yield engine
        finally:
            engine.clear()
            engine.close()
    else:
        from search.engines.embedded import EmbeddedEngine

        with TemporaryDirectory() as folder:
            engine = EmbeddedEngine(Path(folder), names_known)
            try:
                yield engine
            finally:
                engine.close()


def run_ours(
    engine: Engine, collection: Collection, progress: Progress, deepest: int = DEEPEST
) -> Run:
    """The first `deepest` documents for each query."""
    rest, done = iter(collection.corpus), 0
    while chunk := list(islice(rest, CHUNK)):
        engine.index(Write(d.key, 1, d) for d in documents(collection, chunk))
        done += len(chunk)
        progress("indexed", done, len(collection.corpus))
    run: Run = {}
    for done, asked in enumerate(collection.queries, 1):
        found = answer(
            engine,
            Asked.of(asked["text"]),
            EVERYONE,
            (collection.language_of(asked),),
            per_page=deepest,
            facets=(),
        )
        run[asked["id"]] = [hit.key for hit in found.results.hits]
        progress("asked", done, len(collection.queries))
    return run


def documents(collection: Collection, rows: list[dict]) -> Iterator[SearchDocument]:
    known = vocabulary()
    for row in rows:
        language = collection.language_of(row)
        yield SearchDocument(
            key=row["id"],
            source="collection",
            object_key=row["id"],
            kind="article",
            title={language: row.get("title") or ""},
            body={language: row.get("text") or ""},
            languages=[language],
            themes=with_wider(
                known.themes[pk]
                for x in row.get("themes", ())
                if (pk := known.by_slug(x))
            ),
            countries=row.get("countries", []),
            audience=["public"],
        )


def run_plain(engine: Engine, collection: Collection, progress: Progress) -> Run:
    """BM25 over title and text as its engine has it: words in lower case, no more."""
    with engine.plain(collection.corpus) as ask:
        run: Run = {}
        for done, asked in enumerate(collection.queries, 1):
            run[asked["id"]] = ask(asked["text"], DEEPEST)
            progress("asked plainly", done, len(collection.queries))
    return run
