"""Elasticsearch 8 or 9: the engine for production, one or several nodes."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from typing import TypeVar

from django.db import IntegrityError, transaction
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query as Clause
from elasticsearch.helpers import streaming_bulk

from search.documents import SearchDocument
from search.engines import text as t
from search.engines.base import (
    FACETS,
    EngineDown,
    EngineError,
    Hit,
    Query,
    Results,
    Scope,
    Write,
    seconds_left,
)
from search.models import IndexName

T = TypeVar("T")
SCHEMA = "v1"  # another one asks for a rebuild
FACET_SIZE = 500
WHOLE = 1000  # characters of a title: all
READ_SECONDS = 1.5
NAME_SECONDS = 1  # how long a process goes on reading an index before it asks again
WRITE_SECONDS = 30
ANALYZED = 100_000  # characters of a body that are looked through for the best passage
TEXTS = ("title", "summary", "body")
BOOSTS = {"title": t.TITLE, "summary": t.SUMMARY, "body": t.BODY}
FOLDED = {"title": t.FOLDED_TITLE, "summary": t.FOLDED_TEXT, "body": t.FOLDED_TEXT}
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
)

# Analysis: per language the stemmer that served best. One for both forms of Norwegian,
# after the endings it leaves and twice, lets deltakerne, deltakarar and deltaker meet.
STEMMERS = {
    "nn": "norwegian",
    "nb": "norwegian",
    "en": "english",
    "fr": "light_french",
    "es": "light_spanish",
    "pt": "light_portuguese",
}
STEPS = {
    **{x: ["lowercase", "doers_no", f"stem_{x}", f"stem_{x}"] for x in t.NORWEGIAN},
    "en": ["possessive_en", "lowercase", "stem_en"],
    "fr": ["elision_fr", "lowercase", "stem_fr"],
    "es": ["lowercase", "stem_es"],
    "pt": ["lowercase", "stem_pt"],
    t.OTHER: ["lowercase"],
}
FOLDING = ["scandinavian_folding", "asciifolding"]


def analysis() -> dict:
    filters = {
        f"stem_{x}": {"type": "stemmer", "language": name}
        for x, name in STEMMERS.items()
    }
    filters["possessive_en"] = {"type": "stemmer", "language": "possessive_english"}
    filters["elision_fr"] = {
        "type": "elision",
        "articles_case": True,
        "articles": [
            "l",
            "m",
            "t",
            "qu",
            "n",
            "s",
            "j",
            "d",
            "c",
            "jusqu",
            "quoiqu",
            "lorsqu",
            "puisqu",
        ],
    }
    filters["doers_no"] = {
        "type": "pattern_replace",
        "pattern": "(?<=..)(er|ar)(ne|ane|ene)$",
        "replacement": "$1",
    }
    filters["beginnings"] = {
        "type": "edge_ngram",
        "min_gram": 1,
        "max_gram": t.MAX_PREFIX,
    }
    analyzers = {}
    for language in t.FIELDS:
        analyzers[language] = custom(*STEPS[language])
        analyzers[f"{language}_folded"] = custom(*STEPS[language], *FOLDING)
    analyzers["beginnings"] = custom("lowercase", *FOLDING, "beginnings")
    analyzers["whole_words"] = custom("lowercase", *FOLDING)
    return {"filter": filters, "analyzer": analyzers}


def custom(*filters: str) -> dict:
    return {"type": "custom", "tokenizer": "standard", "filter": list(filters)}


def mappings() -> dict:
    def texts(**options):
        return {
            "properties": {
                x: {
                    "type": "text",
                    "analyzer": x,
                    **options,
                    "fields": {"folded": {"type": "text", "analyzer": f"{x}_folded"}},
                }
                for x in t.FIELDS
            }
        }

    return {
        "dynamic": "strict",
        "properties": {
            **{name: {"type": "keyword"} for name in KEYWORDS},
            "title": texts(),
            "summary": texts(),
            "body": texts(index_options="offsets"),
            "prefix": {
                "type": "text",
                "analyzer": "beginnings",
                "search_analyzer": "whole_words",
            },
            "at": {"type": "date"},
            "rank": {"type": "float"},
            "url": {"type": "keyword", "index": False},
        },
    }


def settings(shards: int = 1, replicas: int = 0) -> dict:
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        # How long the version of something deleted is remembered: longer than any
        # lease and retry that could still carry an older state.
        "gc_deletes": "15m",
        "analysis": analysis(),
    }


class ElasticEngine:
    name = f"elastic-{SCHEMA}"

    def __init__(
        self, url: str, prefix: str = "attende", shards: int = 1, replicas: int = 0
    ):
        self.prefix = prefix
        self.settings = settings(shards, replicas)
        client = Elasticsearch(url, retry_on_timeout=False)
        self.client = client.options(max_retries=0)
        self.name_kept = (0.0, "")
        self.writer = client.options(request_timeout=WRITE_SECONDS, max_retries=1)

    @property
    def reader(self) -> Elasticsearch:
        return self.client.options(request_timeout=seconds_left(READ_SECONDS))

    # Which indices

    def _names(self) -> dict[str, str]:
        names = IndexName.objects.filter(schema=SCHEMA).order_by("role")
        return dict(names.values_list("role", "name"))

    def _current(self, client: Elasticsearch) -> str:
        return self._names().get("current") or self._create("current", client)

    def _ask(self, question: Callable[[str], T]) -> T:
        """Put it to the index that answers; again when that was just swapped away."""
        with answering():
            try:
                return question(name := self._kept_name())
            except ApiError:
                self.name_kept = (0.0, "")
                if self._kept_name() == name:
                    raise
                return question(self._kept_name())

    def _kept_name(self) -> str:
        kept_at, name = self.name_kept
        if not name or time.monotonic() - kept_at > NAME_SECONDS:
            name = self._current(self.reader)
            self.name_kept = (time.monotonic(), name)
        return name

    def _create(self, role: str, client: Elasticsearch) -> str:
        name = f"{self.prefix}-{SCHEMA}-{uuid.uuid4().hex[:12]}"
        with answering():
            client.indices.create(
                index=name, settings=self.settings, mappings=mappings()
            )
        try:
            with transaction.atomic():
                old = IndexName.objects.filter(role=role).exclude(schema=SCHEMA)
                stale = list(old.values_list("name", flat=True))
                old.delete()
                IndexName.objects.create(role=role, name=name, schema=SCHEMA)
        except IntegrityError:  # another process was first
            self._drop(name)
            return self._names()[role]
        self._drop(*stale)
        return name

    def _drop(self, *names: str) -> None:
        for name in names:
            with answering():
                self.writer.indices.delete(index=name, ignore_unavailable=True)

    # Writing

    def index(self, writes: Iterable[Write]) -> None:
        writes = list(writes)
        if not writes:
            return
        self._current(self.writer)
        written: list[str] = []
        # Again where a rebuild ended meanwhile: the index that answers lacks nothing.
        while missing := [x for x in self._names().values() if x not in written]:
            self._write(writes, missing)
            written += missing
        with answering():  # the one being built first: it may answer a moment later
            for name in written:
                self.writer.indices.refresh(index=name, ignore_unavailable=True)

    def delete(self, keys: Iterable[str], version: int) -> None:
        self.index([Write(key, version) for key in keys])

    def _write(self, writes: list[Write], names: list[str]) -> None:
        operations = (operation(write, name) for write in writes for name in names)
        refused = []
        with answering():
            for fine, answer in streaming_bulk(
                self.writer, operations, raise_on_error=False, max_retries=2
            ):
                [(action, outcome)] = answer.items()
                # 409: a newer state is there already. 404: what is to go is not there.
                if not fine and outcome["status"] not in (409, 404):
                    refused.append(f"{action} {outcome['_id']}: {outcome.get('error')}")
        # An index swapped away meanwhile would have been made again by the write.
        self._drop(*(set(names) - set(self._names().values())))
        if refused:
            raise EngineError("; ".join(refused[:3]))

    def begin_rebuild(self) -> None:
        self._current(self.writer)
        self.abort_rebuild()
        self._create("building", self.writer)

    def fill(self, writes: Iterable[Write]) -> None:
        building = self._names().get("building")
        if not building:
            raise EngineError("No rebuild has begun.")
        self._write(list(writes), [building])

    def commit_rebuild(self) -> None:
        if building := self._names().get("building"):
            with answering():
                self.writer.indices.refresh(index=building)
        with transaction.atomic():
            rows = IndexName.objects.select_for_update().in_bulk(field_name="role")
            if "building" not in rows:
                raise EngineError("No rebuild has begun.")
            old, new = rows["current"], rows["building"]
            old_name, old.name, old.schema = old.name, new.name, new.schema
            new.delete()
            old.save()
        self._drop(old_name)

    def abort_rebuild(self) -> None:
        building = IndexName.objects.filter(role="building")
        names = list(building.values_list("name", flat=True))
        building.delete()
        self._drop(*names)

    def is_rebuilding(self) -> bool:
        return "building" in self._names()

    def is_current(self) -> bool:
        return "current" in self._names()

    def clear(self) -> None:
        IndexName.objects.all().delete()
        with answering():
            self._drop(*self.writer.indices.get(index=f"{self.prefix}-{SCHEMA}-*"))

    def close(self) -> None:
        self.client.close()

    # Reading

    def ping(self) -> None:
        with answering():
            self.reader.info()

    def count(self) -> int:
        def count(index: str) -> int:
            self.reader.indices.refresh(index=index)
            return self.reader.count(index=index)["count"]

        return self._ask(count)

    def _execute(self, body: dict) -> dict:
        return self._ask(lambda index: self.reader.search(index=index, **body))

    def search(self, query: Query) -> Results:
        words = t.read(query.text)
        chosen = {
            name: Q("terms", **{FACETS[name]: [t.clean(v) for v in values]})
            for name, values in query.filters.items()
            if name in FACETS and values
        }
        asked = Search().query(
            scoped(
                ranked(text_query(words, query)) if words else Q("match_all"),
                query.scope,
            )
        )
        asked = asked.post_filter(Q("bool", filter=list(chosen.values())))
        for name, field in FACETS.items():
            others = [q for other, q in chosen.items() if other != name]
            bucket = asked.aggs.bucket(name, "filter", Q("bool", filter=others))
            bucket.bucket("values", "terms", field=field, size=FACET_SIZE)
        best = words and query.sort == "best"
        body = asked.sort(*(["_score", "key"] if best else ["-at", "key"])).to_dict()
        body |= {
            "from_": query.offset,
            "size": query.per_page,
            "track_total_hits": True,
        }
        body |= {"highlight": highlight(words, query), "source": SHOWN}
        answer = self._execute(body)
        return Results(
            total=answer["hits"]["total"]["value"],
            hits=[
                to_hit(found, query.languages, words)
                for found in answer["hits"]["hits"]
            ],
            facets={
                name: [
                    (b["key"], b["doc_count"])
                    for b in answer["aggregations"][name]["values"]["buckets"]
                ]
                for name in FACETS
            },
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
        wanted = Q("match", prefix={"query": " ".join(beginnings), "operator": "and"})
        searches = []
        for kinds in groups.values():
            query = scoped(ranked(wanted), scope, Q("terms", kind=list(kinds)))
            searches += [{}, {"query": query.to_dict(), "size": size, "_source": SHOWN}]
        responses = self._ask(lambda index: self._search_all(index, searches))
        found = {}
        for name, response in zip(groups, responses, strict=True):
            hits = response["hits"]["hits"]
            found[name] = [to_suggestion(hit, beginnings, languages) for hit in hits]
        return found

    def _search_all(self, index: str, searches: list[dict]) -> list[dict]:
        """Several searches at once; an error of one is raised as that of a single."""
        answer = self.reader.msearch(index=index, searches=searches)
        for response in answer["responses"]:
            if error := response.get("error"):
                failed = NotFoundError if response["status"] == 404 else ApiError
                raise failed(error["reason"], answer.meta, response)
        return answer["responses"]

    def similar(
        self,
        key: str,
        scope: Scope,
        kinds: list[str] = (),
        languages: tuple[str, ...] = (),
        size: int = 5,
    ) -> list[Hit]:
        asked = {"query": {"term": {"key": key}}, "source": ["object_key", "themes"]}
        if not (hits := self._execute(asked)["hits"]["hits"]):
            return []
        own = hits[0]["_source"]
        alike = [
            Q(
                "more_like_this",
                like=[{"_id": key}],
                max_query_terms=25,
                fields=[f"{name}.{x}" for x in t.FIELDS for name in TEXTS],
                min_term_freq=1,
                min_doc_freq=2,
                minimum_should_match="20%",
            )
        ]
        alike += [
            Q("constant_score", filter=Q("term", themes=theme), boost=t.THEME)
            for theme in own.get("themes", [])
        ]
        others = [~Q("term", object_key=own["object_key"])]
        if kinds:
            others.append(Q("terms", kind=list(kinds)))
        query = scoped(Q("bool", should=alike, minimum_should_match=1), scope, *others)
        answer = self._execute(
            {"query": query.to_dict(), "size": size, "source": SHOWN}
        )
        return [to_hit(found, languages) for found in answer["hits"]["hits"]]

    def keys_within(self, key: str) -> list[tuple[str, str]]:
        found, after = set(), None
        while True:
            body = {
                "query": {"term": {"within": key}},
                "size": 1000,
                "sort": ["key"],
                "source": ["source", "object_key"],
            }
            hits = self._execute(body | ({"search_after": after} if after else {}))[
                "hits"
            ]["hits"]
            found |= {
                (h["_source"]["source"], h["_source"]["object_key"]) for h in hits
            }
            if len(hits) < 1000:
                return sorted(found)
            after = hits[-1]["sort"]


@contextmanager
def answering() -> Iterator[None]:
    """What the client raises, in the protocol's words."""
    try:
        yield
    except TransportError as error:
        raise EngineDown(str(error)) from error
    except ApiError as error:
        raise (EngineDown if error.status_code in (429, 502, 503) else EngineError)(
            str(error)
        ) from error


