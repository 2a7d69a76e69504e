import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from network.themes import vocabulary
from search import log
from tests.search.fixtures import a_fresh_index  # noqa: F401

# A page looks once a second whether the vocabulary has changed; a slow machine would
# count that query with the page's own.
vocabulary.CHECK_SECONDS = 60


@pytest.fixture(autouse=True)
def nothing_remembered_between_tests():
    """What a process keeps in memory must not reach the next test."""
    cache.clear()
    vocabulary.forget_vocabulary()
    log.forget()
    yield


# Migrating takes far longer than copying: on SQLite the migrated, empty database is
# kept in the temporary folder, under a name made of all migrations and the lock.

ROOT = Path(__file__).resolve().parent.parent


def _template() -> Path:
    own = [path for path in ROOT.glob("*/**/migrations/*.py") if path.is_file()]
    own = [path for path in own if ".venv" not in path.parts]
    taken = hashlib.sha256()
    for path in [*sorted(own), ROOT / "requirements" / "base.txt", Path(__file__)]:
        taken.update(path.read_bytes())
    name = f"attende-test-{os.getuid()}-{taken.hexdigest()[:16]}.sqlite3"
    return Path(tempfile.gettempdir()) / name


@pytest.fixture(scope="session")
def django_db_keepdb():
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    if connection.vendor == "sqlite" and _template().exists():
        shutil.copy(_template(), settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    if connection.vendor == "sqlite" and not _template().exists():
        with django_db_blocker.unblock():
            half = _template().with_suffix(f".{os.getpid()}")
            half.unlink(missing_ok=True)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(half)])
            half.rename(_template())
