"""tantivy: the engine of the one-command set-up, a folder and no server.

One process writes: the one that runs the index lane. Others read, and see a commit
within half a second. Where the index lies is said by small files that are replaced
whole: `current` names the folder that answers, `building` one that is being filled.
"""

import math
import shutil
import threading
import uuid
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import tantivy
from tantivy import Occur, SnippetGenerator

from search.documents import SearchDocument
from search.engines import text as t
from search.engines.base import (
    FACETS,
    EngineError,
    Hit,
    Query,
    Results,
    Scope,
    Write,
    WriterBusy,
)

T = tantivy.Query
SCHEMA = "v2"  # another one asks for a rebuild
HEAP = 30_000_000
FACET_SIZE = 500
STEMMERS = {
    "nn": "norwegian",
    "nb": "norwegian",
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
}
KEYWORDS = (
    "key",
    "object_key",
    "source",
    "kind",
    "languages",
    "themes",
    "countries",
    "organisations",
    "phase",
    "outcome",
    "audience",
    "superseded_by",
    "exclude",
    "within",
    "prefix",
    "written",
)
STORED = {"key", "object_key", "source", "kind", "languages", "themes"}
TEXTS = ("title", "summary", "body")
FOLDED = ("folded_title", "folded_text")
# How tantivy weighs the length of a text: BM25's constants.
K, B = 1.2, 0.75
BOOSTS = {
    "title": t.TITLE,
    "summary": t.SUMMARY,
    "body": t.BODY,
    "folded_title": t.FOLDED_TITLE,
    "folded_text": t.FOLDED_TEXT,
}


def build_analyzer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(t.MAX_WORD * 4))
    builder = builder.filter(tantivy.Filter.lowercase())
    # Norwegian twice: deltakere -> deltaker -> deltak, as deltaker and deltakar.
    for _ in range(2 if language in t.NORWEGIAN else language in STEMMERS):
        builder = builder.filter(tantivy.Filter.stemmer(STEMMERS[language]))
    return builder.build()


ANALYZERS = {language: build_analyzer(language) for language in t.FIELDS}


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in KEYWORDS:
        builder.add_text_field(
            name,
            stored=name in STORED,
            fast=name not in ("prefix", "written"),
            tokenizer_name="raw",
            index_option="basic",
        )
    for language in t.FIELDS:
        for name in TEXTS:
            builder.add_text_field(
                f"{name}_{language}", stored=True, tokenizer_name=language
            )
        for name in FOLDED:
            builder.add_text_field(f"{name}_{language}", tokenizer_name=language)
    builder.add_unsigned_field("newest", fast=True)
    builder.add_float_field("rank", fast=True)
    builder.add_unsigned_field("version", stored=True, fast=True)
    return builder.build()


THE_SCHEMA = build_schema()


class Folder:
    """One index on disk: its readers, its writer, the versions it has seen."""

    def __init__(self, path: Path):
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.index = tantivy.Index(THE_SCHEMA, str(path))
        for language, analyzer in ANALYZERS.items():
            self.index.register_tokenizer(language, analyzer)
        self.index.reload()
        # Versions of what was written since this process started, removals included.
        # An older write in flight can only come from this process, so that is enough;
        # what was there before has its version in the index.
        self.versions: dict[str, int] = {}
        self._writer = None

    @property
    def searcher(self) -> tantivy.Searcher:
        return self.index.searcher()

    @property
    def writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self.index.writer(HEAP, 1)
            except ValueError as error:
                raise WriterBusy(str(error)) from error
        return self._writer

    def version_of(self, key: str, searcher: tantivy.Searcher) -> int:
        if key not in self.versions:
            found = searcher.search(term("key", key), 1, count=False).hits
            self.versions[key] = (
                searcher.doc(found[0][1])["version"][0] if found else -1
            )
        return self.versions[key]

    def write(self, writes: list[Write]) -> None:
        writer, searcher = self.writer, self.searcher
        before = {}
        try:
            for write in writes:
                if write.version < self.version_of(write.key, searcher):
                    continue
                before.setdefault(write.key, self.versions[write.key])
                self.versions[write.key] = write.version
                writer.delete_documents_by_term("key", write.key)
                if write.document:
                    writer.add_document(to_tantivy(write.document, write.version))
            writer.commit()
        except Exception:
            self.versions.update(before)
            writer.rollback()
            raise
        self.index.reload()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None


