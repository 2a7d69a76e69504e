"""kill -9 while the index is built anew: the one that answers goes on answering."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms.actions import set_audience
from network.audience import PUBLIC, STAFF
from network.events import deliver_events
from search.engines import get_engine
from search.engines.base import Query, Scope
from search.models import Rebuild
from tests.crash import ROOT, Worker
from tests.factories import an_article
from tests.search.stopped_rebuild import PLACES

VISITOR = Scope(frozenset({PUBLIC}))


def found(text="trust") -> int:
    return get_engine().search(Query(VISITOR, text)).total


def is_embedded() -> bool:
    return get_engine().name.startswith("embedded")


def all_indices() -> list[str]:
    engine = get_engine()
    if is_embedded():
        return [path.name for path in engine.root.glob("v*")]
    return list(engine.writer.indices.get(index=f"{engine.prefix}-v*"))


def rebuild_and_die_at(place: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.search.stopped_rebuild", place],
        env=Worker().environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr.readline() == b"there\n"
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", PLACES)
def test_killed_anywhere_the_index_answers_and_the_next_rebuild_works(
    place, monkeypatch
):
    pages = [an_article(title=f"Trust {n}") for n in range(3)]
    deliver_events()
    if is_embedded():
        get_engine().close()  # another process is its one writer now
    assert found() == 3
    rebuild_and_die_at(place)
    assert found() == 3

    set_audience(pages[0], STAFF)
    an_article(title="Trust, meanwhile")
    an_article(title="More trust, meanwhile")
    deliver_events()
    assert (found(), found("meanwhile")) == (4, 2)

    Rebuild.objects.update(held_until=timezone.now())
    monkeypatch.setattr("search.management.commands.rebuild_index.PATIENCE", 0)
    monkeypatch.setattr("search.engines.elastic.indices.ORPHAN_SECONDS", 0)
    call_command("rebuild_index")
    assert (found(), found("meanwhile")) == (4, 2)
    assert not Rebuild.objects.exclude(status="done").exists()
    assert len(all_indices()) == 1
