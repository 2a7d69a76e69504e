"""Elasticsearch locks its indices when a disk is nearly full; until then it answers."""

from contextlib import contextmanager

import pytest
from django.conf import settings

from network.events import deliver_due, deliver_events
from network.models import Delivery
from search.engines import get_engine
from tests.factories import an_article
from tests.search.helpers import titles


@contextmanager
def read_only():
    indices = get_engine().client.indices
    block = "index.blocks.read_only_allow_delete"
    indices.put_settings(index=f"{settings.SEARCH_INDEX}*", settings={block: True})
    try:
        yield
    finally:
        indices.put_settings(index=f"{settings.SEARCH_INDEX}*", settings={block: None})


@pytest.mark.services
@pytest.mark.django_db
def test_while_the_index_is_read_only_it_answers_and_what_is_written_waits(client):
    if not settings.ELASTICSEARCH_URL:
        pytest.skip("ELASTICSEARCH_URL names no server")
    an_article(title="Trust before")
    deliver_events()
    with read_only():
        an_article(title="Trust meanwhile")
        deliver_due("index")
        assert Delivery.objects.open().filter(lane="index").exists()
        assert titles(client.get("/search/?q=trust")) == ["Trust before"]
    Delivery.objects.open().update(due_at="2000-01-01T00:00Z")
    deliver_events()
    found = titles(client.get("/search/?q=trust"))
    assert sorted(found) == ["Trust before", "Trust meanwhile"]