class EmbeddedEngine:
    name = f"embedded-{SCHEMA}"

    def __init__(self, root: Path):
        self.root = Path(root)
        self.lock = threading.RLock()  # one writer, several lanes
        self.folders: dict[str, Folder] = {}

    # Where the index lies

    def _named(self, pointer: str) -> str | None:
        try:
            name = (self.root / pointer).read_text()
        except FileNotFoundError:
            return None
        return name if name.startswith(f"{SCHEMA}-") else None

    def _point(self, pointer: str, name: str) -> None:
        beside = self.root / f"{pointer}.{uuid.uuid4().hex}"
        beside.write_text(name)
        beside.replace(self.root / pointer)

    def _open(self, name: str) -> Folder:
        folder = self.folders.get(name)
        if folder is None:
            with self.lock:
                folder = self.folders.get(name) or Folder(self.root / name)
                self.folders[name] = folder
        return folder

    def _new(self, pointer: str) -> str:
        name = f"{SCHEMA}-{uuid.uuid4().hex[:12]}"
        self._open(name)
        self._point(pointer, name)
        return name

    @property
    def current(self) -> Folder:
        name = self._named("current")
        if name is None:
            with self.lock:
                name = self._named("current") or self._new("current")
        return self._open(name)

    @property
    def building(self) -> Folder | None:
        name = self._named("building")
        return self._open(name) if name else None

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
            _ = self.current.writer  # only the writing process may build
            self.abort_rebuild()
            self._new("building")

    def fill(self, writes: Iterable[Write]) -> None:
        with self.lock:
            self._must_build().write(list(writes))

    def commit_rebuild(self) -> None:
        with self.lock:
            old, new = self.current, self._must_build()
            self._point("current", new.path.name)
            (self.root / "building").unlink()
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

    # Reading

    def ping(self) -> None:
        _ = self.current.searcher

    def count(self) -> int:
        return self.current.searcher.num_docs

    def search(self, query: Query) -> Results:
        folder = self.current
        searcher = folder.searcher
        words = t.read(query.text)
        lifts = lifts_of(searcher)
        wanted = text_query(words, query, lifts) if words else T.all_query()
        scope = scope_filters(query.scope)
        chosen = {
            name: term_set(FACETS[name], values)
            for name, values in query.filters.items()
            if name in FACETS and values
        }
        everything = both([(Occur.Must, wanted), *scope, *musts(chosen.values())])
        if words and query.sort == "best":
            order = {"weight_by_field": "rank"}
        else:
            order = {"order_by_field": "newest"}
        found = searcher.search(
            everything, query.per_page, offset=query.offset, **order
        )
        highlighter = Highlighter(searcher, words, query)
        return Results(
            total=found.count,
            hits=[
                to_hit(searcher.doc(a), s, highlighter, query.languages)
                for s, a in found.hits
            ],
            facets=count_facets(searcher, wanted, scope, chosen),
        )

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
        searcher = self.current.searcher
        wanted = [(Occur.Must, term("prefix", b)) for b in beginnings]
        found = {}
        for name, kinds in groups.items():
            query = both(
                [*wanted, *scope_filters(scope), *musts([term_set("kind", kinds)])]
            )
            hits = searcher.search(
                query, size, count=False, weight_by_field="rank"
            ).hits
            found[name] = [
                to_suggestion(searcher.doc(a), s, beginnings, languages)
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
            (Occur.Should, T.const_score_query(term("themes", theme), t.THEME))
            for theme in document.to_dict().get("themes", [])
        ]
        if not alike:
            return []
        parts = [(Occur.Must, T.boolean_query(alike)), *scope_filters(scope)]
        parts.append((Occur.MustNot, term("object_key", document["object_key"][0])))
        if kinds:
            parts += musts([term_set("kind", kinds)])
        hits = searcher.search(both(parts), size, count=False).hits
        plain = Highlighter(searcher, t.read(""), Query(scope))
        return [to_hit(searcher.doc(a), s, plain, languages) for s, a in hits]

    def keys_within(self, key: str) -> list[tuple[str, str]]:
        searcher = self.current.searcher
        hits = searcher.search(
            term("within", key), max(1, searcher.num_docs), count=False
        ).hits
        documents = (searcher.doc(address) for _, address in hits)
        return sorted({(d["source"][0], d["object_key"][0]) for d in documents})


