"""The vocabulary gets in, once, and what staff have done since is kept."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.themes.models import Theme, ThemeLabel, VocabularyVersion
from network.themes.tables import COLUMNS
from network.themes.vocabulary import vocabulary
from tests.themes.factories import a_theme

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


def test_what_staff_have_edited_is_kept_and_the_rest_follows_the_file(tmp_path):
    first = [a_row("health"), a_row("fish"), a_row("boats")]
    load(a_file(tmp_path, *first))
    ThemeLabel.objects.filter(text="health en").update(text="Care")
    Theme.objects.get(slug="boats").delete()
    changed = [{**row, "en": row["en"] + " anew"} for row in first]
    load(a_file(tmp_path, *changed, a_row("music")))
    english = ThemeLabel.objects.filter(language="en", preferred=True)
    assert set(english.values_list("text", flat=True)) == {
        "Care",
        "fish en anew",
        "music en",
    }


def test_overwrite_takes_the_file_as_it_is(tmp_path):
    file = a_file(tmp_path, a_row("health"), a_row("boats"))
    load(file)
    ThemeLabel.objects.filter(text="health en").update(text="Care")
    Theme.objects.get(slug="boats").delete()
    load(file, overwrite=True)
    assert ThemeLabel.objects.filter(text="health en").exists()
    assert Theme.objects.filter(slug="boats").exists()


def test_what_staff_made_themselves_is_not_taken_over(tmp_path):
    theme = a_theme("health", scheme="sector")
    load(a_file(tmp_path, a_row("health")))
    assert vocabulary().name(theme.pk, "en") == "Health en"


def test_a_child_whose_wider_theme_staff_have_deleted_stays_out(tmp_path):
    load(a_file(tmp_path, a_row("health")))
    Theme.objects.all().delete()
    load(a_file(tmp_path, a_row("health"), a_row("nursing", parent="health")))
    assert not Theme.objects.exists()


def test_errors_are_told_by_line_and_nothing_is_loaded(tmp_path):
    file = a_file(tmp_path, a_row("health"), a_row("fish", scheme="sea", nn=""))
    with pytest.raises(CommandError) as failed:
        load(file)
    assert "Line 3, scheme: Unknown." in str(failed.value)
    assert "Line 3, nn: The preferred label is missing." in str(failed.value)
    assert not Theme.objects.exists()


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        load(tmp_path / "nowhere.csv")


def test_the_version_changes_once_however_many_themes_are_loaded():
    before = VocabularyVersion.current()
    with CaptureQueriesContext(connection) as queries:
        load()
    told = [q["sql"] for q in queries if "themes_vocabularyversion" in q["sql"]]
    assert len([sql for sql in told if sql.startswith(("INSERT", "UPDATE"))]) == 1
    assert VocabularyVersion.current() != before
