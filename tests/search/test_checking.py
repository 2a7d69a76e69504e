"""check_index: what differs between index and database is found, told, put right."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from network.audience import PUBLIC, STAFF
from network.events import deliver_events
from network.models import Delivery
from search import checking, rebuilding
from search.engines import get_engine
from search.engines.base import EngineDown, EngineError, Query, Scope, Write
from search.indexing import writes_for
from search.models import Rebuild
from tests.factories import a_lesson, a_member, a_thread

pytestmark = pytest.mark.django_db
VISITOR = Scope(frozenset({PUBLIC}))
EVERYONE = Scope(frozenset({PUBLIC, "members", STAFF}))


def found(text="trust", scope=EVERYONE) -> int:
    return get_engine().search(Query(scope, text)).total


def check(**options) -> str:
    told = StringIO()
    call_command("check_index", stdout=told, **options)
    return told.getvalue()


@pytest.fixture(autouse=True)
def nobody_else_delivers(monkeypatch):
    monkeypatch.setattr("search.management.commands.rebuild_index.PATIENCE", 0)


@pytest.fixture(autouse=True)
def no_progress_is_told(monkeypatch):
    monkeypatch.setattr("search.management.commands.check_index.EVERY", 3600)


@pytest.fixture
def work(db):
    """A lesson of staff's, in the index beside other things."""
    page = a_lesson(STAFF, title="Trust")
    a_thread(title="Trust")
    a_member(name="Trust Moyo")
    deliver_events()
    # What was brought there a moment ago would still count as on its way.
    Delivery.objects.update(done_at=timezone.now() - timedelta(hours=1))
    [write] = writes_for([("knowledge", f"work.{page.translation_key}")])
    return write


def lost(work):
    return replace(work, document=None)


def old(work):
    return replace(work, document=replace(work.document, title={"en": "Mistrust"}))


def for_all(work):
    return replace(work, document=replace(work.document, audience=[PUBLIC]))


def of_nothing(work):
    key = f"work.{uuid4()}"
    told = replace(work.document, key=key, object_key=key)
    return Write(key, work.version, told)


WRONG = {
    "missing": (lost, "missing", 2),
    "stale": (old, "stale", 2),
    "of another audience": (for_all, "stale", 3),
    "one too many": (of_nothing, "left over", 4),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_document_that_differs_is_told_and_put_right(work, how):
    make, finding, hits = WRONG[how]
    wrong = make(work)
    get_engine().index([wrong])
    assert found() == hits
    with pytest.raises(CommandError, match=f"1 differ.*\n.*{wrong.key}.*{finding}"):
        check(dry_run=True)
    assert found() == hits
    assert "Put right: 1" in check()
    assert (found(), found(scope=VISITOR)) == (3, 0)
    assert "All is right." in check()


def test_right_and_wrong_are_counted_by_kind(work):
    get_engine().index([lost(work)])
    lines = [line.split() for line in check().splitlines()]
    assert lines[0] == ["right", "missing", "stale", "left", "over"]
    assert ["lesson", "0", "1", "0", "0"] in lines
    assert ["person", "4", "0", "0", "0"] in lines


def test_what_is_on_its_way_is_no_difference(work):
    a_lesson(title="Trust comes")
    assert "1 more wait in the outbox" in check(dry_run=True)


def test_what_cannot_be_put_right_is_told(work, monkeypatch):
    get_engine().index([lost(work)])
    monkeypatch.setattr(get_engine(), "index", lambda writes: None)
    with pytest.raises(CommandError, match=f"1 differ still(.|\n)*{work.key}"):
        check()


@pytest.mark.parametrize("error", [EngineDown, EngineError])
def test_without_an_index_the_check_says_so(work, monkeypatch, error):
    def fail(*args, **options):
        raise error("no such index")

    monkeypatch.setattr(get_engine(), "scan", fail)
    with pytest.raises(CommandError, match="no such index"):
        check()


def test_stopped_half_way_the_check_tells_what_it_did(work, monkeypatch):
    get_engine().index([lost(work)])

    def stop(entries):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "compare", stop)
    with pytest.raises(CommandError, match="Stopped half-way"):
        check()
    assert found() == 3


# A rebuild that fails or is stopped


def tally_of_one_more(engine):
    counted = engine.tally

    def tally(building=False):
        told = counted(building)
        told["lesson"][STAFF] += 1
        return told

    return "tally", tally


def fill_of_nothing(engine):
    return "fill", lambda writes: None


FAILING = {
    "lesson, audience staff: 1 expected, 2 in the index": tally_of_one_more,
    "do not say what the database says": fill_of_nothing,
}


@pytest.mark.parametrize("reason", FAILING)
def test_an_index_that_does_not_fit_never_answers(work, monkeypatch, reason):
    engine = get_engine()
    with monkeypatch.context() as patched:
        patched.setattr(engine, *FAILING[reason](engine))
        with pytest.raises(CommandError, match=reason) as told:
            call_command("rebuild_index", stdout=StringIO())
    assert "The index that answers is unchanged." in str(told.value)
    assert reason in Rebuild.objects.get(status="failed").reason
    assert found() == 3 and not engine.is_rebuilding()
    call_command("rebuild_index", stdout=StringIO())
    assert Rebuild.objects.filter(status="done").count() == 1 and found() == 3


def test_stopped_half_way_a_rebuild_leaves_the_index_and_goes_on_later(
    work, monkeypatch
):
    def stop(rebuild):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setitem(rebuilding.STEPS, Rebuild.Stage.COMPARING, stop)
        with pytest.raises(CommandError, match="unchanged"):
            call_command("rebuild_index", stdout=StringIO())
    assert found() == 3 and get_engine().is_rebuilding()
    call_command("rebuild_index", stdout=StringIO())
    assert Rebuild.objects.get().status == "done" and found() == 3
    assert not get_engine().is_rebuilding()