# Documents in and out


def to_tantivy(document: SearchDocument, version: int) -> tantivy.Document:
    out = tantivy.Document()
    for name in KEYWORDS:
        if name == "prefix":
            values = t.prefixes(list(document.title.values()))
        elif name == "written":
            values = sorted(set(map(t.field_of, document.text_languages())))
        else:
            values = getattr(document, name)
        for value in values if isinstance(values, list) else [values]:
            if value != "":
                out.add_text(name, t.clean(value))
    for name in TEXTS:
        for language, words in getattr(document, name).items():
            out.add_text(f"{name}_{t.field_of(language)}", words)
    for language, words in document.title.items():
        out.add_text(f"folded_title_{t.field_of(language)}", t.fold_in(words, language))
    for language in document.text_languages():
        rest = (document.summary.get(language, ""), document.body.get(language, ""))
        out.add_text(
            f"folded_text_{t.field_of(language)}", t.fold_in("\n".join(rest), language)
        )
    out.add_unsigned("newest", newest(document))
    out.add_float("rank", t.rank_of(document) * (1 + lot(document) / 2**24 / 10_000))
    out.add_unsigned("version", version)
    return out


def lot(document: SearchDocument) -> int:
    """24 bits of its key: a lasting order among documents that are otherwise equal."""
    return crc32(document.key.encode()) >> 8


def newest(document: SearchDocument) -> int:
    """Sorts by time; what has none comes last."""
    seconds = max(0, int(document.at.timestamp())) if document.at else 0
    return seconds << 24 | lot(document)


def to_hit(
    document, score: float, highlighter: "Highlighter", wished: tuple[str, ...]
) -> Hit:
    stored = document.to_dict()
    languages = stored.get("languages", [])
    offered = languages_with_text(stored, languages)
    ordered = t.by_preference(offered, wished)
    language, title, passage = highlighter.best(document, stored, ordered)
    return Hit(
        key=stored["key"][0],
        object_key=stored["object_key"][0],
        source=stored["source"][0],
        kind=stored["kind"][0],
        score=score,
        language=language,
        languages=languages,
        title=title,
        passage=passage,
    )


def to_suggestion(document, score, beginnings, wished) -> Hit:
    stored = document.to_dict()
    languages = stored.get("languages", [])
    ordered = t.by_preference(languages_with_text(stored, languages), wished)
    titles = {x: first(stored, f"title_{t.field_of(x)}") for x in ordered}
    marked = {x: t.mark_prefixes(title, beginnings) for x, title in titles.items()}
    language = next((x for x in ordered if "<mark>" in marked[x]), ordered[0])
    return Hit(
        key=stored["key"][0],
        object_key=stored["object_key"][0],
        source=stored["source"][0],
        kind=stored["kind"][0],
        score=score,
        language=language,
        languages=languages,
        title=marked[language],
        passage="",
    )


def languages_with_text(stored: dict, languages: list[str]) -> list[str]:
    """Its languages that have a title; what no language claims is called `xx`."""
    with_title = [x for x in languages if first(stored, f"title_{t.field_of(x)}")]
    known = {t.field_of(x) for x in with_title}
    return with_title + [
        x for x in t.FIELDS if x not in known and first(stored, f"title_{x}")
    ]


