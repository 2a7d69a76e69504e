"""The audience of a page holds, whatever Wagtail does to the page."""

import re

import pytest
from django.core.exceptions import ValidationError
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from cms.actions import audience_of, set_audience
from cms.models import LessonPage, PageAudience
from cms.queries import pages_visible_to
from network.audience import MEMBERS, PUBLIC, STAFF, Restricted
from network.models import OutboxEvent, Restriction
from tests.cms.factories import (
    a_home,
    a_lesson,
    a_section,
    a_translation,
    an_article,
)
from tests.people.factories import a_member, a_staff, a_superuser

pytestmark = pytest.mark.django_db


def seen(client, page, user=None) -> bool:
    client.logout()
    if user:
        client.force_login(user)
    return client.get(page.url).status_code == 200


def test_a_new_page_takes_its_parents_audience():
    section = a_section(audience=MEMBERS)
    assert audience_of(a_lesson(audience=None, under=section)) == MEMBERS


def test_who_does_not_hold_the_audience_sees_nothing(client):
    lesson = a_lesson(audience=MEMBERS)
    assert not seen(client, lesson)
    assert seen(client, lesson, a_member())
    staff_only = a_lesson(audience=STAFF)
    assert not seen(client, staff_only, a_member())
    assert seen(client, staff_only, a_staff())


def test_a_page_without_a_row_is_seen_by_nobody(client):
    lesson = a_lesson()
    PageAudience.objects.filter(page=lesson).delete()
    lesson.save()
    assert not seen(client, lesson)
    assert not seen(client, lesson, a_superuser())


def test_publishing_an_older_draft_does_not_widen(client):
    lesson = a_lesson(audience=PUBLIC)
    lesson.title = "First form"
    older = lesson.save_revision()
    older.publish()
    set_audience(lesson, STAFF)
    lesson.refresh_from_db()
    lesson.title = "Second form"
    lesson.save_revision().publish()
    older.publish()
    assert Page.objects.get(pk=lesson.pk).title == "First form"
    assert audience_of(lesson) == STAFF
    assert not seen(client, lesson)


def test_restoring_a_revision_does_not_widen(client):
    lesson = a_lesson(audience=PUBLIC)
    first = lesson.save_revision()
    first.publish()
    set_audience(lesson, MEMBERS)
    lesson.refresh_from_db()
    restored = lesson.save_revision(previous_revision=first)
    restored.publish(previous_revision=first)
    assert audience_of(lesson) == MEMBERS


def test_moved_below_a_narrower_page_it_narrows_with_its_translations(client):
    lesson = a_lesson(audience=PUBLIC)
    translation = a_translation(lesson, "nb")
    lesson.move(a_section(audience=STAFF), pos="last-child")
    assert audience_of(lesson) == audience_of(translation) == STAFF
    assert not seen(client, Page.objects.get(pk=lesson.pk))


def test_moved_below_a_wider_page_it_keeps_its_own():
    lesson = a_lesson(audience=None, under=a_section(audience=STAFF))
    lesson.move(a_home(), pos="last-child")
    assert audience_of(lesson) == STAFF


def test_a_copy_takes_the_audience_of_its_source():
    lesson = a_lesson(audience=STAFF)
    copy = lesson.copy(to=a_home("fr"), update_attrs={"slug": "copy"}, keep_live=True)
    assert audience_of(copy) == STAFF


def test_a_copy_with_children_takes_each_ones_audience():
    section = a_section(audience=MEMBERS)
    open_one = a_lesson(audience=None, under=section)
    closed_one = a_lesson(audience=STAFF, under=section)
    copy = section.copy(
        recursive=True, update_attrs={"slug": "again", "title": "Again"}
    )
    audiences = {
        page.slug: page.audience_row.audience for page in copy.get_descendants()
    }
    assert audience_of(copy) == MEMBERS
    assert audiences == {open_one.slug: MEMBERS, closed_one.slug: STAFF}


def test_a_copy_below_a_narrower_page_is_narrowed():
    lesson = a_lesson(audience=PUBLIC)
    copy = lesson.copy(to=a_section(audience=STAFF), update_attrs={"slug": "copy"})
    assert audience_of(copy) == STAFF


def test_a_translation_takes_the_audience_of_the_work_and_follows_it():
    lesson = a_lesson(audience=MEMBERS)
    norwegian = lesson.copy_for_translation(Locale.objects.get(language_code="nb"))
    assert audience_of(norwegian) == MEMBERS
    set_audience(lesson, STAFF)
    assert audience_of(norwegian) == STAFF
    set_audience(norwegian, PUBLIC)
    assert audience_of(lesson) == PUBLIC


def test_an_alias_takes_the_audience_of_its_source():
    lesson = a_lesson(audience=STAFF)
    alias = lesson.create_alias(parent=a_home("fr"))
    assert audience_of(alias) == STAFF


def test_narrowing_reaches_all_below_and_their_translations():
    section = a_section(audience=PUBLIC)
    lesson = a_lesson(audience=PUBLIC, under=section)
    elsewhere = a_translation(lesson, "es")
    staff_only = a_lesson(audience=STAFF, under=section)
    set_audience(section, MEMBERS)
    assert audience_of(lesson) == audience_of(elsewhere) == MEMBERS
    assert audience_of(staff_only) == STAFF


