"""Elasticsearch away, or there and silent: the page answers all the same."""

import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from network.events import deliver_due, deliver_events
from network.models import Delivery
from search import engines, queries
from search.engines.base import FACETS
from search.engines.elastic import SCHEMA, ElasticEngine
from search.models import IndexName
from tests.cms.factories import an_article
from tests.search.fixtures import A_READER_WAITS
from tests.search.helpers import titles
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_long_as_a_reader_waits(monkeypatch):
    monkeypatch.setattr(queries, "SECONDS", A_READER_WAITS)


@pytest.fixture(params=["closed", "silent"])
def away(request):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "silent":
            server.listen()
        IndexName.objects.create(role="current", name="gone", schema=SCHEMA)
        engine = ElasticEngine(f"http://127.0.0.1:{server.getsockname()[1]}", "gone")
        with engines.using(engine):
            yield engine


def test_the_search_page_answers_within_two_seconds_and_offers_themes(client, away):
    a_theme("health", scheme="sector")
    client.get("/healthz/")
    began = time.monotonic()
    page = client.get("/search/?q=trust", headers={"accept-language": "en"})
    assert time.monotonic() - began < 2
    assert page.status_code == 200
    assert "/themes/health/" in page.content.decode()


class Slow(BaseHTTPRequestHandler):
    """Answers each question, and takes a second for it."""

    def do_POST(self):
        time.sleep(1)
        answer = {"hits": {"total": {"value": 0}, "hits": []}, "aggregations": {}}
        none = {"values": {"buckets": []}}
        answer["aggregations"] = dict.fromkeys(FACETS, none) | {
            "languages": none["values"]
        }
        answer["responses"] = [answer.copy()]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def slow():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    IndexName.objects.create(role="current", name="slow", schema=SCHEMA)
    engine = ElasticEngine(f"http://127.0.0.1:{server.server_port}", "slow")
    with engines.using(engine):
        yield
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", ["/search/?q=trust", "/themes/health/", "/themes/"])
def test_however_often_a_page_asks_a_slow_engine_it_answers_in_two_seconds(
    client, slow, address
):
    a_theme("health", scheme="sector")
    client.get("/healthz/")
    began = time.monotonic()
    assert client.get(address).status_code == 200
    assert 0.9 < time.monotonic() - began < 2


def test_what_happens_meanwhile_is_indexed_afterwards(client, monkeypatch):
    def refuse(writes):
        raise engines.base.EngineDown("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(engines.get_engine(), "index", refuse)
        an_article(title="Trust")
        deliver_due("index")
        assert Delivery.objects.open().filter(lane="index").exists()
    Delivery.objects.open().update(due_at="2000-01-01T00:00Z")
    deliver_events()
    assert titles(client.get("/search/?q=trust")) == ["Trust"]
