"""tantivy: the engine of the one-command set-up, a folder and no server.

One process writes: the one that runs the index lane. Others read, and see a commit
within half a second. Where the index lies is said by small files that are replaced
whole: `current` names the folder that answers, `building` one that is being filled.
"""

import shutil
import threading
import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from tantivy import Occur

from search.engines import text as t
from search.engines import weights as w
from search.engines.base import (
    ALL,
    FACETS,
    AnotherVersion,
    EngineError,
    Entry,
    Hit,
    Query,
    Results,
    Scope,
    Share,
    Tally,
    Write,
    slips_allowed,
    told_apart,
)
from search.engines.embedded.documents import Passages, stored
from search.engines.embedded.explaining import parts_of
from search.engines.embedded.folder import Folder
from search.engines.embedded.queries import (
    Known,
    T,
    best_of,
    both,
    either,
    lifts_of,
    musts,
    scope_filters,
    telling_terms,
    term,
    term_set,
    wanted,
    within_query,
    word_query,
)
from search.engines.embedded.schema import DOUBLED, SCHEMA
from search.engines.hits import Shown, steady
from search.engines.naming import Naming
from search.engines.reading import MAX_WORD, clean, words_of

FACET_SIZE = 500
PATIENCE = 20  # words looked at that are spelt alike


