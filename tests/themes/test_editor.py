"""Staff edit themes in /editor/, one by one and as CSV."""

import csv
import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.urls import reverse

from network.exchange.models import Organisation
from network.people.models import User
from network.themes.models import Theme, ThemeLabel, VocabularyVersion
from network.themes.tables import COLUMNS, MAX_BYTES
from network.themes.vocabulary import recognise, vocabulary
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db
LIST, DOWNLOAD, UPLOAD, ADD = (
    f"theme_editor:{name}" for name in ("list", "download", "upload", "add")
)


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor@example.org"))
    return client


@pytest.fixture
def member(client):
    client.force_login(
        User.objects.create_user("member@example.org", status=User.Status.APPROVED)
    )
    return client


def downloaded(client) -> list[dict[str, str]]:
    data = client.get(reverse(DOWNLOAD)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data)))


def as_csv(rows, columns=COLUMNS, separator=",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(client, data: bytes, name="themes.csv"):
    file = SimpleUploadedFile(name, data, content_type="text/csv")
    return client.post(reverse(UPLOAD), {"file": file})


def confirm(client, response):
    told = {"table": response.context["table"], "version": response.context["version"]}
    return client.post(reverse(UPLOAD), told)


def snapshot():
    labels = ThemeLabel.objects.values_list("theme__slug", "language", "text", "note")
    return sorted(labels), sorted(Theme.objects.values_list("slug", "scheme", "parent"))


def a_row(slug, **cells) -> dict[str, str]:
    names = {code: f"{slug} {code}" for code in ("nn", "nb", "en", "fr", "es", "pt")}
    return {"slug": slug, "scheme": "sector", **names, **cells}


def test_the_list_finds_a_theme_by_any_of_its_words(editor):
    a_theme("birth", scheme="sector", also=[("es", "nacimiento"), ("es", "nacer")])
    a_theme("fish", scheme="sector")
    page = editor.get(reverse(LIST), {"q": "nac"}).content.decode()
    assert page.count("Birth en") >= 1 or "Birth nb" in page
    assert "Fish" not in page


def test_the_list_offers_both_ways_of_the_table(editor):
    page = editor.get(reverse(LIST), headers={"accept-language": "en"}).content.decode()
    assert reverse(DOWNLOAD) in page
    assert reverse(UPLOAD) in page


def test_what_goes_out_comes_in_again_without_a_change(editor):
    a_theme("health", scheme="sector", also=[("en", "=care"), ("nn", "stell")])
    a_theme("nursing", scheme="sector", parent=Theme.objects.get())
    before = snapshot()
    response = upload(editor, as_csv(downloaded(editor)))
    assert response.status_code == 200
    assert response.context["changes"] == []
    assert snapshot() == before


def test_nothing_in_the_file_runs_as_a_formula(editor):
    a_theme("health", scheme="sector", names={"en": "=1+1"}, also=[("nn", "@stell")])
    (row,) = downloaded(editor)
    assert (row["en"], row["nn_also"]) == ("'=1+1", "'@stell")


def test_an_upload_shows_first_and_saves_when_confirmed(editor):
    a_theme("health", scheme="sector")
    rows = downloaded(editor)
    rows[0] |= {"en": "Health care", "en_also": "clinics | wards"}
    rows.append(a_row("midwives", parent="health"))
    shown = upload(editor, as_csv(rows))
    assert [change["slug"] for change in shown.context["changes"]] == [
        "health",
        "midwives",
    ]
    assert not Theme.objects.filter(slug="midwives").exists()
    assert confirm(editor, shown).status_code == 302
    assert Theme.objects.get(slug="midwives").parent.slug == "health"
    assert {match.theme for match in recognise("the WARDS of midwives en")} == set(
        Theme.objects.values_list("pk", flat=True)
    )


def test_a_spreadsheet_with_semicolons_and_a_mark_is_read(editor):
    data = b"\xef\xbb\xbf" + as_csv([a_row("health")], separator=";")
    confirm(editor, upload(editor, data))
    assert Theme.objects.get().slug == "health"


def test_a_note_in_a_language_the_table_lacks_survives_it(editor):
    a_theme("health", scheme="sector")
    ThemeLabel.objects.filter(language="fr").update(note="Les soins.")
    rows = downloaded(editor)
    rows[0]["note_en"] = "Care."
    confirm(editor, upload(editor, as_csv(rows)))
    assert ThemeLabel.objects.get(language="fr").note == "Les soins."
    assert ThemeLabel.objects.get(language="en").note == "Care."


def test_nothing_is_saved_over_what_somebody_else_has_changed_meanwhile(editor):
    shown = upload(editor, as_csv([a_row("health")]))
    a_theme("fish", scheme="sector")
    again = confirm(editor, shown)
    assert again.status_code == 200
    assert not Theme.objects.filter(slug="health").exists()
    assert confirm(editor, again).status_code == 302


BAD_ROWS = {
    "scheme": ([a_row("a", scheme="colour")], "Line 2, scheme"),
    "phase": ([a_row("a", phase="later")], "Line 2, phase"),
    "parent": ([a_row("b"), a_row("a", parent="nowhere")], "Line 3, parent"),
    "itself": ([a_row("a", parent="a")], "Line 2, parent"),
    "label": ([a_row("b"), a_row("a", fr="")], "Line 3, fr"),
    "address": ([a_row("no spaces")], "Line 2, slug"),
    "twice": ([a_row("a"), a_row("a")], "Line 3, slug"),
    "long": ([a_row("a", nn="x" * 121)], "Line 2, nn"),
    "same": ([a_row("a", pt_also="x|X")], "Line 2, pt_also"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_told_by_its_line_and_nothing_is_saved(editor, case):
    a_theme("health", scheme="sector")
    before, (rows, told) = snapshot(), BAD_ROWS[case]
    editor.cookies["django_language"] = "en"
    response = upload(editor, as_csv([a_row("good"), *rows][-len(rows) :]))
    assert response.status_code == 422
    assert any(error.startswith(told) for error in response.context["errors"])
    assert snapshot() == before


def test_lines_are_counted_as_a_person_counts_them(editor):
    first = a_row("a", note_en="two\nlines")
    editor.cookies["django_language"] = "en"
    response = upload(editor, as_csv([first, a_row("b", scheme="x")]))
    assert response.context["errors"][0].startswith("Line 4, scheme")


BAD_FILES = {
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    "latin-1": as_csv([a_row("health", nb="Fødsel")]).decode().encode("latin-1"),
    "a language too many": as_csv([a_row("a")], [*COLUMNS, "de"]),
    "a column too few": as_csv([a_row("a")], COLUMNS[1:]),
    "a column twice": as_csv([a_row("a")], [*COLUMNS, "en"]),
    "ragged": as_csv([a_row("a")]) + b"b,sector\r\n",
    "no rows": as_csv([]),
    "quotes open": as_csv([a_row("a")]) + b'"b,',
    "nothing of ours": b"name,age\r\nAmina,30\r\n",
    "large": as_csv([a_row("a", note_en="x" * MAX_BYTES)]),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_with_a_sentence(editor, case):
    before = snapshot()
    response = upload(editor, BAD_FILES[case])
    assert response.status_code == 422
    assert response.context["errors"] or response.context["form"].errors
    assert snapshot() == before


def test_a_form_without_a_file_is_kept_and_told(editor):
    assert editor.post(reverse(UPLOAD), {}).status_code == 422


@pytest.mark.parametrize("name", [DOWNLOAD, UPLOAD])
def test_a_member_gets_nowhere_near_the_tables(member, name):
    assert member.get(reverse(name)).status_code in (302, 403, 404)
    assert member.post(reverse(name), {"table": "x"}).status_code in (302, 403, 404)
    assert Theme.objects.count() == 0


def test_editors_look_after_the_themes(client):
    user = User.objects.create_user("editor@example.org", status=User.Status.APPROVED)
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse(DOWNLOAD)).status_code == 200
    assert upload(client, as_csv([a_row("health")])).status_code == 200


def test_staff_who_may_not_change_themes_do_not_see_the_tables(client):
    user = User.objects.create_user("staff@example.org", status=User.Status.APPROVED)
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "view_theme"])
    )
    client.force_login(user)
    assert client.get(reverse(LIST)).status_code == 200
    assert reverse(UPLOAD) not in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse(UPLOAD)).status_code == 404
    assert client.get(reverse(DOWNLOAD)).status_code == 404


