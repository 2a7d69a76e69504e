"""What is decided about a thread: title, closing, pinning, moving."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from forums.actions import (
    accept_answer,
    change_thread,
    close_thread,
    move_thread,
    pin_thread,
)
from forums.actions.settings import MOST_PINNED
from forums.models import Thread
from network.audience import MEMBERS, PUBLIC, STAFF, pending_restrictions
from network.notifications.models import Subscription
from tests.exchange.factories import a_partnership
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db


def url(name: str, thread) -> str:
    return reverse(f"forums:{name}", args=[thread.pk])


SETTINGS = {"title": "A better title", "kind": "question", "language": "nn"}


def test_who_began_it_changes_the_title_and_old_addresses_lead_there(client):
    thread = a_thread()
    old = thread.get_absolute_url()
    client.force_login(thread.author)
    answer = client.post(url("thread_settings", thread), SETTINGS)
    assert answer.url.endswith("-a-better-title/")
    assert client.get(old).url == answer.url
    assert 'lang="nn">A better title' in client.get(answer.url).content.decode()


def test_who_may_only_read_may_not_change_and_who_may_not_see_finds_nothing(client):
    thread = a_thread()
    closed = a_thread(a_forum(STAFF), a_staff())
    client.force_login(a_member())
    for name in ("thread_settings", "thread_pin", "thread_unpin", "thread_move"):
        assert client.post(url(name, thread)).status_code == 403
        assert client.post(url(name, closed)).status_code == 404
    close_thread(thread)
    client.force_login(thread.author)
    assert client.get(url("thread_settings", thread)).status_code == 403


def test_a_missing_title_is_told_and_the_rest_kept(client):
    thread = a_thread()
    client.force_login(a_staff())
    answer = client.post(url("thread_settings", thread), {**SETTINGS, "title": ""})
    assert answer.status_code == 422
    assert answer.context["form"]["language"].value() == "nn"


def test_what_is_no_longer_a_question_has_no_accepted_answer(client):
    thread = a_thread(kind=Thread.Kind.QUESTION)
    accept_answer(a_post(thread), thread.author)
    thread.refresh_from_db()
    since = thread.revision
    change_thread(thread, **{**SETTINGS, "kind": "discussion"}, themes=[])
    thread.refresh_from_db()
    assert thread.accepted_post is None
    client.force_login(thread.author)  # whose page is open
    news = client.get(url("thread_news", thread), {"since": since}).text
    assert 'class="post" id="post-2"' in news


def test_why_it_was_closed_is_told_in_the_thread_until_it_is_open_again(client):
    thread = a_thread()
    client.force_login(a_staff())
    client.post(url("thread_close", thread), {"note": "It goes on in the new one."})
    client.logout()
    client.force_login(a_member())
    there = thread.get_absolute_url()
    assert "It goes on in the new one." in client.get(there).content.decode()
    client.force_login(a_staff())
    client.post(url("thread_reopen", thread))
    assert "It goes on" not in client.get(there).content.decode()


def test_a_note_that_is_too_long_is_kept_and_nothing_closed(client):
    thread = a_thread()
    client.force_login(a_staff())
    answer = client.post(url("thread_close", thread), {"note": "n" * 301})
    assert answer.status_code == 422 and "n" * 301 in answer.content.decode()
    assert Thread.objects.get(pk=thread.pk).is_open


def test_pinned_until_unpinned_and_at_most_a_few(client):
    forum = a_forum()
    client.force_login(a_staff())
    for _ in range(MOST_PINNED):
        pin_thread(a_thread(forum))
    thread = a_thread(forum)
    answer = client.post(url("thread_pin", thread), follow=True)
    assert "unpin one first" in answer.content.decode()
    other = forum.threads.exclude(pinned_at=None).first()
    client.post(url("thread_unpin", other))
    client.post(url("thread_pin", thread))
    pinned = forum.threads.exclude(pinned_at=None)
    assert thread in pinned and other not in pinned


# Moving


def moved(client, thread, forum):
    """Asked first, then done; gives both answers."""
    asked = client.post(url("thread_move", thread), {"forum": forum.pk})
    sent = {"forum": forum.pk, "told": asked.context["told"]}
    return asked, client.post(url("thread_move", thread), sent, follow=True)


def test_moving_says_first_who_loses_what_and_moves_only_when_told(client):
    partnership = a_partnership("Open Window")
    insider = a_member(of=partnership)
    thread = a_thread(a_forum(PUBLIC), followers=[a_member(), a_member(), insider])
    a_post(thread, insider)
    ours, staff = (
        a_forum(partnership.own_audience, name="Our own"),
        a_staff(of=partnership),
    )
    client.force_login(staff)
    asked = client.post(url("thread_move", thread), {"forum": ours.pk})
    text = " ".join(asked.content.decode().split())
    assert "Open to all" in text and "The partnership Open Window" in text
    assert "3 people who follow it will no longer see it" in text  # one began it
    assert "1 person who wrote there loses sight of their own words." in text
    assert "Visitors who are not signed in can no longer read it." in text
    assert Thread.objects.get(pk=thread.pk).forum != ours
    _asked, done = moved(client, thread, ours)
    thread.refresh_from_db()
    assert thread.forum == ours and thread.moved_at
    assert f"thread.{thread.pk}" in pending_restrictions()
    assert "Move it back" in done.content.decode()


def test_told_of_another_audience_one_is_asked_anew(client):
    thread, other = a_thread(), a_forum(PUBLIC)
    client.force_login(a_staff())
    asked = client.post(url("thread_move", thread), {"forum": other.pk})
    other.audience = STAFF
    other.save()
    sent = {"forum": other.pk, "told": asked.context["told"]}
    assert client.post(url("thread_move", thread), sent).context["change"].lose
    assert Thread.objects.get(pk=thread.pk).forum != other


def test_moving_back_is_one_link_away(client):
    thread, other = a_thread(), a_forum()
    was = thread.forum
    client.force_login(a_staff())
    moved(client, thread, other)
    back = client.get(url("thread_move", thread), {"forum": was.pk})
    assert back.context["form"]["forum"].value() == str(was.pk)
    moved(client, thread, was)
    thread.refresh_from_db()
    assert thread.forum == was


def test_moderators_move_between_their_own_forums_only(client):
    moderator = a_member()
    own, other = a_forum(moderators=[moderator]), a_forum()
    thread = a_thread(a_forum(moderators=[moderator]))
    client.force_login(moderator)
    answer = client.post(url("thread_move", thread), {"forum": other.pk})
    assert answer.status_code == 422
    moved(client, thread, own)
    thread.refresh_from_db()
    assert thread.forum == own


def test_where_a_thread_was_moved_meanwhile_it_finds_no_room_among_the_pinned():
    full = a_forum()
    for _n in range(MOST_PINNED):
        pin_thread(a_thread(full))
    thread = a_thread()
    move_thread(Thread.objects.get(pk=thread.pk), full)
    with pytest.raises(ValidationError):
        pin_thread(thread)  # as it was when the page asked


def test_a_moved_thread_is_pinned_no_more_and_followers_stay():
    follower = a_member()
    thread = a_thread(followers=[follower])
    pin_thread(thread)
    move_thread(thread, a_forum(MEMBERS))
    thread.refresh_from_db()
    assert thread.pinned_at is None
    assert Subscription.objects.filter(user=follower).exists()
