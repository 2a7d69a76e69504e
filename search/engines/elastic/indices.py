"""Which indices there are, and how they are written: names, versions, rebuilds."""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from search.engines.base import (
    ALL,
    AnotherVersion,
    EngineDown,
    EngineError,
    Entry,
    Tally,
    Write,
    seconds_left,
    told_apart,
)
from search.engines.elastic.analysis import SCHEMA, mappings, settings
from search.engines.elastic.documents import operation
from search.engines.naming import Naming
from search.models import IndexName

T = TypeVar("T")
READ_SECONDS = 1.5
NAME_SECONDS = 1  # how long a process goes on reading an index before it asks again
WRITE_SECONDS = 30
ORPHAN_SECONDS = 3600  # an index younger than this may be one just being named
FIELDS = ["key", "source", "object_key", "kind", "digest"]
KINDS, BUCKETS = 500, 5000  # of an aggregation: at most, and at a time


@contextmanager
def answering() -> Iterator[None]:
    """What the client raises, in the protocol's words."""
    try:
        yield
    except TransportError as error:
        raise EngineDown(str(error)) from error
    except ApiError as error:
        away = is_away(error.status_code, str(error))
        raise (EngineDown if away else EngineError)(str(error)) from error


def is_away(status: int, error: str) -> bool:
    """Not our fault, and over by and by: overloaded, failing, or read-only."""
    return status == 429 or status >= 500 or "cluster_block_exception" in error


def alias_of(name: str) -> str:
    return f"{name}-write"


