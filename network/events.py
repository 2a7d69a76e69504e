"""How the rest of the site hears what happened: events, the outbox, delivery.

An action changes rows and publishes an event in one transaction; that writes one
`Delivery` a subscriber. Lanes (one thread each) lease due deliveries, run the
subscriber and tick them off. Kill any process at any moment: an accepted event is
still delivered. Effects in our own database (lane `rows`) are one commit with the
tick and so happen exactly once; effects outside (index, nudge, mail) may happen
again after a crash and are written so that again does no harm.
"""

import logging
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import ClassVar, dataclass_transform

from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import F, Max
from django.utils import timezone

from network.waking import tell_others

logger = logging.getLogger(__name__)

LANES = ("rows", "index", "nudge", "mail", "bulk")
LEASE = timedelta(seconds=60)
BATCH = {"index": 50, "bulk": 200}
KEEP_DONE = timedelta(days=7)
# How soon a lane sees what it was not woken for.
POLL_SECONDS = {"nudge": 0.2, "rows": 0.2}
POLL_OTHERS = 1.0

WAKE = {lane: threading.Event() for lane in LANES}


@dataclass_transform(frozen_default=True)
class Event:
    """Base of all events: subclasses declare ids (int or str), nothing else.

    class ReplyPosted(Event):
        post: int
    """

    kind: ClassVar[str]
    kinds: ClassVar[dict[str, type["Event"]]] = {}
    outbox_id: ClassVar[int | None] = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        dataclass(frozen=True)(cls)
        app = cls.__module__.removesuffix(".events").rpartition(".")[2]
        cls.kind = f"{app}.{cls.__name__}"
        Event.kinds[cls.kind] = cls


@dataclass(frozen=True)
class Subscriber:
    name: str
    function: Callable
    lane: str
    many: bool


_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)
_lane_now: ContextVar[str | None] = ContextVar("lane_now", default=None)


def subscribe(*kinds: type[Event], lane: str = "rows", many: bool = False):
    """Decorator: run the function for each event of `kinds`, in `lane`.

    lane: `rows` for effects in our own database only; `index`, `nudge`, `mail`
    for effects outside; `bulk` for long work. many: the function takes a list of
    events, at most a batch. Subscribers read rows afresh and may run twice.
    """
    if lane not in LANES:
        raise ValueError(f"no lane {lane!r}")

    def keep(function):
        name = f"{function.__module__}.{function.__qualname__}"
        for kind in kinds:
            _subscribers[kind.kind][name] = Subscriber(name, function, lane, many)
        return function

    return keep


def publish(event: Event, lane: str | None = None) -> None:
    """Record `event` inside the action's transaction; `lane` reroutes all of it."""
    publish_all([event], lane)


def publish_all(events: Iterable[Event], lane: str | None = None) -> None:
    """As `publish`, in two inserts however many they are."""
    from network.models import Delivery, OutboxEvent

    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "publish() belongs inside an action's transaction"
        )
    lane = lane or _lane_now.get()
    rows = OutboxEvent.objects.bulk_create(
        OutboxEvent(kind=event.kind, data=asdict(event)) for event in events
    )
    due = [(row, one) for row in rows for one in _subscribers[row.kind].values()]
    Delivery.objects.bulk_create(
        Delivery(event=row, subscriber=one.name, lane=lane or one.lane)
        for row, one in due
    )
    lanes = {lane or one.lane for _row, one in due}
    transaction.on_commit(lambda: (wake(lanes), tell_others(lanes)))


@contextmanager
def bulk():
    """Reroute all that is published inside to the `bulk` lane.

    What a person does meanwhile is then not delayed by an import of thousands.
    """
    token = _lane_now.set("bulk")
    try:
        yield
    finally:
        _lane_now.reset(token)


def wake(lanes=LANES) -> None:
    """Lanes of this process look at once."""
    for lane in lanes:
        WAKE[lane].set()


def newest_outbox_id() -> int:
    """The version of what the database holds now; 0 before anything happened."""
    from network.models import OutboxEvent

    return OutboxEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0


def next_version() -> int:
    """A version for what is read after this call: who asked later reads no less.

    On PostgreSQL ids are committed out of order: before and after a change is seen,
    the newest may be the same. There each call takes a number of its own.
    """
    from network.models import OutboxEvent

    if connection.vendor != "postgresql":
        return newest_outbox_id()
    with connection.cursor() as cursor:
        sequence = "nextval(pg_get_serial_sequence(%s, 'id'))"
        cursor.execute(f"SELECT {sequence}", [OutboxEvent._meta.db_table])
        return cursor.fetchone()[0]


