import pytest
from django.core.cache import cache

from network.themes.vocabulary import forget_vocabulary


@pytest.fixture(autouse=True)
def nothing_remembered_between_tests():
    """What a process keeps in memory must not reach the next test."""
    cache.clear()
    forget_vocabulary()
    yield