# Documents in and out

SHOWN = ["key", "object_key", "source", "kind", "languages", "title", "summary"]


def operation(write: Write, index: str) -> dict:
    meta = {
        "_index": index,
        "_id": write.key,
        "version": write.version,
        "version_type": "external_gte",
    }
    if write.document is None:
        return {"_op_type": "delete", **meta}
    return {"_op_type": "index", **meta, "_source": to_source(write.document)}


def to_source(document: SearchDocument) -> dict:
    values = {name: getattr(document, name) for name in (*KEYWORDS, "url")}
    source = {name: value for name, value in values.items() if value != ""}
    source |= {name: by_field(getattr(document, name)) for name in TEXTS}
    return source | {
        "prefix": list(document.title.values()),
        "at": document.at or datetime(1970, 1, 1, tzinfo=UTC),
        "rank": t.rank_of(document),
    }


def by_field(texts: dict[str, str]) -> dict[str, list[str]]:
    """Languages without an analysis of their own share one field."""
    out: dict[str, list[str]] = {}
    for language, words in texts.items():
        out.setdefault(t.field_of(language), []).append(words)
    return out


def highlight(words: t.Words, query: Query) -> dict:
    """One small query a field: the whole one would be weighed again for each."""
    fields = {}
    for language in t.FIELDS:
        for name in TEXTS:
            field = f"{name}.{language}"
            passage = {"fragment_size": t.PASSAGE, "no_match_size": t.PASSAGE}
            options = {"number_of_fragments": 0} if name == "title" else passage
            marked = marking_query(words, query, field, language).to_dict()
            fields[field] = {**options, "highlight_query": marked}
    return {
        "encoder": "html",
        "pre_tags": ["<mark>"],
        "post_tags": ["</mark>"],
        "order": "score",
        "number_of_fragments": 1,
        "max_analyzed_offset": ANALYZED,
        "fields": fields,
    }


