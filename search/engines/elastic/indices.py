"""Which indices there are, and how they are written: names, versions, rebuilds."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, transaction
from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import streaming_bulk

from search.engines.base import EngineDown, EngineError, Write, seconds_left
from search.engines.elastic.analysis import SCHEMA, mappings, settings
from search.engines.elastic.documents import operation
from search.models import IndexName

T = TypeVar("T")
READ_SECONDS = 1.5
NAME_SECONDS = 1  # how long a process goes on reading an index before it asks again
WRITE_SECONDS = 30


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


class Indices:
    """Two names in the database: the index that answers, and one being built."""

    name = f"elastic-{SCHEMA}"

    def __init__(
        self, url: str, prefix: str = "attende", shards: int = 1, replicas: int = 0
    ):
        self.prefix = prefix
        self.settings = settings(shards, replicas)
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
        self._forget()
        with answering():
            self._drop(*self.writer.indices.get(index=f"{self.prefix}-{SCHEMA}-*"))

    def _forget(self) -> None:
        IndexName.objects.all().delete()

    def close(self) -> None:
        self.client.close()