class Indices:
    """Which indices there are stands in the database: the one that answers, and during
    a rebuild the one being built. Writes go to all of them.

    Each is written to by an alias of its own: what was dropped meanwhile is not there,
    where a write by the name would make it again, without its mapping.
    """

    name = f"elastic-{SCHEMA}"

    def __init__(
        self,
        url: str,
        prefix: str = "attende",
        shards: int = 1,
        replicas: int | None = None,
        naming: Callable[[], Naming] = Naming,
    ):
        """Without a number of replicas: one, as soon as there is a second node.

        `naming` tells the names that an index will know which is made now.
        """
        self.prefix = prefix
        self.naming = naming
        self.namings: dict[str, Naming] = {}
        self.settings = settings(shards, replicas or 0)
        if replicas is None:
            del self.settings["number_of_replicas"]
            self.settings["auto_expand_replicas"] = "0-1"
        client = Elasticsearch(url, retry_on_timeout=False)
        self.client = client.options(max_retries=0)
        self.name_kept = (0.0, "")
        self.shares_kept: tuple[float, str, dict[str, int]] = (0.0, "", {})
        self.writer = client.options(request_timeout=WRITE_SECONDS, max_retries=1)

    @property
    def reader(self) -> Elasticsearch:
        return self.client.options(request_timeout=seconds_left(READ_SECONDS))

    # Which indices

    def _names(self) -> dict[str, str]:
        names = IndexName.objects.filter(schema=SCHEMA).order_by("role")
        return dict(names.values_list("role", "name"))

    def _current(self) -> str:
        if name := self._names().get("current"):
            return name
        if IndexName.objects.exclude(schema=SCHEMA).exists():
            raise AnotherVersion
        with answering():
            self.reader.info()  # a server that is away is not waited for
        return self._create("current")

    def _is_replaced(self) -> bool:
        """Whether another version of the site, which is taking over, has its index.

        What this one would write, that index would lack.
        """
        schemas = IndexName.objects.order_by("pk").values_list("schema", flat=True)
        return schemas.last() not in (None, SCHEMA)

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
        asked_at = time.monotonic()
        kept_at, name = self.name_kept
        if not name or asked_at - kept_at > NAME_SECONDS:
            name = self._current()
            self.name_kept = (asked_at, name)
        return name

    def _naming_of(self, name: str) -> Naming:
        """The names that an index knows."""
        if name not in self.namings:
            row = IndexName.objects.filter(name=name).first()
            self.namings[name] = Naming(row.names if row else {})
        return self.namings[name]

    def _make(self) -> str:
        name = f"{self.prefix}-{SCHEMA}-{uuid.uuid4().hex[:12]}"
        self.namings[name] = self.naming()
        with answering():
            self.writer.indices.create(
                index=name,
                aliases={alias_of(name): {}},
                settings=self.settings,
                mappings=mappings() | {"_meta": {"site": site.SITE_URL}},
            )
        return name

    def _create(self, role: str) -> str:
        name = self._make()
        try:
            with transaction.atomic():
                names = self._naming_of(name).as_json()
                IndexName.objects.create(
                    role=role, name=name, schema=SCHEMA, names=names
                )
        except IntegrityError:  # another process was first
            self._drop(name)
            return self._names()[role]
        return name

    def _drop(self, *names: str) -> None:
        for name in names:
            self.namings.pop(name, None)
            with answering():
                self.writer.indices.delete(index=name, ignore_unavailable=True)

    # Writing

    def index(self, writes: Iterable[Write]) -> None:
        writes = list(writes)
        if not writes:
            return
        if self._is_replaced():
            raise AnotherVersion
        if not self._names():
            self._current()
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
        operations = (
            operation(write, alias_of(name), self._naming_of(name))
            for write in writes
            for name in names
        )
        refused, away, lost = [], False, set()
        with answering():
            for fine, answer in streaming_bulk(
                self.writer,
                operations,
                raise_on_error=False,
                max_retries=2,
                require_alias=True,
            ):
                [(action, outcome)] = answer.items()
                error = outcome.get("error")
                # 409: a newer state is there already. No error: what is to go is not.
                if fine or outcome["status"] == 409 or not error:
                    continue
                if outcome["status"] == 404:
                    lost.add(outcome["_index"])
                    continue
                refused.append(f"{action} {outcome['_id']}: {error}")
                away = away or is_away(outcome["status"], refused[-1])
        # Swapped away and dropped meanwhile, it is not missed.
        if lost := lost.intersection(map(alias_of, self._names().values())):
            refused.append(f"{lost} is not there any more: rebuild_index.")
        if refused:
            raise (EngineDown if away else EngineError)("; ".join(refused[:3]))

    def begin_rebuild(self) -> None:
        own = IndexName.objects.filter(schema=SCHEMA)
        self._part_with(own.exclude(role=IndexName.Role.CURRENT))
        self._sweep()
        self._create("building")

    def fill(self, writes: Iterable[Write]) -> None:
        self._write(list(writes), [self._must_build()])

    def commit_rebuild(self) -> None:
        if building := self._names().get("building"):
            with answering():
                self.writer.indices.refresh(index=building)
        with transaction.atomic():
            own = IndexName.objects.select_for_update().filter(schema=SCHEMA)
            rows = {row.role: row for row in own}
            if "building" not in rows:
                raise EngineError("No rebuild has begun.")
            if old := rows.get("current"):
                old.role = IndexName.Role.RETIRED
                old.save()
            rows["building"].role = IndexName.Role.CURRENT
            rows["building"].save()
        # A reader that still knows the old name meets all that is written meanwhile.
        time.sleep(NAME_SECONDS)
        self._part_with(
            IndexName.objects.filter(Q(role=IndexName.Role.RETIRED) | ~Q(schema=SCHEMA))
        )

    def abort_rebuild(self) -> None:
        self._part_with(IndexName.objects.filter(role="building", schema=SCHEMA))

    def _part_with(self, rows: QuerySet) -> None:
        """Nobody writes to them any more; then they go."""
        names = list(rows.values_list("name", flat=True))
        rows.delete()
        self._drop(*names)

    def _sweep(self) -> None:
        """Drop what a killed process left: made by this site, and named by no row."""
        named = set(IndexName.objects.values_list("name", flat=True))
        mine = re.compile(rf"{re.escape(self.prefix)}-v\w+-[0-9a-f]{{12}}")
        with answering():
            found = self.writer.indices.get(
                index=f"{self.prefix}-v*",
                filter_path="*.settings.index.creation_date,*.mappings._meta",
            )
        for name, told in found.items():
            made_at = int(told["settings"]["index"]["creation_date"]) / 1000
            made_by = told.get("mappings", {}).get("_meta", {}).get("site")
            orphan = name not in named and made_at < time.time() - ORPHAN_SECONDS
            if orphan and mine.fullmatch(name) and made_by == site.SITE_URL:
                self._drop(name)

    # Comparing

    def scan(
        self, after: str = "", size: int = 500, building: bool = False
    ) -> list[Entry]:
        def scan(index: str) -> list[dict]:
            self.writer.indices.refresh(index=index)
            answer = self.writer.search(
                index=index,
                size=size,
                sort=["key"],
                search_after=[after],
                source=FIELDS,
                track_total_hits=False,
            )
            return answer["hits"]["hits"]

        found = self._compare(scan, building)
        return [Entry(*(hit["_source"][name] for name in FIELDS)) for hit in found]

    def digests(self, keys: Iterable[str], building: bool = False) -> dict[str, str]:
        if not (keys := list(keys)):
            return {}

        def get(index: str) -> list[dict]:
            answer = self.writer.mget(index=index, ids=keys, source_includes=["digest"])
            for one in answer["docs"]:
                if error := one.get("error"):
                    raise NotFoundError(error["reason"], answer.meta, one)
            return answer["docs"]

        found = self._compare(get, building)
        return {x["_id"]: x["_source"]["digest"] for x in found if x["found"]}

    def tally(self, building: bool = False) -> Tally:
        """Pages through all pairs, as one answer would be cut short, or inexact."""

        def count(index: str) -> Tally:
            self.writer.indices.refresh(index=index)
            kinds = {"kinds": {"terms": {"field": "kind", "size": KINDS}}}
            answer = self.writer.search(index=index, size=0, aggs=kinds)
            buckets = answer["aggregations"]["kinds"]["buckets"]
            tally = {bucket["key"]: {ALL: bucket["doc_count"]} for bucket in buckets}
            sources = [{x: {"terms": {"field": x}}} for x in ("kind", "audience")]
            pairs = {"size": BUCKETS, "sources": sources}
            while True:
                answer = self.writer.search(
                    index=index, size=0, aggs={"pairs": {"composite": pairs}}
                )
                found = answer["aggregations"]["pairs"]
                for bucket in found["buckets"]:
                    counts = tally.setdefault(bucket["key"]["kind"], {})
                    name = told_apart(bucket["key"]["audience"])
                    counts[name] = counts.get(name, 0) + bucket["doc_count"]
                if "after_key" not in found:
                    return tally
                pairs["after"] = found["after_key"]

        return self._compare(count, building)

    def _compare(self, question: Callable[[str], T], building: bool) -> T:
        if not building:
            return self._ask(question)
        with answering():
            return question(self._must_build())

    def _must_build(self) -> str:
        if building := self._names().get("building"):
            return building
        raise EngineError("No rebuild has begun.")

    def is_rebuilding(self) -> bool:
        return "building" in self._names()

    def is_current(self) -> bool:
        return "current" in self._names()

    def clear(self) -> None:
        self._forget()
        with answering():
            self._drop(*self.writer.indices.get(index=f"{self.prefix}-{SCHEMA}-*"))

    def _forget(self) -> None:
        IndexName.objects.all().delete()

    def close(self) -> None:
        self.client.close()