def claim(lane: str, lease: timedelta = LEASE) -> list:
    """Take due deliveries for one lease; nobody else gets them until it ends."""
    from network.models import Delivery

    with transaction.atomic():
        due = Delivery.objects.due(lane)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        keys = list(due.values_list("pk", flat=True)[: BATCH.get(lane, 10)])
        until = timezone.now() + lease
        if keys:
            Delivery.objects.filter(pk__in=keys).update(due_at=until)
    if not keys:
        return []
    rows = Delivery.objects.open().filter(pk__in=keys)
    return list(rows.select_related("event").order_by("pk"))


def deliver(rows: list) -> None:
    """Run the subscribers of leased deliveries, batched where they take many."""
    batches = defaultdict(list)
    for row in rows:
        subscriber = _subscribers[row.event.kind].get(row.subscriber)
        if subscriber is None:
            _tick([row], error="nobody of that name subscribes any more")
        elif subscriber.many and not row.attempts:
            batches[subscriber].append(row)
        else:
            _deliver(subscriber, [row])
    for subscriber, together in batches.items():
        _deliver(subscriber, together)


def _deliver(subscriber: Subscriber, rows: list) -> None:
    events = [_read(row.event) for row in rows]
    inside = subscriber.lane == "rows"
    try:
        # `rows`: effect and tick are one commit, the tick first: it locks the
        # delivery, so that a second worker finds it done. The others speak to a
        # server and run outside a transaction, which on SQLite would hold the
        # one write lock meanwhile.
        with transaction.atomic() if inside else nullcontext():
            if inside and not _tick(rows):
                return
            subscriber.function(events if subscriber.many else events[0])
            if not inside:
                _tick(rows)
    except Exception as error:  # a subscriber may fail in any way: keep, show, retry
        _retry(rows, error)


def _read(row) -> Event:
    event = Event.kinds[row.kind](**row.data)
    object.__setattr__(event, "outbox_id", row.pk)
    return event


def _tick(rows: list, error: str = "") -> int:
    from network.models import Delivery

    keys = [row.pk for row in rows]
    due = Delivery.objects.open().filter(pk__in=keys)
    return due.update(done_at=timezone.now(), error=error)


def _retry(rows: list, error: Exception) -> None:
    from network.models import STUCK_AFTER, Delivery

    for row in rows:
        wait = min(2**row.attempts, 600) * random.uniform(0.5, 1.5)
        Delivery.objects.open().filter(pk=row.pk).update(
            attempts=F("attempts") + 1,
            error=repr(error)[:500],
            due_at=timezone.now() + timedelta(seconds=wait),
        )
        stuck = row.attempts + 1 >= STUCK_AFTER
        level = logging.ERROR if stuck else logging.WARNING
        logger.log(level, "delivery %s (%s) failed: %r", row.pk, row.subscriber, error)


def deliver_due(lane: str) -> int:
    """One look at a lane; answers how many deliveries were due."""
    from network.models import Delivery

    # Looking costs no lock; claiming takes SQLite's one write lock.
    if not Delivery.objects.due(lane).exists():
        return 0
    rows = claim(lane)
    deliver(rows)
    return len(rows)


def deliver_events() -> None:
    """Deliver all that is due in every lane, in this thread: for tests and commands."""
    while sum(deliver_due(lane) for lane in LANES):
        pass


def run_lane(lane: str, stop: threading.Event) -> None:
    """A lane's thread, in `serve` or in `deliver`, until `stop` is set."""
    while not stop.is_set():
        close_old_connections()
        try:
            found = deliver_due(lane)
        except (OperationalError, InterfaceError):  # database away or locked: wait
            logger.exception("lane %s waits for the database", lane)
            connection.close()
            stop.wait(1)
            continue
        if not found:
            WAKE[lane].wait(POLL_SECONDS.get(lane, POLL_OTHERS))
            WAKE[lane].clear()
    connection.close()


def prune(before: timedelta = KEEP_DONE) -> int:
    """Delete events all of whose deliveries were done more than `before` ago."""
    from network.models import Delivery, OutboxEvent

    old = OutboxEvent.objects.filter(created_at__lt=timezone.now() - before)
    newest = newest_outbox_id()
    keep = Delivery.objects.open().values("event")
    return old.exclude(pk__in=keep).exclude(pk=newest).delete()[0]
