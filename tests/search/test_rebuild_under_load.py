"""The embedded index as `serve` has it: readers, writers and lanes in one process."""

import threading

import pytest

from network.workers import start_workers
from search import engines
from search.engines.embedded import EmbeddedEngine
from tests.search.load import rebuild_three_times_under_load


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_rebuilt_under_load_nothing_is_lost_and_nothing_hidden_comes_back(tmp_path):
    stop = threading.Event()
    with engines.using(EmbeddedEngine(tmp_path)) as engine:
        lanes = start_workers(stop)
        try:
            rebuild_three_times_under_load()
        finally:
            stop.set()
            for lane in lanes:
                lane.join()
            engine.close()
