"""Does the index say what the database says? Found out object by object, put right.

First the database is gone through: is anything missing in the index? Then the index,
in the order of its keys: does the database say the same, or nothing any more? Both go
in batches, so that it takes as little memory with a million documents as with ten.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from network.events import newest_outbox_id, next_version, publish, subscribe
from network.models import Delivery
from search.documents import SearchDocument
from search.engines import get_engine
from search.engines.base import ALL, Entry, Tally, Write, WriterBusy, told_apart
from search.events import IndexDiffered
from search.indexing import (
    CHUNK,
    Marker,
    Object,
    keys_of,
    objects_on_the_way,
    writes_for,
)

TRIES = 3  # how often one document is written before it counts as impossible
PATIENCE = 60  # seconds for another process to write what it was asked to
EXAMPLES = 10


class Finding(StrEnum):
    MISSING = "missing"
    STALE = "stale"
    LEFT_OVER = "left over"


@dataclass(frozen=True, slots=True)
class Difference:
    finding: Finding
    kind: str
    source: str
    object_key: str
    key: str

    def __str__(self):
        return f"{self.key} ({self.kind}): {self.finding}"

    @property
    def object(self) -> Object:
        return self.source, self.object_key


# Looking


def missing(objects: list[Object], building: bool = False) -> list[Difference]:
    """What the index should have of these objects, and has not."""
    keys = keys_of(objects)
    there = get_engine().digests(keys, building)
    lacking = {one for key, one in keys.items() if key not in there}
    return [
        Difference(Finding.MISSING, write.document.kind, *keys[write.key], write.key)
        for write in writes_for(lacking)
        if write.document and write.key not in there
    ]


def compare(entries: list[Entry]) -> tuple[list[SearchDocument], list[Difference]]:
    """What the database says of these entries, and where they say something else."""
    objects = dict.fromkeys((x.source, x.object_key) for x in entries)
    told = {write.key: write.document for write in writes_for(objects)}
    documents, differences = [], []
    for entry in entries:
        document = told.get(entry.key)
        if document is not None:
            documents.append(document)
        if document is None or document.digest() != entry.digest:
            finding = Finding.STALE if document else Finding.LEFT_OVER
            where = (entry.source, entry.object_key, entry.key)
            differences.append(Difference(finding, entry.kind, *where))
    return documents, differences


def count(tally: Tally, documents: Iterable[SearchDocument]) -> None:
    """Add these to a tally, as an engine would count them."""
    for document in documents:
        counts = tally.setdefault(document.kind, {})
        for name in [ALL, *map(told_apart, dict.fromkeys(document.audience))]:
            counts[name] = counts.get(name, 0) + 1


# Putting right


def corrections(wrong: dict[str, Object]) -> list[Write]:
    """What must be written under these keys, as the database has it now."""
    version = next_version()
    writes = {write.key: write for write in writes_for(wrong.values())}
    # What no source knows any more can only go.
    return [writes.get(key) or Write(key, version) for key in wrong]


def put_right(
    differences: list[Difference],
    write: Callable[[list[Write]], None],
    building: bool = False,
) -> list[Difference]:
    """Write them until the index has what was written; those it does not take."""
    for _ in range(TRIES):
        if not differences:
            break
        writes = corrections({one.key: one.object for one in differences})
        write(writes)
        there = get_engine().digests([one.key for one in writes], building)
        wrong = {one.key for one in writes if there.get(one.key) != digest(one)}
        differences = [one for one in differences if one.key in wrong]
    return differences


def digest(write: Write) -> str | None:
    return write.document.digest() if write.document else None


def put_right_in_place(differences: list[Difference]) -> list[Difference]:
    """In the index that answers; those that remain. Where another process alone can
    write, it is asked to."""
    try:
        return put_right(differences, get_engine().index)
    except WriterBusy:
        ask_the_writer(differences)
        return put_right(differences, lambda writes: None)


def ask_the_writer(differences: list[Difference]) -> None:
    with transaction.atomic():
        before = newest_outbox_id()
        for one in differences:
            publish(IndexDiffered(one.source, one.object_key, one.key))
    asked = Delivery.objects.open().filter(
        event__pk__gt=before, event__kind=IndexDiffered.kind
    )
    until = time.monotonic() + PATIENCE
    while asked.exists() and time.monotonic() < until:
        time.sleep(0.2)


@subscribe(IndexDiffered, lane="index", many=True)
def correct(events: list[IndexDiffered]) -> None:
    get_engine().index(
        corrections({one.document: (one.source, one.object) for one in events})
    )


# The whole index


class Check:
    """One comparison of the index that answers with the database."""

    def __init__(self, dry_run: bool = False):
        self.dry_run = dry_run
        self.right: Counter[str] = Counter()  # by kind
        self.wrong: dict[str, Counter[Finding]] = defaultdict(Counter)
        self.waiting = 0  # differ, and are on their way through the outbox
        self.remaining: list[Difference] = []  # the first of them, as examples
        self.remain = 0
        # Keys found missing, as numbers: an object may have several rows, and what was
        # missing a moment ago is not counted as right.
        self.lacking: set[int] = set()

    @property
    def found(self) -> int:
        return sum(counted.total() for counted in self.wrong.values())

    def run(self, report: Callable[[str, int], None]) -> None:
        """`report` hears what is gone through, and how far it is."""
        self.go_through_database(report)
        self.go_through_index(report)

    def go_through_database(self, report) -> None:
        marker, done = Marker(), 0
        while True:
            began = timezone.now()
            objects, rows = marker.next_objects()
            if not rows:
                break
            new = [x for x in missing(objects) if hash(x.key) not in self.lacking]
            self.lacking.update(hash(one.key) for one in new)
            self.settle(new, began)
            done += rows
            report("database", done)

    def go_through_index(self, report) -> None:
        after, done = "", 0
        while True:
            began = timezone.now()
            entries = get_engine().scan(after, CHUNK)
            if not entries:
                break
            _documents, differences = compare(entries)
            wrong = {one.key for one in differences}
            self.right.update(
                one.kind
                for one in entries
                if one.key not in wrong and hash(one.key) not in self.lacking
            )
            self.settle(differences, began)
            after, done = entries[-1].key, done + len(entries)
            report("index", done)

    def settle(self, differences: list[Difference], began: datetime) -> None:
        """Count what truly differs, and put it right."""
        if not differences:
            return
        moving = objects_on_the_way(began)
        truly = [one for one in differences if one.object not in moving]
        self.waiting += len(differences) - len(truly)
        for one in truly:
            self.wrong[one.kind][one.finding] += 1
        rest = truly if self.dry_run else put_right_in_place(truly)
        self.remain += len(rest)
        self.remaining = (self.remaining + rest)[:EXAMPLES]