def first(stored: dict, name: str) -> str:
    return (stored.get(name) or [""])[0]


# Queries


def term(name: str, value: str) -> T:
    return T.term_query(THE_SCHEMA, name, value)


def term_set(name: str, values: Iterable[str]) -> T:
    return T.term_set_query(THE_SCHEMA, name, [t.clean(v) for v in values])


def both(parts: list[tuple[Occur, T]]) -> T:
    return T.boolean_query(parts)


def musts(queries: Iterable[T]) -> list[tuple[Occur, T]]:
    return [(Occur.Must, T.const_score_query(query, 0.0)) for query in queries]


def scope_filters(scope: Scope) -> list[tuple[Occur, T]]:
    parts = musts([term_set("audience", scope.audiences)])
    for name, held in (
        ("superseded_by", scope.audiences),
        ("exclude", scope.exclusions),
        ("within", scope.hidden),
    ):
        if held:
            parts.append((Occur.MustNot, term_set(name, held)))
    return parts


def stems(words: Iterable[str], language: str) -> list[str]:
    return [stem for word in words for stem in ANALYZERS[language].analyze(word)]


def folded_stems(words: Iterable[str], language: str) -> list[str]:
    return stems((t.fold_in(word, language) for word in words), language)


def word_query(word: str, language: str) -> T | None:
    """One word in any field of one language, as written or without its accents."""
    parts = []
    for names, stem in (
        (TEXTS, stems([word], language)),
        (FOLDED, folded_stems([word], language)),
    ):
        for name in names if stem else ():
            parts.append(
                T.boost_query(term(f"{name}_{language}", stem[0]), BOOSTS[name])
            )
    return T.disjunction_max_query(parts, t.TIE) if parts else None


def phrase_query(
    words: Iterable[str], name: str, language: str, slop: int = 0
) -> T | None:
    ordered = stems(words, language)
    if len(ordered) > 1:
        return T.phrase_query(THE_SCHEMA, f"{name}_{language}", ordered, slop)
    return term(f"{name}_{language}", ordered[0]) if ordered else None


def phrase_anywhere(words: Iterable[str], lifts: dict[str, float]) -> T:
    parts = [
        T.boost_query(query, BOOSTS[name] * lift)
        for language, lift in lifts.items()
        for name in TEXTS
        if (query := phrase_query(words, name, language))
    ]
    return T.disjunction_max_query(parts) if parts else T.empty_query()


def lifts_of(searcher) -> dict[str, float]:
    """What makes the languages comparable, for those that texts are written in.

    tantivy measures a text against the mean length of its field over all documents,
    also those without it: where a twentieth is in French, each French text seems
    twenty times too long. Its words are counted as rare for the same reason, which
    makes up for about the root of it; the other root is put back here.
    """
    total = max(1, searcher.num_docs)
    shares = {x: min(1, searcher.doc_freq("written", x) / total) for x in t.FIELDS}
    return {
        x: math.sqrt((1 + K * (1 - B + B / share)) / (1 + K))
        for x, share in shares.items()
        if share
    }


def language_query(words: t.Words, language: str, how: str) -> T | None:
    """Enough of the words in one language; neighbours that stay so count more."""
    telling = words.telling(language, how)
    found = [q for word in telling if (q := word_query(word, language))]
    if not found:
        return None
    enough = T.boolean_query(
        [(Occur.Should, q) for q in found], t.needed(len(found), how)
    )
    pairs = [
        T.boost_query(query, t.PAIR * BOOSTS[name])
        for pair in list(pairwise(telling))[:8]
        for name in ("title", "body")
        if (query := phrase_query(pair, name, language, t.SLOP))
    ]
    return both([(Occur.Must, enough), *((Occur.Should, q) for q in pairs)])