def marking_query(words: t.Words, query: Query, field: str, language: str) -> Clause:
    """The words, and labels of the themes where they stand whole."""
    labels = [
        Q("match_phrase", **{field: label})
        for expansion in query.expansions
        for code, label in expansion.words
        if t.field_of(code) == language
    ]
    if sought := words.sought(language):
        labels.append(Q("match", **{field: " ".join(sought)}))
    return Q("bool", should=labels) if labels else Q("match_none")


def to_hit(found: dict, wished: tuple[str, ...], words: t.Words = t.NOTHING) -> Hit:
    """In the first of the reader's languages where something was marked."""
    source, marked = found["_source"], found.get("highlight", {})
    ordered = t.by_preference(titled(source), wished)
    texts = {x: hit_texts(source, marked, t.field_of(x), words) for x in ordered}
    language = next((x for x in ordered if "<mark>" in "".join(texts[x])), ordered[0])
    title, passage = texts[language]
    return build_hit(found, language, title, passage)


def hit_texts(
    source: dict, marked: dict, language: str, words: t.Words
) -> tuple[str, str]:
    """Title and passage; what was found without its accents only is marked here."""
    plain = {name: (source.get(name, {}).get(language) or [""])[0] for name in TEXTS}
    html = {
        name: marked.get(f"{name}.{language}", [escape(plain[name][:WHOLE])])[0]
        for name in TEXTS
    }
    if not any("<mark>" in text for text in html.values()):
        sought = words.sought(language)
        html["title"] = t.mark_folded(plain["title"], sought)
        html["summary"] = t.mark_folded(t.shorten(plain["summary"]), sought)
    better = html["body"].count("<mark>") > html["summary"].count("<mark>")
    passage = html["body"] if better or not html["summary"] else html["summary"]
    return html["title"], passage


