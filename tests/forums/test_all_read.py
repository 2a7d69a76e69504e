"""Marking a forum as read: one row, and what is unread stays right ever after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions import (
    hide_post,
    mark_all_read,
    move_thread,
    restore_post,
    unmark_all_read,
)
from forums.models import Forum, ForumMark, ReadMark, Thread
from forums.unread import first_unread, new_only, news_of, unread_only, with_unread
from network.audience import STAFF
from network.events import deliver_events
from network.notifications.actions import set_level
from network.notifications.models import Level, Notification
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return a_member("Rut Reader", language="en")


@pytest.fixture
def page(client, reader):
    client.force_login(reader)
    return client


def state(reader, thread) -> tuple[int, bool]:
    """(unread posts, is new), and that the lists and counts say the same."""
    row = with_unread(Thread.objects.all(), reader).get(pk=thread.pk)
    threads = Thread.objects.filter(pk=thread.pk)
    assert new_only(threads, reader).exists() == row.is_new
    assert unread_only(threads, reader).exists() == bool(row.unread)
    return row.unread, row.is_new


def news(reader, forum) -> int:
    return news_of([forum.pk], reader).get(forum.pk, 0)


def test_after_all_is_read_a_new_post_is_one_unread(reader):
    forum = a_forum()
    opened, fresh = a_thread(forum), a_thread(forum)
    ReadMark.objects.read_to(reader, opened, 1)
    a_post(opened)
    assert news(reader, forum) == 2
    mark_all_read(reader, [forum])
    assert state(reader, opened) == state(reader, fresh) == (0, False)
    assert news(reader, forum) == 0
    post = a_post(fresh)
    assert state(reader, fresh) == (1, False)
    assert first_unread(fresh, reader) == post
    assert news(reader, forum) == 1
    assert state(reader, a_thread(forum)) == (0, True)
    assert news(reader, forum) == 2


def test_it_takes_one_row_a_forum_however_many_threads(reader):
    forum = a_forum()
    for _ in range(5):
        a_thread(forum)
    mark_all_read(reader, [forum])
    assert (
        ForumMark.objects.count(),
        ReadMark.objects.filter(user=reader).count(),
    ) == (1, 0)


def test_reading_goes_on_from_there(page, reader):
    thread = a_thread()
    mark_all_read(reader, [thread.forum])
    a_post(thread), a_post(thread)
    html = page.get(thread.get_absolute_url()).content.decode()
    assert (
        html.index('id="post-1"') < html.index('id="new"') < html.index('id="post-2"')
    )
    assert state(reader, thread) == (0, False)
    a_post(thread)
    assert state(reader, thread) == (1, False)


def test_ones_own_posts_and_hidden_ones_are_not_counted(reader):
    thread = a_thread()
    mark_all_read(reader, [thread.forum])
    a_post(thread, author=reader)
    post = a_post(thread)
    hide_post(post)
    assert state(reader, thread) == (0, False)
    restore_post(post)
    assert state(reader, thread) == (1, False)


def test_what_was_read_stays_read_when_its_thread_moves(reader):
    thread, other = a_thread(), a_forum()
    a_post(thread)
    mark_all_read(reader, [thread.forum])
    move_thread(thread, other)
    assert state(reader, thread) == (0, False)
    a_post(thread)
    assert state(reader, thread) == (1, False)


def test_what_moves_in_was_not_read_with_the_forum(reader):
    thread, other = a_thread(), a_forum()
    mark_all_read(reader, [other])
    move_thread(thread, other)
    assert state(reader, thread) == (0, True)
    mark_all_read(reader, [other])
    assert state(reader, thread) == (0, False)


def test_reading_further_in_a_moved_thread_is_not_taken_back(reader):
    thread = a_thread()
    mark_all_read(reader, [thread.forum])
    a_post(thread), a_post(thread)
    ReadMark.objects.read_to(reader, thread, 3)
    move_thread(thread, a_forum())
    assert state(reader, thread) == (0, False)


def test_what_came_while_the_page_was_open_stays_unread(page, reader):
    thread = a_thread()
    seen = page.get("/forums/").context["seen"]
    late = a_thread(thread.forum)
    page.post("/forums/read/", {"seen": seen.isoformat()})
    assert state(reader, thread) == (0, False)
    assert state(reader, late) == (0, True)


def test_an_old_device_does_not_undo_what_a_newer_one_read(reader):
    thread = a_thread()
    before = timezone.now() - timedelta(hours=1)
    mark_all_read(reader, [thread.forum])
    mark_all_read(reader, [thread.forum], before)
    assert state(reader, thread) == (0, False)
    assert unmark_all_read(reader, before) is False
    assert state(reader, thread) == (0, False)


def test_undo_gives_back_what_was_before_and_pressing_it_twice_no_more(page, reader):
    thread = a_thread()
    page.post("/forums/read/")
    a_post(thread)
    there = page.post(f"/forums/{thread.forum.slug}/read/").url
    assert state(reader, thread) == (0, False)
    answer = page.get(there)
    assert "All is marked as read." in answer.content.decode()
    sent = {"read": answer.context["undo"].isoformat(), "forum": thread.forum.slug}
    for _ in range(2):
        assert (
            page.post("/forums/read/undo/", sent).url == thread.forum.get_absolute_url()
        )
        assert state(reader, thread) == (1, False)


def test_news_of_what_is_marked_is_read_too_but_for_what_concerns_oneself(page, reader):
    thread, other = a_thread(followers=[reader]), a_thread(followers=[reader])
    set_level(reader, thread, Level.WATCHING)
    a_post(thread), a_post(other), a_post(thread, markdown="Ask @rut-reader.")
    deliver_events()

    def unread():
        rows = Notification.objects.unread().filter(recipient=reader)
        return sorted(rows.values_list("verb", flat=True))

    assert unread() == ["mentioned", "replied", "replied"]
    there = page.post(f"/forums/{thread.forum.slug}/read/").url
    assert unread() == ["mentioned", "replied"]
    undo = page.get(there).context["undo"].isoformat()
    page.post("/forums/read/undo/", {"read": undo})
    assert unread() == ["mentioned", "replied", "replied"]
    page.post("/forums/read/")
    assert unread() == ["mentioned"]


def test_a_forum_is_marked_with_those_below_it_and_no_others(page, reader):
    above = a_forum()
    below, other = a_forum(parent=above), a_forum()
    threads = [a_thread(one) for one in (above, below, other)]
    page.post(f"/forums/{above.slug}/read/")
    assert [state(reader, one)[1] for one in threads] == [False, False, True]


def test_nonsense_and_strangers_change_nothing(client, page):
    closed = a_forum(STAFF)
    assert page.post(f"/forums/{closed.slug}/read/").status_code == 404
    for at in ("yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert page.post("/forums/read/undo/", {"read": at}).status_code == 302
        assert page.get("/inbox/", {"read": at}).status_code == 200
        assert page.get("/inbox/news/", {"since": at}).status_code == 404
    assert page.get("/forums/read/").status_code == 405
    client.logout()
    assert "/login/" in client.post("/forums/read/").url
    assert not ForumMark.objects.filter(forum=closed).exists()


# What lists tell


def test_forums_tell_how_many_threads_have_news(page):
    above = a_forum(name="Above")
    below = a_forum(parent=above, name="Below")
    a_thread(below), a_thread(below)
    for address in ("/forums/", above.get_absolute_url()):
        assert "2 with news" in page.get(address).content.decode()
    page.post("/forums/read/")
    text = page.get("/forums/").content.decode()
    assert "with news" not in text and "Mark all as read" not in text


def test_a_visitor_is_told_of_no_news(client):
    a_thread(a_forum("public"))
    text = client.get("/forums/").content.decode()
    assert "with news" not in text and "Mark all as read" not in text


def test_a_forum_shows_the_rooms_below_it_and_the_way_up(page):
    above = a_forum(name="Above")
    below = a_forum(parent=above, name="Below")
    a_forum(STAFF, parent=above, name="Back room")
    a_thread(below, title="The latest below")
    text = page.get(above.get_absolute_url()).content.decode()
    assert "The latest below" in text and "Back room" not in text
    assert (
        above.get_absolute_url() in page.get(below.get_absolute_url()).content.decode()
    )


def test_whoever_sees_only_the_lower_room_is_not_told_of_the_upper(client):
    moderator = a_member()
    above = a_forum(STAFF, name="Behind")
    below = a_forum(STAFF, [moderator], parent=above)
    client.force_login(moderator)
    answer = client.get(below.get_absolute_url())
    assert answer.status_code == 200 and "Behind" not in answer.content.decode()


@pytest.mark.parametrize("many", [1, 9])
def test_pages_cost_the_same_however_many_rooms(
    page, reader, django_assert_max_num_queries, many
):
    above = a_forum()
    for _ in range(many):
        thread = a_thread(a_forum(parent=above))
        Thread.objects.filter(pk=a_thread(above).pk).update(pinned_at=timezone.now())
        a_thread(above)
        mark_all_read(reader, [thread.forum])
        a_post(thread)
    addresses = ["/forums/", above.get_absolute_url(), thread.get_absolute_url()]
    for address in addresses:
        page.get(address)
        with django_assert_max_num_queries(12):
            assert page.get(address).status_code == 200


def test_pinned_threads_stand_first_on_the_first_page_only(page):
    forum = a_forum()
    pinned = a_thread(forum, title="Pinned and old")
    Thread.objects.filter(pk=pinned.pk).update(pinned_at=timezone.now())
    for _ in range(21):
        a_thread(forum)
    first = page.get(forum.get_absolute_url()).context["page"].object_list
    second = page.get(forum.get_absolute_url(), {"page": 2}).context["page"].object_list
    assert first[0] == pinned and len(first) == 21
    assert pinned not in second and len(second) == 1
    assert Forum.objects.count()
