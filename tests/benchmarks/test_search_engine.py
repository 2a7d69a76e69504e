"""Ratios only: how long a thing takes depends on what else the machine does."""

import os

import pytest
from django.core.management import call_command

from tests.benchmarks import search_engine
from tests.benchmarks.corpus import Corpus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def a_vocabulary():
    call_command("load_themes", verbosity=0)


def test_a_document_is_the_same_whoever_makes_it(a_vocabulary):
    some, again = Corpus().documents(0, 40), Corpus().documents(20, 40)
    assert list(some)[20:] == list(again)


@pytest.mark.parametrize("ends", [KeyboardInterrupt, None])
def test_nothing_is_left_of_what_was_measured(
    a_vocabulary, settings, tmp_path, monkeypatch, ends
):
    settings.ELASTICSEARCH_URL = ""
    monkeypatch.setattr(search_engine, "QUESTIONS", 4)
    heard = []

    def tell(text: str) -> None:
        heard.append(text)
        if ends and "clients" in text:
            raise ends

    def measure():
        return list(search_engine.measure([20, 40], [2], 0.05, tell=tell))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path))
        if ends:
            with pytest.raises(ends):
                measure()
        else:
            assert [report["plain", 2].asked > 0 for report in measure()] == [True] * 2
    assert any("20 documents" in text for text in heard)
    assert not list(tmp_path.iterdir())


@pytest.mark.benchmarks
def test_what_search_does_for_a_member_costs_a_few_bare_queries(a_vocabulary):
    if not os.environ.get("ELASTICSEARCH_URL"):
        pytest.skip("ELASTICSEARCH_URL names no server")
    [report] = search_engine.measure([10_000], clients=[1], seconds=3)
    print(f"\n{report.as_table()}")
    assert report["plain", 1].times_floor < 60
    assert report["page", 1].p50 < 5 * report["plain", 1].p50
    assert report["completion", 1].times_floor < 15