def form_of(slug, labels) -> dict[str, str]:
    data = {"slug": slug, "scheme": "sector", "position": "0", "code": "", "phase": ""}
    data |= {"parent": "", "labels-TOTAL_FORMS": len(labels)}
    data |= {"labels-INITIAL_FORMS": 0, "labels-MIN_NUM_FORMS": 0}
    data |= {"labels-MAX_NUM_FORMS": 1000}
    for number, (language, text, preferred) in enumerate(labels):
        data |= {
            f"labels-{number}-language": language,
            f"labels-{number}-text": text,
            f"labels-{number}-note": "",
            f"labels-{number}-id": "",
        }
        data |= {f"labels-{number}-preferred": "on"} if preferred else {}
    return data


SIX = [(code, f"Boats {code}", True) for code in ("nn", "nb", "en", "fr", "es", "pt")]


def test_a_theme_added_by_hand_is_known_at_once(editor):
    vocabulary()
    labels = [*SIX, ("en", "dinghies", False)]
    assert editor.post(reverse(ADD), form_of("boats", labels)).status_code == 302
    theme = Theme.objects.get()
    assert [match.theme for match in recognise("old Dinghies")] == [theme.pk]
    assert theme.name == "Boats nb"


@pytest.mark.parametrize(
    "labels",
    [SIX[:5], [*SIX, ("en", "Ships", True)], [*SIX, ("en", "boats EN", False)]],
)
def test_a_theme_has_one_preferred_label_a_language_and_none_twice(editor, labels):
    response = editor.post(reverse(ADD), form_of("boats", labels))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Theme.objects.count() == 0


def test_a_theme_in_use_stays(editor):
    parent = a_theme("health", scheme="sector")
    a_theme("nursing", scheme="sector", parent=parent)
    editor.post(reverse("theme_editor:delete", args=[parent.pk]))
    assert Theme.objects.filter(pk=parent.pk).exists()
    with pytest.raises(ProtectedError):
        parent.delete()


def test_a_theme_chosen_by_an_organisation_stays(editor):
    theme = a_theme()
    Organisation.objects.create(name="Kisima", slug="kisima").themes.add(theme)
    editor.post(reverse("theme_editor:delete", args=[theme.pk]))
    assert Theme.objects.filter(pk=theme.pk).exists()
    with pytest.raises(ProtectedError):
        Theme.objects.all().delete()


def test_a_theme_nobody_uses_can_go(editor):
    theme = a_theme()
    version = VocabularyVersion.current()
    assert recognise("Host family en")
    editor.post(reverse("theme_editor:delete", args=[theme.pk]))
    assert not Theme.objects.exists()
    assert not recognise("Host family en")
    assert VocabularyVersion.current() != version