def words_query(words: t.Words, how: str, lifts: dict[str, float]) -> T:
    """All phrases, and enough of the words in one of the languages."""
    parts = [(Occur.Must, phrase_anywhere(phrase, lifts)) for phrase in words.phrases]
    by_language = [
        T.boost_query(query, lift)
        for language, lift in lifts.items()
        if (query := language_query(words, language, how))
    ]
    if by_language:
        parts.append((Occur.Must, T.disjunction_max_query(by_language, t.TIE)))
    return both(parts) if parts else T.empty_query()


def text_query(words: t.Words, query: Query, lifts: dict[str, float]) -> T:
    """The words themselves first, then what their themes bring in."""
    enough = words_query(words, "any" if query.loose else "enough", lifts)
    if not query.expansions:
        return enough
    every = T.const_score_query(words_query(words, "all", lifts), t.EXACT)
    ways = [
        T.boost_query(enough, t.BESIDE),
        every,
        *map(expansion_query, query.expansions),
    ]
    further = [q for x in lifts for w in words.telling(x) if (q := word_query(w, x))]
    return both(
        [
            (Occur.Must, T.boolean_query([(Occur.Should, q) for q in ways])),
            *((Occur.Should, T.boost_query(q, t.LOOSE)) for q in further),
        ]
    )


def expansion_query(expansion) -> T:
    parts = [T.const_score_query(term("themes", str(expansion.theme)), t.THEME)]
    for language, label in expansion.words:
        words = t.words_of(label)
        for name, score in (
            ("title", t.LABEL_TITLE),
            ("summary", t.LABEL_TEXT),
            ("body", t.LABEL_TEXT),
        ):
            if found := phrase_query(words, name, t.field_of(language)):
                parts.append(T.const_score_query(found, score))
    return T.disjunction_max_query(parts, t.TIE)


def telling_terms(searcher, document, most: int = 25) -> list[T]:
    """The words that set a document apart: often here, seldom elsewhere."""
    total, weighed = searcher.num_docs, []
    for language in t.FIELDS:
        counts: dict[str, float] = {}
        for name, weight in (
            ("title", t.TITLE),
            ("summary", t.SUMMARY),
            ("body", t.BODY),
        ):
            words = t.words_of(document.get_first(f"{name}_{language}") or "")[:2000]
            for word in words:
                if word not in t.STOPWORDS.get(language, ()) and len(word) > 2:
                    counts[word] = counts.get(word, 0) + weight
        for word, count in sorted(counts.items(), key=lambda x: -x[1])[:100]:
            for stem in stems([word], language):
                spread = searcher.doc_freq(f"body_{language}", stem)
                idf = math.log(1 + total / (1 + spread))
                weighed.append((math.sqrt(count) * idf, stem, language))
    strongest = sorted(weighed, reverse=True)[:most]
    return [
        T.boost_query(term(f"{name}_{language}", stem), BOOSTS[name])
        for _, stem, language in strongest
        for name in TEXTS
    ]


def count_facets(searcher, wanted, scope, chosen) -> dict[str, list[tuple[str, int]]]:
    """Each facet counted under all filters but its own."""
    facets = {}
    groups = [[name] for name in chosen] + [[n for n in FACETS if n not in chosen]]
    for names in groups:
        others = [query for name, query in chosen.items() if name not in names]
        query = both([(Occur.Must, wanted), *scope, *musts(others)])
        asked = {n: {"terms": {"field": FACETS[n], "size": FACET_SIZE}} for n in names}
        if not asked:
            continue
        for name, answer in searcher.aggregate(query, asked).items():
            facets[name] = [(b["key"], b["doc_count"]) for b in answer["buckets"]]
    return facets


Forms = tuple[str, str]  # of a word: its stem as written, and without accents
Phrase = tuple[Forms, ...]


@lru_cache(maxsize=50_000)
def forms_of(word: str, language: str) -> Forms:
    return ("".join(stems([word], language)), "".join(folded_stems([word], language)))


def alike(one: Forms, other: Forms) -> bool:
    return (one[0] and one[0] == other[0]) or (one[1] and one[1] == other[1])