class EmbeddedEngine:
    name = f"embedded-{SCHEMA}"

    def __init__(self, root: Path, naming: Callable[[], Naming] = Naming):
        """`naming` tells the names that an index will know which is made now."""
        self.root = Path(root)
        self.naming = naming
        self.lock = threading.RLock()  # one writer, several lanes
        self.folders: dict[str, Folder] = {}

    # Where the index lies

    def _named(self, pointer: str) -> str | None:
        try:
            name = (self.root / pointer).read_text()
        except FileNotFoundError:
            return None
        if pointer == "building" and name == self._named("current"):
            return None  # killed just after the swap
        return name if name.startswith(f"{SCHEMA}-") else None

    def _point(self, pointer: str, name: str) -> None:
        beside = self.root / f"{pointer}.{uuid.uuid4().hex}"
        beside.write_text(name)
        beside.replace(self.root / pointer)

    def _open(self, pointer: str) -> Folder | None:
        """What a pointer names now. Another process may swap it meanwhile and remove
        what it named before; then the pointer is read again."""
        while name := self._named(pointer):
            if folder := self.folders.get(name):
                return folder
            with self.lock:  # nothing is swapped by this process while it is held
                with suppress(FileNotFoundError):
                    if name == self._named(pointer):
                        return self.folders.setdefault(name, Folder(self.root / name))
                if name == self._named(pointer):
                    raise EngineError(f"The index {name} is not there.")
        return None

    def _new(self, pointer: str) -> Folder:
        name = f"{SCHEMA}-{uuid.uuid4().hex[:12]}"
        self.folders[name] = Folder(self.root / name, self.naming())
        self._point(pointer, name)
        return self.folders[name]

    @property
    def current(self) -> Folder:
        if folder := self._open("current"):
            return folder
        with self.lock:
            if folder := self._open("current"):
                return folder
            if (self.root / "current").exists():
                raise AnotherVersion
            return self._new("current")

    @property
    def building(self) -> Folder | None:
        return self._open("building")

    # Writing

    def index(self, writes: Iterable[Write]) -> None:
        writes = list(writes)
        if not writes:
            return
        with self.lock:
            self.current.write(writes)
            if building := self.building:
                building.write(writes)

    def delete(self, keys: Iterable[str], version: int) -> None:
        self.index([Write(key, version) for key in keys])

    def begin_rebuild(self) -> None:
        with self.lock:
            if current := self._open("current"):
                _ = current.writer  # only the writing process may build
            self.abort_rebuild()
            self._new("building")

    def fill(self, writes: Iterable[Write]) -> None:
        with self.lock:
            self._must_build().write(list(writes))

    def commit_rebuild(self) -> None:
        with self.lock:
            old, new = self._open("current"), self._must_build()
            self._point("current", new.path.name)
            (self.root / "building").unlink()
            if old:
                self._drop(old)
            self._sweep()

    def abort_rebuild(self) -> None:
        with self.lock:
            if building := self.building:
                (self.root / "building").unlink()
                self._drop(building)

    def is_rebuilding(self) -> bool:
        return self._named("building") is not None

    def is_current(self) -> bool:
        return self._named("current") is not None

    def clear(self) -> None:
        with self.lock:
            self.abort_rebuild()
            folder = self.current
            folder.versions.clear()
            folder.writer.delete_all_documents()
            folder.writer.commit()
            folder.index.reload()

    def close(self) -> None:
        with self.lock:
            for folder in self.folders.values():
                folder.close()
            self.folders.clear()

    def _must_build(self) -> Folder:
        if (building := self.building) is None:
            raise EngineError("No rebuild has begun.")
        return building

    def _drop(self, folder: Folder) -> None:
        """Searches under way keep the files they have open."""
        folder.close()
        self.folders.pop(folder.path.name, None)
        shutil.rmtree(folder.path, ignore_errors=True)

    def _sweep(self) -> None:
        """Folders that older versions of the schema left behind."""
        for path in self.root.glob("v*-*"):
            if path.name not in (self._named("current"), self._named("building")):
                shutil.rmtree(path, ignore_errors=True)

    # Comparing

    def scan(
        self, after: str = "", size: int = 500, building: bool = False
    ) -> list[Entry]:
        searcher = self._to_compare(building)
        keys = [key for key, _count in searcher.terms_with_prefix("key", "")]
        at, entries = bisect_right(keys, after), []
        while at < len(keys) and not entries:  # keys that are gone linger for a while
            entries = sorted(
                entries_of(searcher, keys[at : at + size]), key=attrgetter("key")
            )
            at += size
        return entries

    def digests(self, keys: Iterable[str], building: bool = False) -> dict[str, str]:
        found = entries_of(self._to_compare(building), list(keys))
        return {entry.key: entry.digest for entry in found}

    def tally(self, building: bool = False) -> Tally:
        searcher = self._to_compare(building)
        audiences = {"terms": {"field": "audience", "size": searcher.num_docs + 1}}
        kinds = {"terms": {"field": "kind", "size": FACET_SIZE}}
        answer = searcher.aggregate(
            T.all_query(), {"kinds": kinds | {"aggs": {"audiences": audiences}}}
        )
        tally: Tally = {}
        for kind in answer["kinds"]["buckets"]:
            counts = tally[kind["key"]] = {ALL: kind["doc_count"]}
            for bucket in kind["audiences"]["buckets"]:
                name = told_apart(bucket["key"])
                counts[name] = counts.get(name, 0) + bucket["doc_count"]
        return tally

    def _to_compare(self, building: bool) -> tantivy.Searcher:
        """With all that is committed, also by another process."""
        folder = self._must_build() if building else self.current
        folder.index.reload()
        return folder.searcher

    # Reading

    def ping(self) -> None:
        _ = self.current.searcher

    def count(self) -> int:
        return self.current.searcher.num_docs

    def _known(self) -> Known:
        folder = self.current
        searcher = folder.searcher
        return Known(searcher, lifts_of(searcher), folder.naming)

    def search(self, query: Query) -> Results:
        known = self._known()
        searcher, words = known.searcher, query.asked
        best = bool(words) and query.sort == "best"
        scope = scope_filters(query.scope)
        chosen = chosen_filters(query)
        everything = [*wanted(query, known, best), *scope, *musts(chosen.values())]
        order = {"weight_by_field": "rank"} if best else {"order_by_field": "newest"}
        found = searcher.search(
            both(everything), query.per_page, offset=query.offset, **order
        )
        passages = Passages(searcher, Shown.of(query))
        matched = [*wanted(query, known), *scope]
        return Results(
            total=found.count,
            hits=[passages.hit(searcher.doc(a), s / DOUBLED) for s, a in found.hits],
            facets=count_facets(searcher, matched, chosen, query.facets),
        )

    def crossed(
        self, query: Query, rows: str, columns: str
    ) -> dict[tuple[str, str], int]:
        known = self._known()
        parts = [*wanted(query, known), *scope_filters(query.scope)]
        parts += musts(chosen_filters(query).values())
        asked = {
            "rows": {
                "terms": {"field": FACETS[rows], "size": FACET_SIZE},
                "aggs": {
                    "columns": {"terms": {"field": FACETS[columns], "size": FACET_SIZE}}
                },
            }
        }
        answer = known.searcher.aggregate(both(parts), asked)["rows"]["buckets"]
        return {
            (row["key"], column["key"]): column["doc_count"]
            for row in answer
            for column in row["columns"]["buckets"]
        }

    def suggest(
        self,
        prefix: str,
        scope: Scope,
        groups: dict[str, list[str]],
        languages: tuple[str, ...] = (),
        size: int = 5,
    ) -> dict[str, list[Hit]]:
        beginnings = t.prefix_words(prefix)
        if not beginnings:
            return {name: [] for name in groups}
        searcher, shown = self.current.searcher, Shown(wished=languages)
        sought = [(Occur.Must, term("prefix", b)) for b in beginnings]
        found = {}
        for name, kinds in groups.items():
            query = both(
                [*sought, *scope_filters(scope), *musts([term_set("kind", kinds)])]
            )
            hits = searcher.search(
                query, size, count=False, weight_by_field="rank"
            ).hits
            found[name] = [
                shown.suggestion(stored(searcher.doc(a)), s, beginnings)
                for s, a in hits
            ]
        return found

    def similar(
        self,
        key: str,
        scope: Scope,
        kinds: list[str] = (),
        languages: tuple[str, ...] = (),
        size: int = 5,
    ) -> list[Hit]:
        searcher = self.current.searcher
        own = searcher.search(term("key", key), 1, count=False).hits
        if not own:
            return []
        document = searcher.doc(own[0][1])
        alike = [(Occur.Should, q) for q in telling_terms(searcher, document)]
        alike += [
            (Occur.Should, T.const_score_query(term("themes", theme), w.THEME))
            for theme in document.to_dict().get("themes", [])
        ]
        if not alike:
            return []
        parts = [(Occur.Must, T.boolean_query(alike)), *scope_filters(scope)]
        parts.append((Occur.MustNot, term("object_key", document["object_key"][0])))
        if kinds:
            parts += musts([term_set("kind", kinds)])
        hits = searcher.search(
            both(parts), 2 * size, count=False, weight_by_field="rank"
        ).hits
        passages = Passages(searcher, Shown(wished=languages))
        found = [passages.hit(searcher.doc(a), s / DOUBLED) for s, a in hits]
        return steady(found)[:size]

    def keys_within(self, key: str) -> list[tuple[str, str]]:
        searcher = self.current.searcher
        hits = searcher.search(
            term("within", key), max(1, searcher.num_docs), count=False
        ).hits
        documents = (searcher.doc(address) for _, address in hits)
        return sorted({(d["source"][0], d["object_key"][0]) for d in documents})

    # Spelling

    def unknown(
        self, words: Iterable[str], scope: Scope, within: bool = False
    ) -> list[str]:
        known, filters = self._known(), scope_filters(scope)

        def is_known(word: str) -> bool:
            asked = within_query(word) if within else word_query(word, known)
            found = known.searcher.search(
                both([(Occur.Must, asked), *filters]), 1, count=False
            )
            return bool(found.hits)

        asked = [clean(word)[:MAX_WORD] for word in words]
        return [word for word in asked if not is_known(word)]

    def near(self, word: str, scope: Scope, size: int = 5) -> list[str]:
        most = slips_allowed(word)
        if not most:
            return []
        known = dict(self.current.searcher.terms_with_prefix("words", word[0]))
        found = process.extract(
            word,
            known.keys(),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=most,
            limit=PATIENCE,
        )
        ordered = sorted(found, key=lambda one: (one[1], -known[one[0]], one[0]))
        words = [one for one, _distance, _at in ordered]
        # Known to the index is not known to the reader.
        hidden = set(self.unknown(words, scope))
        return [one for one in words if one not in hidden][:size]

    # Explaining

    def explain(self, query: Query, keys: list[str]) -> dict[str, list[Share]]:
        known = self._known()
        searcher = known.searcher
        own = [*scope_filters(query.scope), *musts([term_set("key", keys)])]
        found: dict[str, list[Share]] = {key: [] for key in keys}
        for part, number, clause in parts_of(query, known) if keys else ():
            order = {"weight_by_field": "rank"} if part == "rank" else {}
            asked = both([(Occur.Must, clause), *own])
            for score, address in searcher.search(asked, len(keys), **order).hits:
                key = searcher.doc(address)["key"][0]
                score /= DOUBLED if part == "rank" else 1
                found[key].append(Share(part, score, number))
        return found

    # Measuring

    @contextmanager
    def plain(self, texts: Iterable[dict]) -> Iterator[Callable[[str, int], list[str]]]:
        """The floor to measure against: words in lower case, best of title and text."""
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "text"):
            builder.add_text_field(name)
        schema = builder.build()
        index = tantivy.Index(schema)
        writer = index.writer()
        for text in texts:
            names = ("id", "title", "text")
            writer.add_document(
                tantivy.Document(**{x: [text.get(x) or ""] for x in names})
            )
        writer.commit()
        index.reload()
        searcher = index.searcher()

        def ask(words: str, size: int) -> list[str]:
            found = [
                either(T.term_query(schema, name, word) for word in words_of(words))
                for name in ("title", "text")
            ]
            hits = searcher.search(best_of(found), size).hits
            return [searcher.doc(address)["id"][0] for _score, address in hits]

        yield ask


