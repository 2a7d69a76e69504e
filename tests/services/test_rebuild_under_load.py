"""Elasticsearch as in production: two processes deliver, others read and write."""

import pytest
from django.conf import settings

from tests.crash import Worker, running
from tests.search.load import rebuild_three_times_under_load


@pytest.mark.alone
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_rebuilt_under_load_nothing_is_lost_and_nothing_hidden_comes_back():
    if not settings.ELASTICSEARCH_URL:
        pytest.skip("ELASTICSEARCH_URL names no server")
    with running(Worker()), running(Worker()):
        rebuild_three_times_under_load()
