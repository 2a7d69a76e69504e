"""Elasticsearch 8 or 9: the engine for production, one or several nodes."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query as Clause
from elasticsearch.helpers import bulk

from search.engines import text as t
from search.engines import weights as w
from search.engines.base import (
    FACETS,
    LEAST_LETTERS,
    Hit,
    Query,
    Results,
    Scope,
    Share,
    slips_allowed,
)
from search.engines.elastic.analysis import SCHEMA, TEXTS
from search.engines.elastic.documents import SHOWN, highlight, stored, to_hit
from search.engines.elastic.explaining import parts_of
from search.engines.elastic.indices import Indices, answering
from search.engines.elastic.queries import (
    WINDOW,
    Known,
    constant,
    finer,
    ranked,
    scoped,
    wanted,
    within_query,
    word_query,
)
from search.engines.hits import Shown, steady
from search.engines.languages import FIELDS, field_of
from search.engines.reading import MAX_WORD, clean

FACET_SIZE = 500
SHARES_SECONDS = 60

__all__ = ["SCHEMA", "ElasticEngine", "ScratchEngine"]


class ElasticEngine(Indices):
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

    def _execute_all(self, bodies: list[dict]) -> list[dict]:
        """Several searches at once; an error of one is raised as that of a single."""
        searches = [part for body in bodies for part in ({}, body)]

        def ask(index: str) -> list[dict]:
            answer = self.reader.msearch(index=index, searches=searches)
            for response in answer["responses"]:
                if error := response.get("error"):
                    failed = NotFoundError if response["status"] == 404 else ApiError
                    raise failed(error["reason"], answer.meta, response)
            return answer["responses"]

        return self._ask(ask) if bodies else []

    def _known(self) -> Known:
        """Of the index that answers; what it holds is asked once a while."""
        kept_at, name, shares = self.shares_kept
        if name != self._ask(str) or time.monotonic() - kept_at > SHARES_SECONDS:
            asked = Search().extra(size=0)
            asked.aggs.bucket("languages", "terms", field="languages", size=FACET_SIZE)
            buckets = self._execute(asked.to_dict())["aggregations"]["languages"]
            shares = {}
            for bucket in buckets["buckets"]:
                language = field_of(bucket["key"])
                shares[language] = shares.get(language, 0) + bucket["doc_count"]
            name = self._ask(str)
            self.shares_kept = (time.monotonic(), name, shares)
        return Known(shares, partial(self._naming_of, name))

    # Finding

    def search(self, query: Query) -> Results:
        words = query.asked
        chosen = chosen_filters(query)
        asked = Search().query(
            scoped(ranked(wanted(query, self._known())), query.scope)
        )
        asked = asked.post_filter(Q("bool", filter=list(chosen.values())))
        count_facets(asked, query, chosen)
        body = asked.to_dict() | {
            "from_": query.offset,
            "size": query.per_page,
            "track_total_hits": True,
            "highlight": highlight(words, query),
            "source": SHOWN,
        }
        if not words or query.sort != "best":
            body["sort"] = [{"at": "desc"}, {"key": "asc"}]
        elif finest := finer(words):
            body["rescore"] = {
                "window_size": WINDOW,
                "query": {"rescore_query": ranked(finest).to_dict()},
            }
        answer = self._execute(body)
        shown = Shown.of(query)
        return Results(
            total=answer["hits"]["total"]["value"],
            hits=[to_hit(found, shown) for found in answer["hits"]["hits"]],
            facets={
                name: [
                    (b["key"], b["doc_count"])
                    for b in counted(answer["aggregations"][name])["buckets"]
                ]
                for name in query.facets
            },
        )

    def crossed(
        self, query: Query, rows: str, columns: str
    ) -> dict[tuple[str, str], int]:
        chosen = chosen_filters(query).values()
        asked = Search().query(
            scoped(wanted(query, self._known()), query.scope, *chosen)
        )
        by_row = asked.aggs.bucket("rows", "terms", field=FACETS[rows], size=FACET_SIZE)
        by_row.bucket("columns", "terms", field=FACETS[columns], size=FACET_SIZE)
        answer = self._execute(asked.to_dict() | {"size": 0})
        return {
            (row["key"], column["key"]): column["doc_count"]
            for row in answer["aggregations"]["rows"]["buckets"]
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
        sought = Q("match", prefix={"query": " ".join(beginnings), "operator": "and"})
        source = [name for name in SHOWN if name not in ("summary", "body", "anchors")]
        bodies = [
            {
                "query": scoped(
                    ranked(sought), scope, Q("terms", kind=list(kinds))
                ).to_dict(),
                "size": size,
                "_source": source,
            }
            for kinds in groups.values()
        ]
        shown = Shown(wished=languages)
        return {
            name: [
                shown.suggestion(stored(hit), hit["_score"], beginnings)
                for hit in response["hits"]["hits"]
            ]
            for name, response in zip(groups, self._execute_all(bodies), strict=True)
        }

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
                fields=[f"{name}.{x}" for x in FIELDS for name in TEXTS],
                min_term_freq=1,
                min_doc_freq=2,
                minimum_should_match="20%",
            )
        ]
        alike += [constant(Q("term", themes=x), w.THEME) for x in own.get("themes", [])]
        others = [~Q("term", object_key=own["object_key"])]
        if kinds:
            others.append(Q("terms", kind=list(kinds)))
        query = scoped(Q("bool", should=alike, minimum_should_match=1), scope, *others)
        asked = {"query": ranked(query).to_dict(), "size": 2 * size, "source": SHOWN}
        shown = Shown(wished=languages)
        hits = [to_hit(one, shown) for one in self._execute(asked)["hits"]["hits"]]
        return steady(hits)[:size]

    # Spelling

    def unknown(
        self, words: Iterable[str], scope: Scope, within: bool = False
    ) -> list[str]:
        asked = [clean(word)[:MAX_WORD] for word in words]
        sought = within_query if within else word_query
        bodies = [
            {
                "query": scoped(constant(sought(word), 1), scope).to_dict(),
                "size": 0,
                "terminate_after": 1,
                "track_total_hits": 1,
            }
            for word in asked
        ]
        answers = self._execute_all(bodies)
        return [
            word
            for word, answer in zip(asked, answers, strict=True)
            if not answer["hits"]["total"]["value"]
        ]

    def near(self, word: str, scope: Scope, size: int = 5) -> list[str]:
        if not (most := slips_allowed(word)):
            return []
        options = {
            "field": "words",
            "suggest_mode": "always",
            "min_word_length": LEAST_LETTERS,
            "max_edits": most,
            # Also of a word that is common: perhaps only where the reader may not look.
            "max_term_freq": 1_000_000_000,
            "prefix_length": 1,
            "size": 20,
            "string_distance": "damerau_levenshtein",
        }
        asked = {"suggest": {"near": {"text": clean(word), "term": options}}, "size": 0}
        found = [
            option["text"]
            for entry in self._execute(asked)["suggest"]["near"]
            for option in entry["options"]
        ]
        # Known to the index is not known to the reader.
        hidden = set(self.unknown(found, scope))
        return [one for one in found if one not in hidden][:size]

    # Explaining

    def explain(self, query: Query, keys: list[str]) -> dict[str, list[Share]]:
        parts, own = parts_of(query, self._known()), Q("terms", key=keys)
        bodies = [
            {
                "query": scoped(clause, query.scope, own).to_dict(),
                "size": len(keys),
                "_source": False,
            }
            for _part, _number, clause in parts
        ]
        found: dict[str, list[Share]] = {key: [] for key in keys}
        answers = self._execute_all(bodies) if keys else []
        for (part, number, _clause), answer in zip(parts, answers, strict=False):
            for hit in answer["hits"]["hits"]:
                found[hit["_id"]].append(Share(part, hit["_score"], number))
        return found

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


class ScratchEngine(ElasticEngine):
    """An index of its own that no row in the database names: for measuring."""

    def __init__(self, url: str, prefix: str, **options):
        super().__init__(url, prefix, **options)
        self.names: dict[str, str] = {}

    def _names(self) -> dict[str, str]:
        return self.names

    @property
    def reader(self) -> Elasticsearch:
        """Nobody waits for it: a busy machine gives the same figures, only later."""
        return self.writer

    def _is_replaced(self) -> bool:
        return False

    def _current(self) -> str:
        if "current" not in self.names:
            self.names["current"] = self._make()
        return self.names["current"]

    def _forget(self) -> None:
        self.names = {}

    @contextmanager
    def plain(self, texts: Iterable[dict]) -> Iterator[Callable[[str, int], list[str]]]:
        """The floor to measure against: the standard analyser, one `multi_match`."""
        index = f"{self.prefix}-plain"
        fields = {name: {"type": "text"} for name in ("title", "text")}
        with answering():
            self.writer.indices.create(index=index, mappings={"properties": fields})
        try:
            bulk(
                self.writer,
                (
                    {
                        "_index": index,
                        "_id": text["id"],
                        "_source": {x: text.get(x) or "" for x in fields},
                    }
                    for text in texts
                ),
                refresh=True,
            )

            def ask(words: str, size: int) -> list[str]:
                asked = {"query": clean(words), "fields": list(fields)}
                found = self.writer.search(
                    index=index, query={"multi_match": asked}, size=size, source=False
                )
                return [hit["_id"] for hit in found["hits"]["hits"]]

            yield ask
        finally:
            self._drop(index)


def chosen_filters(query: Query) -> dict[str, Clause]:
    return {
        name: Q("terms", **{FACETS[name]: [clean(v) for v in values]})
        for name, values in query.filters.items()
        if name in FACETS and values
    }


def count_facets(asked: Search, query: Query, chosen: dict[str, Clause]) -> None:
    """Each facet counted under all filters but its own."""
    for name in query.facets:
        others = [q for other, q in chosen.items() if other != name]
        bucket, place = asked.aggs, name
        if others:
            bucket = bucket.bucket(name, "filter", Q("bool", filter=others))
            place = "values"
        bucket.bucket(place, "terms", field=FACETS[name], size=FACET_SIZE)


def counted(bucket: dict) -> dict:
    return bucket.get("values", bucket)