def entries_of(searcher: tantivy.Searcher, keys: list[str]) -> list[Entry]:
    if not keys:
        return []
    hits = searcher.search(term_set("key", keys), len(keys), count=False).hits
    names = [field.name for field in fields(Entry)]
    documents = (searcher.doc(address) for _score, address in hits)
    return [Entry(*(document[name][0] for name in names)) for document in documents]


def chosen_filters(query: Query) -> dict[str, T]:
    return {
        name: term_set(FACETS[name], values)
        for name, values in query.filters.items()
        if name in FACETS and values
    }


def count_facets(
    searcher, matched: list[tuple[Occur, T]], chosen: dict[str, T], names: Iterable[str]
) -> dict[str, list[tuple[str, int]]]:
    """Each facet counted under all filters but its own."""
    facets = {}
    free = [name for name in names if name not in chosen]
    for group in [*([name] for name in chosen if name in names), free]:
        if not group:
            continue
        others = [query for name, query in chosen.items() if name not in group]
        asked = {n: {"terms": {"field": FACETS[n], "size": FACET_SIZE}} for n in group}
        found = searcher.aggregate(both([*matched, *musts(others)]), asked)
        for name, answer in found.items():
            facets[name] = [(b["key"], b["doc_count"]) for b in answer["buckets"]]
    return facets