def to_suggestion(found: dict, beginnings: list[str], wished: tuple[str, ...]) -> Hit:
    source = found["_source"]
    ordered = t.by_preference(titled(source), wished)
    marked = {
        x: t.mark_prefixes(source["title"][t.field_of(x)][0], beginnings)
        for x in ordered
    }
    language = next((x for x in ordered if "<mark>" in marked[x]), ordered[0])
    return build_hit(found, language, marked[language], "")


def titled(source: dict) -> list[str]:
    """Its languages that have a title; what no language claims is called `xx`."""
    titles = source.get("title", {})
    named = [x for x in source.get("languages", []) if t.field_of(x) in titles]
    others = [x for x in titles if x not in map(t.field_of, named)]
    return named + others or [t.OTHER]


def build_hit(found: dict, language: str, title: str, passage: str) -> Hit:
    source = found["_source"]
    return Hit(
        key=source["key"],
        object_key=source["object_key"],
        source=source["source"],
        kind=source["kind"],
        score=found.get("_score") or 0.0,
        language=language,
        languages=source.get("languages", []),
        title=title,
        passage=passage,
    )


# Queries: the same tree as in embedded.py


def scoped(query: Clause, scope: Scope, *filters: Clause) -> Clause:
    return Q(
        "bool",
        must=[query],
        filter=[Q("terms", audience=sorted(scope.audiences)), *filters],
        must_not=[
            Q("terms", superseded_by=sorted(scope.audiences)),
            Q("terms", exclude=sorted(scope.exclusions)),
            Q("terms", within=sorted(scope.hidden)),
        ],
    )


