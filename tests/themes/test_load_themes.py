"""The vocabulary gets in, once, and what staff have done since is kept."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.themes.models import Theme, ThemeLabel, VocabularyVersion
from network.themes.tables import COLUMNS
from network.themes.vocabulary import vocabulary

pytestmark = pytest.mark.django_db


def load(*args, **options):
    call_command("load_themes", *args, verbosity=0, **options)


def a_row(slug, scheme="sector", **cells) -> dict[str, str]:
    names = {code: f"{slug} {code}" for code in ("nn", "nb", "en", "fr", "es", "pt")}
    return {"slug": slug, "scheme": scheme, **names, **cells}


def a_file(folder, *rows, name="themes.csv"):
    lines = [",".join(COLUMNS)]
    lines += [",".join(row.get(column, "") for column in COLUMNS) for row in rows]
    file = folder / name
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_the_whole_vocabulary_is_loaded():
    load()
    assert Theme.objects.count() >= 80
    health = Theme.objects.get(slug="nursing")
    assert health.parent.slug == "health"
    assert vocabulary().name(health.pk, "nn") == "Sjukepleie"
    goals = Theme.objects.filter(scheme="sdg").values_list("code", flat=True)
    assert list(goals) == [str(number) for number in range(1, 18)]


def test_a_second_load_writes_nothing():
    load()
    version = VocabularyVersion.objects.get().token
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load()
    writes = ("INSERT", "UPDATE", "DELETE")
    assert [q["sql"] for q in queries if q["sql"].startswith(writes)] == []
    assert VocabularyVersion.objects.get().token == version
