"""What one wants to find again: kept by one press, with a note and a reminder."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from forums.actions import add_bookmark, change_bookmark, hide_post, move_thread
from forums.jobs import forget_removed_bookmarks, remind_of_bookmarks
from forums.models import Bookmark
from network.audience import STAFF
from network.events import deliver_events
from network.notifications.actions import change_mail_settings
from network.notifications.models import Notification
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def listed(page) -> str:
    return page.get("/forums/bookmarks/").content.decode()


def reminders(user) -> list:
    deliver_events()
    return list(Notification.objects.visible_to(user).filter(verb="reminded"))


def test_one_press_keeps_a_post_and_two_keep_it_once(page):
    post = a_post(markdown="We paired each newcomer.")
    for _ in range(2):
        answer = page.post(f"{post.get_absolute_url()}bookmark/")
        assert answer.url == post.get_absolute_url()
    assert Bookmark.objects.count() == 1
    thread = page.get(post.thread.get_absolute_url()).content.decode()
    assert f'<a class="link" id="bookmark-{post.number}"' in thread
    assert "We paired each newcomer." in listed(page)


def test_a_thread_and_a_post_in_it_are_kept_apart(page):
    post = a_post()
    page.post(f"/forums/thread/{post.thread_id}/bookmark/")
    page.post(f"{post.get_absolute_url()}bookmark/")
    assert Bookmark.objects.count() == 2
    text = page.get(post.thread.get_absolute_url()).content.decode()
    assert '<a class="link" id="bookmark-thread"' in text


def test_with_htmx_the_button_alone_changes(page):
    post = a_post()
    address = f"{post.get_absolute_url()}bookmark/"
    text = page.post(address, HTTP_HX_REQUEST="true").content.decode()
    assert text.strip().startswith('<a class="link"')
    assert f'href="{address}"' in text
    edit = page.get(address, follow=True).content.decode()
    assert "Note to yourself" in edit


def test_a_note_and_a_day_are_kept_and_a_past_day_is_refused_beside_its_field(page):
    page.post(f"{a_post().get_absolute_url()}bookmark/")
    row = Bookmark.objects.get()
    address = f"/forums/bookmarks/{row.pk}/"
    past = {"note": "Ask Neema", "remind_on": "2020-01-01"}
    answer = page.post(address, past)
    assert answer.status_code == 422
    assert "Choose a day from tomorrow on." in answer.content.decode()
    assert "Ask Neema" in answer.content.decode()
    day = timezone.localdate() + timedelta(days=7)
    page.post(address, {"note": "Ask Neema", "remind_on": day.isoformat()})
    assert "Ask Neema" in listed(page)
    assert f'value="{day.isoformat()}"' in page.get(address).content.decode()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_tomorrow_is_that_of_where_one_is(page, member, zone):
    """One of them has another day than UTC, whatever the hour."""
    change_mail_settings(member, time_zone=zone)
    page.post(f"{a_post().get_absolute_url()}bookmark/")
    address = f"/forums/bookmarks/{Bookmark.objects.get().pk}/"
    today = timezone.localdate(timezone=ZoneInfo(zone))
    days = (today, 422), (today + timedelta(days=1), 302), (date.max, 422)
    for day, status in days:
        sent = {"note": "", "remind_on": day.isoformat()}
        assert page.post(address, sent).status_code == status


def test_removing_can_be_undone(page):
    page.post(f"{a_post().get_absolute_url()}bookmark/")
    row = Bookmark.objects.get()
    change_bookmark(row, "Keep me", None)
    answer = page.post(f"/forums/bookmarks/{row.pk}/remove/", follow=True)
    assert "You have no bookmarks" in answer.content.decode()
    assert "Undo" in answer.content.decode()
    page.post(f"/forums/bookmarks/{row.pk}/restore/")
    assert "Keep me" in listed(page)
    row.refresh_from_db()
    page.post(f"/forums/bookmarks/{row.pk}/remove/")
    Bookmark.objects.update(removed_at=timezone.now() - timedelta(days=2))
    forget_removed_bookmarks()
    assert Bookmark.objects.count() == 0


def test_nobody_else_opens_or_removes_it(page, member):
    row = add_bookmark(a_member(), a_thread())
    for name in ("", "remove/", "restore/"):
        assert page.post(f"/forums/bookmarks/{row.pk}/{name}").status_code == 404


def test_it_vanishes_with_what_it_points_to_and_comes_back(page, member):
    thread, post = a_thread(title="Moved away"), a_post(markdown="Hidden words")
    here = thread.forum
    add_bookmark(member, thread)
    row = add_bookmark(member, post.thread, post)
    hide_post(post)
    move_thread(thread, a_forum(STAFF))
    text = listed(page)
    assert "Moved away" not in text
    assert "Hidden words" not in text
    assert page.get(f"/forums/bookmarks/{row.pk}/").status_code == 404
    move_thread(thread, here)
    assert "Moved away" in listed(page)


def test_the_reminder_comes_once_on_its_day(member):
    row = add_bookmark(member, a_thread())
    tomorrow = timezone.localdate() + timedelta(days=1)
    change_bookmark(row, "", tomorrow)
    remind_of_bookmarks()
    assert reminders(member) == []
    Bookmark.objects.update(remind_at=timezone.now() - timedelta(minutes=1))
    for _ in range(2):
        remind_of_bookmarks()
    (one,) = reminders(member)
    assert one.letter is not None
    row.refresh_from_db()
    change_bookmark(row, "", tomorrow + timedelta(days=7))
    Bookmark.objects.update(remind_at=timezone.now() - timedelta(minutes=1))
    remind_of_bookmarks()
    assert len(reminders(member)) == 1


def test_nothing_reminds_of_what_one_may_no_longer_see(member):
    row = add_bookmark(member, a_thread())
    change_bookmark(row, "", timezone.localdate() + timedelta(days=1))
    move_thread(row.thread, a_forum(STAFF))
    Bookmark.objects.update(remind_at=timezone.now() - timedelta(minutes=1))
    remind_of_bookmarks()
    assert reminders(member) == []


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_costs_the_same_however_long(
    page, member, django_assert_max_num_queries, many
):
    for _ in range(many):
        post = a_post()
        add_bookmark(member, post.thread, post)
    page.get("/forums/bookmarks/")
    with django_assert_max_num_queries(12):
        listed(page)