def ranked(query: Clause) -> Clause:
    factor = {"field": "rank", "missing": 1.0}
    return Q("function_score", query=query, field_value_factor=factor)


def constant(query: Clause, score: float) -> Clause:
    return Q("constant_score", filter=query, boost=score)


def word_query(word: str, language: str) -> Clause:
    """One word in any field of one language, as written or without its accents."""
    names = [f"{name}.{language}^{BOOSTS[name]}" for name in TEXTS]
    names += [f"{name}.{language}.folded^{FOLDED[name]}" for name in TEXTS]
    return Q(
        "multi_match", query=word, fields=names, type="best_fields", tie_breaker=t.TIE
    )


def phrase_query(
    words: Iterable[str], name: str, language: str, slop: int = 0, boost: float = 1.0
) -> Clause:
    options = {"query": " ".join(words), "slop": slop, "boost": boost}
    return Q("match_phrase", **{f"{name}.{language}": options})


def phrase_anywhere(words: Iterable[str]) -> Clause:
    parts = [
        phrase_query(words, name, language, boost=BOOSTS[name])
        for language in t.FIELDS
        for name in TEXTS
    ]
    return Q("dis_max", queries=parts)


def language_query(words: t.Words, language: str, how: str) -> Clause:
    """Enough of the words in one language; neighbours that stay so count more."""
    telling = words.telling(language, how)
    enough = Q(
        "bool",
        should=[word_query(word, language) for word in telling],
        minimum_should_match=t.needed(len(telling), how),
    )
    pairs = [
        phrase_query(pair, name, language, t.SLOP, t.PAIR * BOOSTS[name])
        for pair in list(pairwise(telling))[:8]
        for name in ("title", "body")
    ]
    return Q("bool", must=[enough], should=pairs)


def words_query(words: t.Words, how: str) -> Clause:
    """All phrases, and enough of the words in one of the languages."""
    parts = [phrase_anywhere(phrase) for phrase in words.phrases]
    if words.words:
        by_language = [language_query(words, x, how) for x in t.FIELDS]
        parts.append(Q("dis_max", queries=by_language, tie_breaker=t.TIE))
    return Q("bool", must=parts)


def text_query(words: t.Words, query: Query) -> Clause:
    """The words themselves first, then what their themes bring in."""
    enough = words_query(words, "any" if query.loose else "enough")
    if not query.expansions:
        return enough
    every = constant(words_query(words, "all"), t.EXACT)
    ways = [
        Q("bool", must=[enough], boost=t.BESIDE),
        every,
        *map(expansion_query, query.expansions),
    ]
    further = [
        Q("bool", must=[word_query(word, x)], boost=t.LOOSE)
        for x in t.FIELDS
        for word in words.telling(x)
    ]
    either = Q("bool", should=ways, minimum_should_match=1)
    return Q("bool", must=[either], should=further)


def expansion_query(expansion) -> Clause:
    parts = [constant(Q("term", themes=str(expansion.theme)), t.THEME)]
    for language, label in expansion.words:
        words, x = t.words_of(label), t.field_of(language)
        parts.append(constant(phrase_query(words, "title", x), t.LABEL_TITLE))
        parts += [
            constant(phrase_query(words, n, x), t.LABEL_TEXT)
            for n in ("summary", "body")
        ]
    return Q("dis_max", queries=parts, tie_breaker=t.TIE)
