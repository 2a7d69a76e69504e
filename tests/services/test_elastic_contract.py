import os
import uuid

import pytest
from django.db import connection

from search.engines.elastic import ElasticEngine
from tests.search.engine_contract import EngineContract

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engine(transactional_db):
    if not (url := os.environ.get("ELASTICSEARCH_URL")):
        pytest.skip("ELASTICSEARCH_URL names no server")
    engine = ElasticEngine(url, prefix=f"contract-{uuid.uuid4().hex[:8]}")
    yield engine
    engine.clear()
    engine.close()


class TestElasticEngine(EngineContract):
    @staticmethod
    def in_thread(function):
        try:
            return function()
        finally:
            connection.close()
