from tests.search.fixtures import a_fresh_index  # noqa: F401
