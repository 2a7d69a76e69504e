import os
import uuid

import pytest
from django.db import connection

from search.engines.elastic import ElasticEngine
from tests.search.engine_contract import EngineContract, a_document, found, put

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

    def test_a_rebuild_that_ends_while_a_write_is_sent_loses_nothing(
        self, engine, monkeypatch
    ):
        """The writer knows one index; it is swapped away before the write arrives."""
        put(engine, a_document(1))
        known, write = engine._names(), engine._write
        engine.begin_rebuild()

        def too_late(writes, names):
            monkeypatch.undo()
            engine.commit_rebuild()
            write(writes, names)

        monkeypatch.setattr(engine, "_names", lambda: known)
        monkeypatch.setattr(engine, "_write", too_late)
        put(engine, a_document(2, "Meanwhile"))
        assert found(engine, "meanwhile") == ["work.2"]
