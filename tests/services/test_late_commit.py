"""On PostgreSQL an event may be committed after one that was written later."""

import threading

import pytest
from django.db import connection, transaction

from network.events import deliver_events, next_version
from search.engines import get_engine
from search.engines.base import Query, Scope
from search.indexing import writes_for
from tests.factories import an_article

VISITOR = Scope(frozenset({"public"}))


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_what_was_read_before_a_late_commit_never_overwrites_what_was_read_after_it():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: its ids are committed in order")
    page = an_article(title="Trust")
    work = [("knowledge", f"work.{page.translation_key}")]
    deliver_events()
    late = []

    def meanwhile():
        an_article(title="Another")
        late.extend(writes_for(work))
        connection.close()

    with transaction.atomic():
        page.title = "Patience"
        page.save_revision().publish()
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()
    get_engine().index(writes_for(work))
    get_engine().index(late)
    asked = [Query(VISITOR, word) for word in ("patience", "trust")]
    assert [get_engine().search(one).total for one in asked] == [1, 0]


@pytest.mark.django_db
def test_versions_never_fall():
    versions = [next_version() for _ in range(3)]
    assert versions == sorted(versions)
