import pytest

from search import engines, queries

# Each test's first question makes its index, within the time that a reader waits.
A_READER_WAITS = queries.SECONDS
queries.SECONDS = 15


@pytest.fixture(autouse=True)
def a_fresh_index(django_db_blocker):
    """Nothing a test indexed reaches the next one; costs nothing where none did."""
    engines._engine = None
    yield
    if engines._engine is not None:
        with django_db_blocker.unblock():
            engines._engine.clear()
        engines._engine.close()
        engines._engine = None
