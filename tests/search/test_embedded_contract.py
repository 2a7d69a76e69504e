import subprocess
import sys
import textwrap

import pytest

from search.engines.base import Query, Write, WriterBusy
from search.engines.embedded import EmbeddedEngine
from tests.search.engine_contract import PUBLIC, EngineContract, a_document, found, put


@pytest.fixture
def engine(tmp_path):
    engine = EmbeddedEngine(tmp_path / "index")
    yield engine
    engine.close()


class TestEmbeddedEngine(EngineContract):
    pass


def test_versions_outlive_the_process(tmp_path):
    first = EmbeddedEngine(tmp_path)
    put(first, a_document(1, "Newer"), version=9)
    first.close()
    second = EmbeddedEngine(tmp_path)
    put(second, a_document(1, "Older"), version=8)
    assert found(second, "newer") == ["work.1"]
    second.close()


def test_a_rebuild_goes_on_after_the_process_was_replaced(tmp_path):
    first = EmbeddedEngine(tmp_path)
    put(first, a_document(1, "Old"))
    first.begin_rebuild()
    first.fill([Write("work.1", 2, a_document(1, "Built"))])
    first.close()
    second = EmbeddedEngine(tmp_path)
    assert second.is_rebuilding()
    second.fill([Write("work.2", 2, a_document(2, "Built"))])
    second.commit_rebuild()
    assert set(found(second, "built")) == {"work.1", "work.2"}
    second.close()


def test_another_process_reads_but_does_not_write(engine, tmp_path):
    put(engine, a_document(1, "Trust"))
    other = EmbeddedEngine(tmp_path / "index")
    assert found(other, "trust") == ["work.1"]
    for change in (lambda: put(other, a_document(2)), other.begin_rebuild):
        with pytest.raises(WriterBusy):
            change()
    engine.begin_rebuild()
    engine.fill([Write("work.3", 2, a_document(3, "Trust"))])
    engine.commit_rebuild()
    assert found(other, "trust") == ["work.3"]


def test_the_index_is_whole_after_a_kill(tmp_path):
    program = """
        import os, signal, sys
        from search.engines.base import Write
        from search.engines.embedded import EmbeddedEngine
        from tests.search.engine_contract import a_document, put
        engine = EmbeddedEngine(sys.argv[1])
        put(engine, a_document(1, "Accepted"))
        for n in range(2, 500):
            put(engine, a_document(n, "Later"))
            if n == 40:
                os.kill(os.getpid(), signal.SIGKILL)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    assert subprocess.run(command).returncode == -9
    engine = EmbeddedEngine(tmp_path)
    assert engine.search(Query(PUBLIC, "accepted")).total == 1
    put(engine, a_document(900, "Afterwards"))
    assert found(engine, "afterwards") == ["work.900"]
    engine.close()
