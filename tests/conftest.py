import pytest
from django.core.cache import cache

from network.themes.vocabulary import forget_vocabulary
from tests.search.fixtures import a_fresh_index  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_remembered_between_tests():
    """What a process keeps in memory must not reach the next test."""
    cache.clear()
    forget_vocabulary()
    yield
