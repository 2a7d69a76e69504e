from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from network import events
from network.events import Event, deliver_due, deliver_events, publish, subscribe
from network.models import Delivery, OutboxEvent, PeriodicRun, Restriction


class Happened(Event):
    number: int


class Failed(Event):
    number: int


calls: list = []


@subscribe(Happened)
def leave_a_row(event):
    Restriction.objects.create(key=f"row.{event.number}")


@subscribe(Happened, lane="index", many=True)
def take_many(happened):
    calls.append([event.number for event in happened])


@subscribe(Failed)
def leave_half_and_fail(event):
    Restriction.objects.create(key=f"half.{event.number}")
    if Fails.now:
        raise RuntimeError("not yet")


@subscribe(Failed, lane="index", many=True)
def fail_where_one_is_bad(events):
    if any(event.number < 0 for event in events):
        raise RuntimeError("one of them is bad")
    calls.append([event.number for event in events])


class Fails:
    now = True


@pytest.fixture(autouse=True)
def fresh():
    calls.clear()
    Fails.now = True


def happen(*numbers, kind=Happened, **options):
    with transaction.atomic():
        for number in numbers:
            publish(kind(number=number), **options)


def keys():
    return sorted(Restriction.objects.values_list("key", flat=True))


def make_due():
    Delivery.objects.open().update(due_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        publish(Happened(number=1))


@pytest.mark.django_db(transaction=True)
def test_an_action_that_fails_announces_nothing():
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(Happened(number=1))
        raise RuntimeError
    deliver_events()
    assert not OutboxEvent.objects.exists() and keys() == []


def test_each_subscriber_hears_once(db):
    happen(1, 2)
    deliver_events()
    deliver_events()
    assert keys() == ["row.1", "row.2"]
    assert calls == [[1, 2]]


def test_a_failed_subscriber_leaves_nothing_and_is_retried(db):
    happen(7, kind=Failed)
    deliver_due("rows")
    row = Delivery.objects.get(lane="rows")
    assert keys() == [] and row.attempts == 1 and "not yet" in row.error
    assert row.due_at > timezone.now()
    Fails.now = False
    make_due()
    deliver_events()
    assert keys() == ["half.7"]


def test_after_ten_failures_a_delivery_is_stuck_and_still_retried(db):
    happen(7, kind=Failed)
    for _ in range(10):
        make_due()
        deliver_due("rows")
    assert Delivery.objects.stuck().count() == 1
    Fails.now = False
    make_due()
    deliver_due("rows")
    assert not Delivery.objects.stuck().exists() and keys() == ["half.7"]


def test_one_bad_event_does_not_hold_back_its_batch(db):
    happen(1, -1, 2, kind=Failed)
    deliver_due("index")
    assert calls == []
    make_due()
    deliver_due("index")
    assert sorted(calls) == [[1], [2]]
    assert Delivery.objects.open().filter(lane="index").count() == 1


def test_bulk_reroutes_every_delivery(db):
    happen(1, lane="bulk")
    assert set(Delivery.objects.values_list("lane", flat=True)) == {"bulk"}
    deliver_events()
    assert keys() == ["row.1"] and calls == [[1]]


def test_inside_bulk_every_event_takes_the_bulk_lane(db):
    with events.bulk():
        happen(1)
    happen(2)
    lanes = Delivery.objects.values_list("event__data__number", "lane")
    assert set(lanes) == {(1, "bulk"), (2, "rows"), (2, "index")}


def test_a_leased_delivery_is_not_taken_again_until_the_lease_ends(db):
    happen(1)
    assert len(events.claim("rows")) == 1
    assert events.claim("rows") == []
    Delivery.objects.open().update(due_at=timezone.now() - timedelta(seconds=1))
    assert len(events.claim("rows")) == 1


def test_two_workers_with_the_same_delivery_make_one_effect(db):
    """The lease ran out while the first still worked: the tick decides."""
    happen(1)
    first = events.claim("rows")
    make_due()
    second = events.claim("rows")
    events.deliver(first)
    events.deliver(second)
    assert keys() == ["row.1"]


def test_a_subscriber_that_is_gone_does_not_block_the_lane(db):
    happen(1)
    Delivery.objects.filter(lane="rows").update(subscriber="was.renamed")
    deliver_events()
    assert not Delivery.objects.open().exists()


def test_pruning_keeps_what_is_open_and_the_newest(db):
    happen(1, 2)
    happen(3, kind=Failed)
    deliver_due("rows")
    deliver_due("index")
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(days=30))
    happen(4)
    newest = events.newest_outbox_id()
    events.prune()
    kinds = OutboxEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [Failed.kind, Happened.kind]
    assert events.newest_outbox_id() == newest


def test_a_periodic_job_is_taken_by_one_process(db):
    hour = timedelta(hours=1)
    assert [PeriodicRun.take("job", hour) for _ in range(3)] == [True, False, False]
