import pytest

pytest.register_assert_rewrite("tests.search.engine_contract", "tests.search.load")