def test_opening_a_section_opens_what_is_below_only_when_asked():
    section = a_section(audience=STAFF)
    lesson = a_lesson(audience=None, under=section)
    set_audience(section, PUBLIC)
    assert audience_of(lesson) == STAFF
    set_audience(section, PUBLIC, below=True)
    assert audience_of(lesson) == PUBLIC


def test_nothing_opens_wider_than_its_parent():
    lesson = a_lesson(audience=None, under=a_section(audience=MEMBERS))
    with pytest.raises(ValidationError):
        set_audience(lesson, PUBLIC)
    assert audience_of(lesson) == MEMBERS


def test_partnerships_do_not_contain_each_other():
    section = a_section(audience="partnership.7")
    with pytest.raises(ValidationError):
        set_audience(a_lesson(audience=None, under=section), "partnership.8")


def test_two_parents_that_share_nothing_close_the_work():
    lesson = a_lesson(audience=None, under=a_section(audience="partnership.7"))
    translation = a_translation(lesson, "fr", under=a_section(STAFF, "fr"))
    assert audience_of(lesson) == audience_of(translation) == ""


def test_an_unpublished_page_is_gone_and_comes_back_as_it_was(client):
    lesson = a_lesson(audience=MEMBERS)
    member = a_member()
    lesson.unpublish()
    assert not seen(client, lesson, member)
    Page.objects.get(pk=lesson.pk).specific.save_revision().publish()
    assert seen(client, lesson, member)
    assert not seen(client, lesson)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda page: set_audience(page, STAFF), "page.{0.pk}"),
        (lambda page: page.unpublish(), "page.{0.pk}"),
        (lambda page: page.move(a_section(), pos="last-child"), "page.{0.pk}"),
        (lambda page: page.delete(), "work.{0.translation_key}"),
    ],
)
def test_search_hides_what_narrows_moves_or_goes(change, key):
    lesson = a_lesson()
    key = key.format(lesson)
    Restriction.objects.all().delete()
    change(lesson)
    assert Restriction.objects.filter(key=key).exists()
    assert OutboxEvent.objects.filter(kind=Restricted.kind).exists()


def kinds() -> set[str]:
    return set(OutboxEvent.objects.values_list("kind", flat=True))


def test_what_happens_to_pages_is_announced():
    lesson = a_lesson()
    assert "cms.PagePublished" in kinds()
    assert "cms.PageUnpublished" not in kinds()
    lesson.unpublish()
    assert "cms.PageUnpublished" in kinds()
    lesson.move(a_section(), pos="last-child")
    assert "cms.PageMoved" in kinds()
    set_audience(lesson, MEMBERS)
    assert "cms.AudienceChanged" in kinds()
    key = str(lesson.translation_key)
    Page.objects.get(pk=lesson.pk).delete()
    gone = OutboxEvent.objects.get(kind="cms.PageDeleted")
    assert gone.data == {"page": lesson.pk, "translation_key": key}


def test_a_refused_change_announces_nothing():
    lesson = a_lesson(audience=None, under=a_section(audience=STAFF))
    OutboxEvent.objects.all().delete()
    with pytest.raises(ValidationError):
        set_audience(lesson, PUBLIC)
    assert kinds() == set()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_closed_page_and_a_missing_one_answer_alike(client, method):
    closed = a_lesson(audience=STAFF)
    missing = closed.url.replace("/page-", "/none-")
    there, nowhere = (getattr(client, method)(url) for url in (closed.url, missing))
    assert there.status_code == nowhere.status_code == 404
    assert dict(there.headers) == dict(nowhere.headers)
    texts = [
        re.sub(r"[A-Za-z0-9]{64}", "token", answer.content.decode())
        for answer in (there, nowhere)
    ]
    assert texts[0].replace(closed.url, missing) == texts[1]


def test_an_old_address_leads_on_only_for_those_who_may_see(client):
    lesson = a_lesson(audience=MEMBERS)
    Redirect.add_redirect("/old-place", lesson)
    Redirect.add_redirect("/old-link", lesson.url)
    Redirect.add_redirect("/elsewhere", "https://example.org/")
    for old in ("/old-place/", "/old-link/"):
        assert client.get(old).status_code == 404
    assert client.get("/elsewhere/").status_code == 301
    client.force_login(a_member())
    assert client.get("/old-place/").headers["Location"] == lesson.url
    lesson.unpublish()
    assert client.get("/old-place/").status_code == 404


def test_a_new_slug_leaves_no_trail_to_a_closed_page(client):
    lesson = a_lesson(audience=STAFF, slug="before-it-moved")
    lesson.slug = "after-it-moved"
    lesson.save_revision().publish()
    assert client.get("/en/before-it-moved/").status_code == 404


def test_lists_and_helpers_ask_the_same_rule():
    shown, hidden = an_article(audience=MEMBERS), an_article(audience=STAFF)
    member = a_member()
    visible = set(pages_visible_to(member).values_list("pk", flat=True))
    assert shown.pk in visible and hidden.pk not in visible
    assert list(LessonPage.objects.visible_to(member)) == []