class Highlighter:
    """Marks what was found, in title and best passage, as HTML."""

    def __init__(self, searcher, words: t.Words, query: Query):
        self.searcher = searcher
        self.words, self.expansions = words, query.expansions
        self.phrases: dict[str, list[Phrase]] = {}
        self.generators: dict[str, SnippetGenerator | None] = {}

    def best(self, document, stored: dict, ordered: list[str]) -> tuple[str, str, str]:
        """In the first of the reader's languages where something was found."""
        plain = None
        for language in ordered:
            title, passage = self.texts(document, stored, t.field_of(language))
            if "<mark>" in title or "<mark>" in passage:
                return language, title, passage
            plain = plain or (language, title, passage)
        return plain or ("", "", "")

    def texts(self, document, stored: dict, language: str) -> tuple[str, str]:
        title = first(stored, f"title_{language}")
        summary, body = (
            self.marked(self.passage(document, stored, f"{name}_{language}"), language)
            for name in ("summary", "body")
        )
        better = body.count("<mark>") > summary.count("<mark>")
        return self.marked(title, language), body if better or not summary else summary

    def passage(self, document, stored: dict, name: str) -> str:
        """The part of a text where most was found, or its beginning."""
        if not (plain := first(stored, name)):
            return ""
        if generator := self.generator(name):
            snippet = generator.snippet_from_doc(document)
            if snippet.highlighted():
                return cut(plain, snippet.fragment_range())
        return t.shorten(plain)

    def marked(self, text: str, language: str) -> str:
        found = list(t.WORD.finditer(text))
        forms = [forms_of(word[0].lower(), language) for word in found]
        out, at = [], 0
        for n in sorted(self.places(forms, language)):
            start, end = found[n].span()
            out += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
            at = end
        return "".join([*out, escape(text[at:])])

    def places(self, forms: list[Forms], language: str) -> set[int]:
        """Which words of a text are sought, or part of what must stand whole."""
        marked = set()
        for phrase in self.sought(language):
            for n in range(len(forms) - len(phrase) + 1):
                if all(map(alike, phrase, forms[n : n + len(phrase)])):
                    marked.update(range(n, n + len(phrase)))
        return marked

    def sought(self, language: str) -> list[Phrase]:
        """The words of the query, and the labels that this language has for them."""
        if language not in self.phrases:
            wanted = [(word,) for word in self.words.sought(language)]
            wanted += map(t.words_of, self.labels(language))
            self.phrases[language] = [
                tuple(forms_of(word, language) for word in words)
                for words in wanted
                if words
            ]
        return self.phrases[language]

    def labels(self, language: str) -> list[str]:
        return [
            label
            for expansion in self.expansions
            for code, label in expansion.words
            if t.field_of(code) == language
        ]

    def generator(self, name: str) -> SnippetGenerator | None:
        if name not in self.generators:
            self.generators[name] = self._generator(name, name.rpartition("_")[2])
        return self.generators[name]

    def _generator(self, name: str, language: str) -> SnippetGenerator | None:
        stop = t.STOPWORDS.get(language, frozenset())
        labels = t.words_of(" ".join(self.labels(language)))
        words = [*self.words.sought(language), *(w for w in labels if w not in stop)]
        found = dict.fromkeys(stems(words, language))
        if not found:
            return None
        query = T.boolean_query([(Occur.Should, term(name, stem)) for stem in found])
        generator = SnippetGenerator.create(self.searcher, query, THE_SCHEMA, name)
        generator.set_max_num_chars(t.PASSAGE)
        return generator


def cut(plain: str, fragment) -> str:
    """tantivy counts bytes and cuts at words; we keep the punctuation round them."""
    raw, start, end = plain.encode(), fragment.start, fragment.end
    while end < len(raw) and not raw[end : end + 1].isspace():
        end += 1
    before, after = "… " if start else "", " …" if end < len(raw) else ""
    return before + raw[start:end].decode() + after
