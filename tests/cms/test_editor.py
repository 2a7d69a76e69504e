"""Wagtail's admin: what editors do to audiences, and what they do not get to know."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Collection, Page, PageViewRestriction

from cms.actions import audience_of, set_audience
from cms.forms import audience_choices
from network.audience import MEMBERS, PUBLIC, STAFF
from tests.cms.factories import a_home, a_lesson, a_section, a_translation
from tests.exchange.factories import a_partnership
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_TOTP_REQUIRED = False


def an_editor():
    user = a_staff()
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.fixture
def editor(client):
    user = an_editor()
    client.force_login(user)
    return client


def a_secret(title="Only the partners know"):
    """A page that only a partnership sees, and so no editor of ours."""
    page = a_lesson(title=title)
    page.save_revision().publish()
    set_audience(page, a_partnership().audience)
    return page


def test_an_editor_writes_and_publishes_a_lesson(editor):
    home = a_home("nb")
    form = {
        "title": "Spør verten først",
        "slug": "spor-verten",
        "language": "nn",
        "summary": "",
        "challenge": "Ingen spurde.",
        "what_we_did": "Vi spurde.",
        "outcome": "worked",
        "why": "Den som blir spurd, svarar.",
        "phase": "before",
        "source_role": "hosted",
        "attribution": "named",
        "lesson_kind": "lesson",
        "countries": ["NO", "MZ"],
        "licence": "CC BY 4.0",
        "action-publish": "1",
    }
    for stream in ("voices", "advice", "levels", "body"):
        form[f"{stream}-count"] = "0"
    for key in ("TOTAL", "INITIAL", "MIN_NUM"):
        form[f"authors-{key}_FORMS"] = form[f"comments-{key}_FORMS"] = "0"
    form["authors-MAX_NUM_FORMS"] = form["comments-MAX_NUM_FORMS"] = "1000"
    url = reverse("wagtailadmin_pages:add", args=["cms", "lessonpage", home.pk])
    answer = editor.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    page = Page.objects.get(slug="spor-verten").specific
    assert (page.live, page.language, page.countries) == (True, "nn", ["NO", "MZ"])
    assert page.published_on is not None
    assert audience_of(page) == PUBLIC


def test_a_norwegian_page_must_say_its_form_and_others_are_not_asked(editor):
    forms = {}
    for language in ("nb", "en"):
        home = a_home(language)
        url = reverse("wagtailadmin_pages:add", args=["cms", "articlepage", home.pk])
        forms[language] = editor.get(url).context["form"].fields
    assert forms["nb"]["language"].required
    assert "language" not in forms["en"]


def test_the_audience_is_set_in_the_editor(editor):
    lesson = a_lesson()
    french = a_translation(lesson, "fr")
    url = reverse("page_audience", args=[lesson.pk])
    assert url in editor.get(f"/editor/pages/{lesson.pk}/edit/").content.decode()
    assert editor.post(url, {"audience": MEMBERS}).status_code == 302
    assert audience_of(lesson) == audience_of(french) == MEMBERS


def test_the_form_refuses_what_the_parent_does_not_allow(editor):
    lesson = a_lesson(audience=None, under=a_section(audience=MEMBERS))
    url = reverse("page_audience", args=[lesson.pk])
    assert editor.post(url, {"audience": PUBLIC}).status_code == 422
    assert editor.post(url, {"audience": "partnership.1"}).status_code == 422
    assert audience_of(lesson) == MEMBERS
    assert editor.post(url, {"audience": STAFF}).status_code == 302


def test_an_editor_gives_only_audiences_they_hold():
    partnership = a_partnership()
    insider = a_member(of=partnership)
    assert partnership.audience in dict(audience_choices(insider))
    assert set(dict(audience_choices(a_staff()))) == {PUBLIC, MEMBERS, STAFF}


def test_who_may_not_publish_may_not_set_an_audience(client):
    lesson = a_lesson()
    client.force_login(a_member())
    url = reverse("page_audience", args=[lesson.pk])
    assert client.post(url, {"audience": STAFF}).status_code in {302, 403}
    assert audience_of(lesson) == PUBLIC


@pytest.mark.parametrize(
    "address",
    [
        "/editor/pages/{home}/",
        "/editor/pages/search/?q=partners+know",
        "/editor/choose-page/{home}/",
        "/editor/choose-page/search/?q=partners+know",
        "/editor/api/main/pages/?child_of={home}&for_explorer=1",
        "/editor/reports/site-history/",
        "/editor/reports/locked/",
        "/editor/reports/aging-pages/",
        "/editor/reports/page-types-usage/",
        "/editor/reports/unpublished-changes/",
        "/editor/",
    ],
)
def test_the_admin_does_not_tell_of_pages_the_editor_may_not_see(editor, address):
    home = a_home()
    a_lesson(title="A lesson that all may know").save_revision()
    a_secret()
    answer = editor.get(address.format(home=home.pk), follow=True)
    assert "Only the partners know" not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "pages/{pk}/edit/",
        "pages/{pk}/",
        "pages/{pk}/delete/",
        "pages/{pk}/copy/",
        "pages/{pk}/move/",
        "pages/{pk}/unpublish/",
        "pages/{pk}/history/",
        "pages/{pk}/usage/",
        "pages/{pk}/view_draft/",
        "pages/{pk}/edit/preview/",
        "audience/{pk}/",
        "localize/submit/page/{pk}/",
        "api/main/pages/{pk}/",
    ],
)
def test_a_page_the_editor_may_not_see_cannot_be_opened(editor, address):
    secret = a_secret()
    answer = editor.get(f"/editor/{address.format(pk=secret.pk)}")
    assert answer.status_code in {302, 403, 404}
    assert "Only the partners know" not in editor.get("/editor/").content.decode()


def test_a_visitor_learns_nothing_at_the_admins_addresses(client):
    secret, missing = a_secret().pk, 999_999
    answers = [client.get(f"/editor/pages/{pk}/edit/") for pk in (secret, missing)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_page_out_of_sight_is_a_missing_one(editor):
    secret, missing = a_secret().pk, 999_999
    answers = [editor.get(f"/editor/pages/{pk}/edit/") for pk in (secret, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_draft_can_be_seen_before_it_is_published(editor):
    lesson = a_lesson(live=False, title="Not yet out")
    lesson.save_revision()
    answer = editor.get(f"/editor/pages/{lesson.pk}/view_draft/")
    assert answer.status_code == 200
    assert "Not yet out" in answer.content.decode()


def test_wagtails_own_privacy_is_off(editor):
    lesson = a_lesson()
    url = f"/editor/pages/{lesson.pk}/privacy/"
    editor.post(url, {"restriction_type": "login"})
    assert not PageViewRestriction.objects.exists()


def test_an_editor_cannot_set_privacy_on_collections(editor):
    collection = Collection.objects.get(depth=1)
    answer = editor.get(f"/editor/collections/{collection.pk}/privacy/")
    assert answer.status_code in {302, 403}


def test_a_member_who_is_no_editor_is_told_so(client, db):
    client.force_login(a_member())
    english = {"Accept-Language": "en"}
    answer = client.get("/editor/reports/", follow=True, headers=english)
    assert answer.status_code == 403
    assert "You may see this, but not do it." in answer.content.decode()


def test_an_editor_who_is_signed_in_already_goes_on(editor):
    assert editor.get("/editor/login/").headers["Location"] == "/editor/"


@pytest.mark.parametrize("address", ["/editor/login/", "/_util/login/"])
def test_there_is_one_way_in(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/")
