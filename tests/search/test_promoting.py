"""Editors put results first, and say what else words are called."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.actions import set_audience
from network.audience import MEMBERS, STAFF
from network.events import deliver_events
from network.people.models import User
from network.themes.models import ThemeLabel
from search.forms import check_words
from search.models import PromotedResult, Synonym
from search.promoting import MOST_SHOWN
from tests.factories import a_lesson, a_staff, a_translation, an_article
from tests.people.factories import a_member
from tests.search.helpers import plain, titles
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db
LIST, ADD, EDIT, DELETE = (f"promoted:{x}" for x in ("index", "add", "edit", "delete"))


@pytest.fixture
def reader(client) -> Client:
    client.force_login(a_member())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def an_editor() -> Client:
    user = a_staff()
    user.groups.add(Group.objects.get(name="Editors"))
    return signed_in(user)


def signed_in(user) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def promote(page, phrases="", **fields) -> PromotedResult:
    return PromotedResult.objects.create(page=page, phrases=phrases, **fields)


def page_of(client, q: str, **params) -> str:
    deliver_events()
    response = client.get("/search/", {"q": q, **params})
    assert response.status_code == 200
    return response.content.decode()


def first(client, q: str, **params) -> list[str]:
    """The titles the editors chose, as they stand above the hits."""
    _above, chosen, rest = page_of(client, q, **params).partition('id="promoted"')
    section = rest.partition("</section>")[0] if chosen else ""
    return [plain(part.partition("</h3>")[0]) for part in section.split("<h3>")[1:]]


def hits(client, q: str, **params) -> list[str]:
    deliver_events()
    return titles(client.get("/search/", {"q": q, **params}))


def without_tokens(page: str) -> str:
    return re.sub(r"\b[\w-]{22,}={0,2}", "", page)


# What readers see


def test_a_promoted_page_stands_first_and_says_who_chose_it(reader):
    guide = an_article(title="Your entry permit", summary="Step by step.")
    an_article(title="Visa stories")
    promote(guide, "visa\nresidence permits")
    page = page_of(reader, "visa")
    assert "Chosen by the editors" in page and "Step by step." in page
    assert first(reader, "visa") == ["Your entry permit"]
    assert hits(reader, "visa") == ["Visa stories"]
    assert "1 result<" in page


@pytest.mark.parametrize(
    ("phrase", "query", "is_meant"),
    [
        ("host families", "a HOST FAMILY for two", True),
        ("host families", "family host", False),
        ("vertsfamilie", "vertsfamiliane", True),
        ("família anfitriã", "familia anfitria", True),
        ("visa", '"visa" refused', True),
        ("visa", "passport NOT visa", False),
        ("visa", "visaless", False),
    ],
)
def test_a_query_is_known_by_its_words_in_any_form_and_language(
    reader, phrase, query, is_meant
):
    promote(an_article(title="Chosen"), phrase)
    assert first(reader, query) == (["Chosen"] if is_meant else [])


def test_a_theme_named_in_any_language_promotes_too(reader):
    theme = a_theme("trust", names={"en": "Trust", "nn": "Tillit"})
    promote(an_article(title="On trust"), theme=theme)
    assert first(reader, "tillit") == ["On trust"]
    assert first(reader, "tillit", plain="trust") == []


def test_it_is_shown_on_the_first_page_of_a_search_as_it_is_and_not_twice(reader):
    for n in range(21):
        work = an_article(title=f"Visa {n}")
    promote(work, "visa")
    assert first(reader, "visa") == ["Visa 20"]
    assert "Visa 20" not in hits(reader, "visa")
    assert "21 results" in page_of(reader, "visa")
    for other in ({"page": 2}, {"sort": "newest"}, {"kind": "article"}):
        assert first(reader, "visa", **other) == []
    assert first(reader, "visa country:NO") == []


def test_a_search_that_finds_nothing_else_still_shows_it(reader):
    promote(an_article(title="Entry permits"), "zeppelin")
    page = page_of(reader, "zeppelin")
    assert first(reader, "zeppelin") == ["Entry permits"]
    assert "Nobody has written about" in page


def test_at_most_three_are_shown_in_the_editors_order(reader):
    for n in range(MOST_SHOWN + 1):
        promote(an_article(title=f"Choice {n}"), "visa", position=9 - n)
    assert first(reader, "visa") == ["Choice 3", "Choice 2", "Choice 1"]


def test_who_may_not_see_one_is_shown_the_next(reader):
    for n in range(MOST_SHOWN):
        promote(an_article(STAFF, title=f"Hidden {n}"), "visa")
    promote(an_article(title="Open"), "visa", position=5)
    assert first(reader, "visa") == ["Open"]


def test_it_has_a_period(reader):
    today, day = timezone.localdate(), timedelta(days=1)
    periods = {
        "over": (None, today - day),
        "later": (today + day, None),
        "last day": (today - day, today),
        "first day": (today, None),
    }
    for n, (name, (begins, ends)) in enumerate(periods.items()):
        work = an_article(title=name)
        promote(work, "visa", shown_from=begins, shown_until=ends, position=n)
    assert first(reader, "visa") == ["last day", "first day"]


def test_it_is_shown_in_the_language_its_reader_reads_best(client, reader):
    work = an_article(title="Entry permits")
    a_translation(work, "fr", title="Permis d’entrée", summary="Pas à pas.")
    promote(work, "visa")
    assert first(reader, "visa") == ["Entry permits"]
    french = Client(HTTP_ACCEPT_LANGUAGE="fr")
    french.force_login(a_member())
    assert first(french, "visa") == ["Permis d’entrée"]
    assert 'lang="fr">Permis' in page_of(french, "visa")


def test_who_may_not_see_it_gets_the_same_answer_as_if_it_were_not(reader):
    work = an_article(MEMBERS, title="Visa secrets")
    an_article(title="Visa stories")
    staff = signed_in(a_staff())
    set_audience(work, STAFF)
    before = [without_tokens(page_of(reader, q)) for q in ("visa", "secrets")]
    promote(work, "visa\nsecrets")
    after = [without_tokens(page_of(reader, q)) for q in ("visa", "secrets")]
    assert after == before
    assert first(staff, "visa") == ["Visa secrets"]


def test_it_goes_at_once_when_its_page_is_closed_or_withdrawn(reader):
    work = an_article(title="Entry permits")
    promote(work, "visa")
    assert first(reader, "visa") == ["Entry permits"]
    set_audience(work, STAFF)
    assert "Entry permits" not in reader.get("/search/?q=visa").content.decode()
    set_audience(work, MEMBERS)
    work.unpublish()
    assert first(reader, "visa") == []


def test_what_stands_in_a_promoted_page_is_escaped(reader):
    bad = '<script>alert("x")</script>'
    promote(a_lesson(title=bad, summary=bad, challenge=bad), f"visa\n{bad}")
    page = page_of(reader, "visa")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    editor = an_editor()
    for address in (LIST, ADD):
        page = editor.get(reverse(address), {"words": bad}).content.decode()
        assert "<script>alert" not in page
    Synonym.objects.create(words=bad)
    assert "<script>alert" not in editor.get(reverse("synonyms:index")).content.decode()


def test_a_page_with_promotions_asks_for_the_hits_and_them_together(
    reader, django_assert_max_num_queries
):
    for n in range(4):
        promote(an_article(title=f"Visa {n}"), "visa")
    page_of(reader, "visa")
    with django_assert_max_num_queries(12):
        reader.get("/search/?q=visa")


# What editors do


def form_of(work, **fields) -> dict:
    told = {"phrases": "visa", "theme": "", "page": work.pk, "position": 0}
    return {**told, "shown_from": "", "shown_until": "", **fields}


def test_an_editor_promotes_a_page_changes_it_and_takes_it_away_at_once(reader):
    work, other = an_article(title="Entry permits"), an_article(title="Passports")
    editor = an_editor()
    assert first(reader, "visa") == []
    assert editor.post(reverse(ADD), form_of(work)).status_code == 302
    assert first(reader, "visa") == ["Entry permits"]
    row = PromotedResult.objects.get()
    edit = reverse(EDIT, args=[row.pk])
    assert editor.post(edit, form_of(other, phrases="permit")).status_code == 302
    assert (first(reader, "visa"), first(reader, "permit")) == ([], ["Passports"])
    page = editor.get(reverse(LIST)).content.decode()
    assert "permit" in page and "Passports" in page and "shown" in page
    assert editor.post(reverse(DELETE, args=[row.pk])).status_code == 302
    assert first(reader, "permit") == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"phrases": ""}, "Write a query, or choose a theme."),
        ({"phrases": "visa\nno"}, "three letters or more"),
        ({"phrases": "!!!"}, "there are no words in it"),
        ({"phrases": "a b c d e f g h i"}, "at most 8 words"),
        ({"shown_from": "2026-05-02", "shown_until": "2026-05-01"}, "ends before"),
    ],
)
def test_a_form_that_is_wrong_says_why_and_keeps_what_was_written(fields, told):
    answer = an_editor().post(reverse(ADD), form_of(an_article(), **fields))
    page = plain(answer.content.decode())
    assert answer.status_code == 200 and told.casefold() in page.casefold()
    assert not PromotedResult.objects.exists()


def test_an_editor_neither_chooses_nor_sees_a_page_they_may_not_know():
    secret = an_article("partnership.99", title="Under wraps")
    row = promote(secret, "secret plans")
    editor = an_editor()
    answer = editor.post(reverse(ADD), form_of(secret))
    missing = editor.post(reverse(ADD), form_of(secret, page=999999))
    assert answer.status_code == missing.status_code == 200
    assert "Under wraps" not in answer.content.decode()
    assert PromotedResult.objects.count() == 1
    page = editor.get(reverse(LIST)).content.decode()
    assert "Under wraps" not in page and "secret plans" not in page
    for name in ("edit", "delete", "history", "usage"):
        assert editor.get(reverse(f"promoted:{name}", args=[row.pk])).status_code == 404


ADDRESSES = [
    f"{place}:{name}"
    for place in ("promoted", "synonyms")
    for name in ("index", "index_results", "add", "edit", "delete", "history", "usage")
] + ["searches:index", "searches:download", "searches:synonym"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_only_those_who_edit_the_themes_get_there(client, name):
    row = promote(an_article(), "visa")
    other = Synonym.objects.create(words="one, two")
    place, _colon, view = name.partition(":")
    key = row.pk if place == "promoted" else other.pk
    args = [key] if view in ("edit", "delete", "history", "usage") else []
    address = reverse(name, args=args)
    assert client.get(address).status_code == 302
    assert signed_in(a_member()).get(address).status_code in (302, 403, 404)
    clerk = User.objects.create_user("clerk@example.org", status=User.Status.APPROVED)
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    told = form_of(row.page, words="three, four", text="x", language="en")
    for answer in (
        signed_in(clerk).get(address),
        signed_in(clerk).post(address, told),
    ):
        assert answer.status_code == 404
    assert an_editor().get(address).status_code == 200
    assert PromotedResult.objects.get().phrases == "visa"
    assert Synonym.objects.get().words == "one, two"


def test_the_menu_has_it_for_those_who_edit_the_themes():
    assert "What people find" in an_editor().get("/editor/").content.decode()
    clerk = a_staff()
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    page = signed_in(clerk).get("/editor/", follow=True).content.decode()
    assert "What people find" not in page


# Synonyms


def test_a_synonym_an_editor_gives_a_theme_finds_what_is_about_it_at_once(reader):
    theme = a_theme("health", scheme="sector", names={"en": "Health"})
    a_lesson(title="Midwives", themes=[theme])
    assert hits(reader, "wellbeing") == []
    labels = list(ThemeLabel.objects.filter(theme=theme))
    form = {
        "slug": "health", "scheme": "sector", "position": 0, "code": "", "phase": "",
        "parent": "", "labels-TOTAL_FORMS": len(labels) + 1,
        "labels-INITIAL_FORMS": len(labels), "labels-MIN_NUM_FORMS": 0,
        "labels-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for n, label in enumerate(labels):
        form |= {f"labels-{n}-id": label.pk, f"labels-{n}-preferred": "on"}
        form |= {f"labels-{n}-{x}": getattr(label, x) for x in ("language", "text")}
    n = len(labels)
    form |= {f"labels-{n}-language": "en", f"labels-{n}-text": "wellbeing"}
    form |= {f"labels-{n}-id": "", f"labels-{n}-note": ""}
    edit = reverse("theme_editor:edit", args=[theme.pk])
    assert an_editor().post(edit, form).status_code == 302
    assert hits(reader, "wellbeing") == ["Midwives"]


def test_the_words_of_a_search_become_a_synonym_of_a_theme_at_once(reader):
    theme = a_theme("health", scheme="sector", names={"en": "Health"})
    a_lesson(title="Midwives", themes=[theme])
    assert hits(reader, "velferd") == []
    editor, address = an_editor(), reverse("searches:synonym")
    page = editor.get(address, {"words": "velferd", "language": "nb"}).content.decode()
    assert 'value="velferd"' in page and '"nb" selected' in page
    form = {"text": "velferd", "language": "nb", "theme": theme.pk}
    answer = editor.post(address, form)
    assert answer.url == reverse("theme_editor:edit", args=[theme.pk])
    assert hits(reader, "velferd") == ["Midwives"]
    again = editor.post(address, form)
    assert again.status_code == 422 and "velferd" in again.content.decode()
    assert editor.post(address, {**form, "theme": ""}).status_code == 422
    assert editor.post(address, {**form, "theme": "999999"}).status_code == 422


def test_words_that_mean_the_same_are_kept_clean():
    editor = an_editor()
    form = {"words": " fredskorpset ,norec,,  FK   Norway, norec"}
    assert editor.post(reverse("synonyms:add"), form).status_code == 302
    assert Synonym.objects.get().word_list == ["fredskorpset", "norec", "FK Norway"]
    many = ", ".join(f"word{n}" for n in range(11))
    for bad in ("norec", "norec, no", ", ,", many, "long, " * 100, "a\x00b, norec"):
        answer = editor.post(reverse("synonyms:add"), {"words": bad})
        assert answer.status_code == 200
    assert Synonym.objects.count() == 1


def synonyms(editor, words: str) -> Synonym:
    """As an editor adds them."""
    answer = editor.post(reverse("synonyms:add"), {"words": words})
    assert answer.status_code == 302
    return Synonym.objects.latest("pk")


def test_words_that_mean_the_same_find_each_other_at_once_in_any_form(reader):
    an_article(title="Fredskorpset gjennom tidene", language="nb")
    an_article(title="A year with Norec")
    editor = an_editor()
    assert hits(reader, "norec") == ["A year with Norec"]
    row = synonyms(editor, "norec, fredskorps, peace corps")
    both = {"Fredskorpset gjennom tidene", "A year with Norec"}
    assert set(hits(reader, "norec")) == both
    for query in ("fredskorpsene", "fredskorpsets", "PEACE CORPS", '"peace corps"'):
        assert set(hits(reader, query)) == both, query
    edit = reverse("synonyms:edit", args=[row.pk])
    assert editor.post(edit, {"words": "norec, attende"}).status_code == 302
    assert hits(reader, "norec") == ["A year with Norec"]
    assert hits(reader, "attende") == ["A year with Norec"]
    delete = reverse("synonyms:delete", args=[row.pk])
    assert editor.post(delete).status_code == 302
    assert hits(reader, "attende") == []


def test_a_text_with_the_very_words_stands_before_one_with_a_synonym(reader):
    for n in range(5):
        an_article(title=f"Fredskorpset, fredskorpset {n}", summary="Fredskorpset.")
    an_article(title="Notes", summary="What we said of Norec on a rainy day.")
    synonyms(an_editor(), "norec, fredskorpset")
    assert hits(reader, "norec")[0] == "Notes"
    assert len(hits(reader, "norec")) == 6


def test_a_synonym_is_told_and_can_be_taken_away(reader):
    an_article(title="Fredskorpset gjennom tidene", language="nb")
    an_article(title="A year with Norec")
    row = synonyms(an_editor(), "norec, fredskorpset, FK Norway")
    page = page_of(reader, "norec")
    chip = page.partition("Also searching")[2].partition("</ul>")[0]
    assert plain(chip).split() == ["fredskorpset,", "FK", "Norway", "(remove)"]
    token = f"synonym.{row.pk}"
    assert f'href="?q=norec&amp;plain={token}"' in chip
    assert hits(reader, "norec", plain=token) == ["A year with Norec"]
    assert "Also searching" not in page_of(reader, "norec", plain=token)


def test_a_synonym_brings_nothing_its_reader_may_not_see(reader):
    an_article(STAFF, title="Fredskorpset in secret")
    before = without_tokens(page_of(reader, "zeppelin"))
    synonyms(an_editor(), "norec, fredskorpset")
    assert hits(reader, "norec") == []
    assert without_tokens(page_of(reader, "zeppelin")) == before


def test_check_words_takes_what_the_lexicon_takes():
    check_words("fk norway")
    for bad in ("no", "—", "a b c d e f g h i"):
        with pytest.raises(ValidationError):
            check_words(bad)


def test_a_promotion_that_is_rolled_back_is_not_shown(reader):
    work = an_article(title="Entry permits")
    with transaction.atomic():
        promote(work, "visa")
        transaction.set_rollback(True)
    assert first(reader, "visa") == []
