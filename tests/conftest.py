import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase

from network.themes import vocabulary
from search import log
from tests.search.fixtures import a_fresh_index  # noqa: F401

# A page looks once a second whether the vocabulary has changed; a slow machine would
# count that query with the page's own.
vocabulary.CHECK_SECONDS = 60


def pytest_collection_finish():
    """What is imported by now stays: going through all of it again and again, the
    collector of garbage takes a fifth of the suite's time."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


@pytest.fixture(autouse=True)
def nothing_remembered_between_tests():
    """What a process keeps in memory must not reach the next test."""
    cache.clear()
    vocabulary.forget_vocabulary()
    log.forget()
    yield


# No test changes what Django itself writes into these at the end of a migration.
KEPT = {"django_content_type", "auth_permission"}


def filled_tables() -> set[str]:
    """Those that have rows, once all who write to any of them are done."""
    tables = set(connection.introspection.django_table_names(only_existing=True))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(sorted(tables))}")
        ask = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM {0})"
        cursor.execute(" UNION ALL ".join(map(ask.format, tables - KEPT)))
        return {name for [name] in cursor.fetchall()}


@transaction.atomic
def empty_what_was_filled(self=None) -> None:
    """After a transactional test: of 130 tables few have rows, and `flush` truncates
    them all and writes content types and permissions anew, for most of a second."""
    with connection.cursor() as cursor:
        for name in filled_tables():
            cursor.execute(f"DELETE FROM {name}")


TransactionTestCase._fixture_teardown = empty_what_was_filled


# Migrating takes far longer than copying: the migrated, empty database is kept, on
# SQLite in the temporary folder and on PostgreSQL beside the others, under a name made
# of all migrations and the lock. Whoever comes first makes it; the others wait for it.

ROOT = Path(__file__).resolve().parent.parent


def _template() -> str:
    own = [path for path in ROOT.glob("[a-z]*/**/migrations/*.py") if path.is_file()]
    taken = hashlib.sha256()
    for path in [*sorted(own), ROOT / "requirements" / "base.txt", Path(__file__)]:
        taken.update(path.read_bytes())
    return f"attende-test-{os.getuid()}-{taken.hexdigest()[:16]}"


def _migrate(address: str) -> None:
    asked = ["manage.py", "migrate", "--run-syncdb", "--verbosity=0"]
    own = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run(
        [sys.executable, *asked], check=True, cwd=ROOT, env={**os.environ, **own}
    )


def _kept_file(name: str) -> Path:
    kept = Path(tempfile.gettempdir()) / f"{name}.sqlite3"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            half = kept.with_suffix(".half")
            half.unlink(missing_ok=True)
            _migrate(f"sqlite:///{half}")
            half.rename(kept)
    return kept


def _kept_database(name: str, cursor) -> str:
    half = f"{name}-half"
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(f'DROP DATABASE IF EXISTS "{half}"')
        cursor.execute(f'CREATE DATABASE "{half}"')
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{half}")
        _migrate(address.geturl())
        cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
    return name


@pytest.fixture(scope="session")
def django_db_keepdb():
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_blocker
):
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        shutil.copy(_kept_file(_template()), test["NAME"])
        return
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        test["TEMPLATE"] = _kept_database(_template(), cursor)
