import pytest

from search import engines


@pytest.fixture(autouse=True)
def a_fresh_index(request):
    """Nothing a test indexed reaches the next one; costs nothing where none did."""
    engines._engine = None
    yield
    if engines._engine is not None:
        engines._engine.clear()
        engines._engine.close()
        engines._engine = None
