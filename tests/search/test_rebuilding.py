import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from network.events import deliver_due, deliver_events
from search import rebuilding
from search.engines import get_engine
from search.engines.base import EngineDown, Query, Scope, WriterBusy
from search.models import Rebuild
from tests.factories import a_lesson, a_member, an_article
from tests.forums.factories import a_thread

COMMAND = "search.management.commands.rebuild_index"
EVERYONE = Scope(frozenset({"public", "members"}))


def found(text="trust") -> int:
    return get_engine().search(Query(EVERYONE, text)).total


@pytest.fixture(autouse=True)
def nobody_else_delivers(monkeypatch):
    monkeypatch.setattr(f"{COMMAND}.PATIENCE", 0)


@pytest.fixture
def three_things(db):
    a_lesson(title="Trust")
    a_thread(title="Trust")
    a_member(name="Trust Moyo")
    deliver_events()
    assert found() == 3


def test_a_rebuild_says_what_the_database_says(three_things, capsys):
    get_engine().clear()
    assert found() == 0
    call_command("rebuild_index")
    assert found() == 3
    assert Rebuild.objects.get().status == "done"
    assert "rows in" in capsys.readouterr().out


def test_if_needed_it_is_left_out_when_the_index_is_as_it_should_be(three_things):
    call_command("rebuild_index", if_needed=True)
    call_command("rebuild_index", if_needed=True)
    assert Rebuild.objects.count() == 1


@pytest.mark.parametrize("why", ["emptied", "another engine or version"])
def test_if_needed_it_is_done_when_the_index_is(three_things, why):
    call_command("rebuild_index")
    if why == "emptied":
        get_engine().clear()
    else:
        Rebuild.objects.update(engine="embedded-v0")
    call_command("rebuild_index", if_needed=True)
    assert Rebuild.objects.count() == 2 and found() == 3


def test_if_needed_and_the_engine_away_it_is_built_when_that_is_back(
    three_things, monkeypatch
):
    def away():
        raise EngineDown("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(get_engine(), "begin_rebuild", away)
        call_command("rebuild_index", if_needed=True)
        with pytest.raises(CommandError):
            call_command("rebuild_index")
    deliver_events()
    assert Rebuild.objects.get().status == "done" and found() == 3


def test_what_was_taken_by_a_process_that_died_is_carried_on(three_things, monkeypatch):
    rebuild = rebuilding.start_rebuild()
    assert rebuilding._hold(rebuild)

    def later(seconds):
        Rebuild.objects.update(held_until=timezone.now())

    monkeypatch.setattr(f"{COMMAND}.time.sleep", later)
    call_command("rebuild_index")
    assert Rebuild.objects.get().status == "done" and found() == 3


def test_interrupted_it_goes_on_where_it_was(three_things, monkeypatch):
    monkeypatch.setattr(rebuilding, "CHUNK", 1)
    rebuild = rebuilding.start_rebuild()

    class Killed(BaseException):
        pass

    def kill(rebuild):
        raise Killed

    with pytest.raises(Killed):
        rebuilding.advance(rebuild, 60, kill)
    assert found() == 3 and get_engine().is_rebuilding()
    again = rebuilding.start_rebuild()
    assert again.pk == rebuild.pk
    assert rebuilding.advance(again, 60)
    again.refresh_from_db()
    assert (again.status, found()) == ("done", 3)


def test_given_up_the_old_index_answers_on(three_things):
    rebuild = rebuilding.start_rebuild()
    rebuilding.advance(rebuild, 0)
    assert get_engine().is_rebuilding()
    call_command("rebuild_index", abort=True)
    assert not get_engine().is_rebuilding() and found() == 3
    assert rebuilding.advance(rebuild, 60)
    assert not get_engine().is_rebuilding()
    with pytest.raises(CommandError):
        call_command("rebuild_index", abort=True)


def test_only_one_process_builds_at_a_time(three_things):
    rebuild = rebuilding.start_rebuild()
    assert rebuilding._hold(rebuild)
    assert rebuilding.advance(Rebuild.objects.get(), 60)
    assert not get_engine().is_rebuilding()


def test_the_bulk_lane_carries_a_requested_rebuild_to_its_end(
    three_things, monkeypatch
):
    monkeypatch.setattr(rebuilding, "STEP_SECONDS", 0)
    monkeypatch.setattr(rebuilding, "CHUNK", 1)
    rebuilding.request_rebuild()
    deliver_due("bulk")
    assert get_engine().is_rebuilding()
    monkeypatch.setattr(rebuilding, "STEP_SECONDS", 15)
    deliver_events()
    assert Rebuild.objects.get().status == "done" and found() == 3


def test_where_another_process_writes_it_is_asked_to_build(three_things, monkeypatch):
    def busy():
        raise WriterBusy("locked")

    engine = get_engine()
    monkeypatch.setattr(engine, "begin_rebuild", busy)

    def meanwhile(seconds):
        monkeypatch.undo()
        deliver_events()

    monkeypatch.setattr(f"{COMMAND}.time.sleep", meanwhile)
    call_command("rebuild_index")
    assert Rebuild.objects.get().status == "done" and found() == 3


def test_what_is_written_or_deleted_meanwhile_is_right_afterwards(
    three_things, monkeypatch
):
    monkeypatch.setattr(rebuilding, "CHUNK", 1)
    gone = an_article(title="Trust goes")
    deliver_events()
    steps = iter(["new", "gone"])

    def meanwhile(rebuild):
        match next(steps, None):
            case "new":
                an_article(title="Trust comes")
            case "gone":
                gone.delete()
        deliver_events()

    assert rebuilding.advance(rebuilding.start_rebuild(), 60, meanwhile)
    assert found() == 4 and found("goes") == 0 and found("comes") == 1


@pytest.mark.django_db(transaction=True)
def test_no_write_is_lost_while_writers_and_readers_go_on():
    """Rebuilt three times over, while one thread writes and another reads."""
    for n in range(5):
        an_article(title=f"Trust {n}")
    deliver_events()
    stop, totals, failed = threading.Event(), [], []

    def run(step):
        def loop():
            try:
                while not stop.is_set():
                    step()
            except Exception as error:  # whatever happens to a reader or writer counts
                failed.append(error)
            finally:
                connection.close()

        return threading.Thread(target=loop)

    written = []

    def write():
        written.append(an_article(title=f"Trust while building {len(written)}").pk)
        deliver_due("index")

    threads = [run(write), run(lambda: totals.append(found()))]
    for thread in threads:
        thread.start()
    for _ in range(3):
        rebuild = rebuilding.start_rebuild()
        while not rebuilding.advance(rebuild, 60):
            pass
    stop.set()
    for thread in threads:
        thread.join()
    deliver_events()
    assert failed == []
    assert totals == sorted(totals) and totals[0] >= 5
    assert found() == 5 + len(written)


def test_a_bulk_import_is_indexed_in_batches(db, monkeypatch):
    batches = []
    engine = get_engine()
    index = engine.index
    monkeypatch.setattr(engine, "index", lambda w: (batches.append(len(w)), index(w)))
    for n in range(60):
        with transaction.atomic():
            a_lesson(title=f"Trust {n}")
    deliver_events()
    assert found() == 60 and len(batches) <= 6
