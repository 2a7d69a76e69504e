"""All the demo, put in place for each test: loaded once, then copied.

Loading it and telling all that follows from it takes most of a minute; its rows are
kept in the test's database, a table beside each, and copied back in a second.
"""

from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from wagtail.models import Collection

from cms.tree import create_tree
from network.events import deliver_events
from search.indexing import reindex
from search.models import IndexName
from search.registry import SOURCES
from tests.conftest import empty_what_was_filled, filled_tables

MIGRATED = ("cms.migrations.0003_editors", "network.themes.migrations.0004_editors")
_kept: list[str] = []


def put_in_place() -> None:
    if not _kept:
        _load()
        _keep()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        empty_what_was_filled()
        for name in _kept:
            cursor.execute(f"INSERT INTO {name} SELECT * FROM demo_{name}")
    reindex(
        (name, source.object_key(row))
        for name, source in SOURCES.items()
        for row in source.rows()
    )


def _load() -> None:
    create_tree(apps.get_model)  # an earlier test may have emptied the tables
    Collection.objects.exists() or Collection.add_root(name="Root")
    for name in MIGRATED:
        import_module(name).forwards(apps, None)
    call_command("load_themes", verbosity=0)
    call_command("create_standard_pages", verbosity=0)
    call_command("load_demo", verbosity=0)
    deliver_events()


def _keep() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Each test makes an index of its own; Wagtail's is filled by triggers.
        made = {IndexName._meta.db_table, "wagtailsearch_indexentry_fts"}
        filled = filled_tables() - made
        for name in filled:
            cursor.execute(f"CREATE TABLE demo_{name} AS SELECT * FROM {name}")
    _kept.extend(filled)
