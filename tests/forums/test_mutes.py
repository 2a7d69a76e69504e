"""Muting somebody: nothing is heard of them, and they never learn of it."""

import pytest
from django.urls import reverse

from forums.actions import post_reply
from network.events import deliver_events
from network.notifications.models import Subscription
from network.people.actions import mute, unmute
from network.people.models import Mute
from tests.factories import a_member, a_thread, as_seen, inbox, profile_of
from tests.leaks.world import look


@pytest.fixture
def loud(db):
    return a_member("Lars Loud")


@pytest.fixture
def reader(db):
    return a_member("Rita Reader")


@pytest.fixture
def thread(reader):
    return a_thread(followers=[reader])


def test_muted_on_the_profile_and_taken_back_in_the_list(client, loud, reader):
    client.force_login(reader)
    profile = profile_of(loud)
    page = client.get(profile.get_absolute_url()).text
    there = reverse("people:person_mute", args=[profile.slug])
    assert there in page
    client.post(there)
    page = client.get("/people/muted/").text
    assert "Lars Loud" in page
    assert "You have muted this person" in client.get(profile.get_absolute_url()).text
    assert "/people/muted/" in client.get("/account/").text
    client.post(reverse("people:mute_remove", args=[Mute.objects.get().pk]))
    assert "You have muted nobody" in client.get("/people/muted/").text


def test_from_a_post_by_the_form_for_reporting(client, loud, reader, thread):
    post = post_reply(thread, loud, "LOUD WORDS")
    client.force_login(reader)
    page = client.get(f"{post.get_absolute_url()}flag/").text
    assert reverse("people:person_mute", args=[profile_of(loud).slug]) in page


def test_one_comes_back_to_the_post_with_an_undo(client, loud, reader, thread):
    post = post_reply(thread, loud, "LOUD WORDS")
    client.force_login(reader)
    there = reverse("people:person_mute", args=[profile_of(loud).slug])
    form = client.get(f"{post.get_absolute_url()}flag/").text.partition(there)[2]
    assert f'name="next" value="{post.get_absolute_url()}"' in form.partition("</")[0]
    page = client.post(there, {"next": post.get_absolute_url()}, follow=True).text
    assert "You have muted Lars Loud." in page and "whom you have muted" in page
    undo = reverse("people:mute_remove", args=[Mute.objects.get().pk])
    assert f'action="{undo}"' in page
    answer = client.post(undo, {"next": thread.get_absolute_url()})
    assert answer.url == thread.get_absolute_url()
    assert not Mute.objects.exists()
    answer = client.post(there, {"next": "https://elsewhere.example/"})
    assert answer.url == profile_of(loud).get_absolute_url()


def test_their_posts_are_folded_and_shown_on_demand(client, loud, reader, thread):
    post_reply(thread, loud, "LOUD WORDS")
    mute(reader, loud)
    client.force_login(reader)
    page = client.get(thread.get_absolute_url()).text
    assert "By Lars Loud, whom you have muted. Show it" in page
    assert "<details" in page.partition("LOUD WORDS")[0].rpartition("<article")[2]
    assert "Lars Loud has answered." not in page
    client.force_login(a_member())
    page = client.get(thread.get_absolute_url()).text
    assert "whom you have muted" not in page


def test_nothing_is_heard_of_them_and_it_is_no_news(client, loud, reader, thread):
    client.force_login(reader)
    client.get(thread.get_absolute_url())
    mute(reader, loud)
    post_reply(thread, loud, "LOUD WORDS")
    deliver_events()
    assert inbox(reader) == []
    assert thread.title not in client.get("/forums/threads/?show=unread").text
    post_reply(thread, a_member(), "Quiet words")
    deliver_events()
    assert inbox(reader) == ["replied"]
    assert thread.title in client.get("/forums/threads/?show=unread").text


def test_what_was_told_before_is_gone_until_it_is_taken_back(loud, reader, thread):
    post_reply(thread, loud, "LOUD WORDS")
    deliver_events()
    assert inbox(reader) == ["replied"]
    mute(reader, loud)
    assert inbox(as_seen(reader)) == []
    unmute(reader, loud)
    assert inbox(as_seen(reader)) == ["replied"]


def test_a_new_thread_of_theirs_is_no_news(client, loud, reader):
    forum = a_thread(author=reader).forum
    Subscription.objects.follow(reader, forum)
    mute(reader, loud)
    thread = a_thread(forum, loud)
    deliver_events()
    assert inbox(reader) == []
    client.force_login(reader)
    assert thread.title not in client.get("/forums/threads/?show=new").text
    assert thread.title in client.get(forum.get_absolute_url()).text


def test_the_muted_one_never_learns(client, loud, reader, thread):
    client.force_login(loud)
    profile = profile_of(reader)
    before = look(client, profile.get_absolute_url())
    mute(reader, loud)
    assert look(client, profile.get_absolute_url()) == before
    deliver_events()
    assert inbox(loud) == []
    assert client.get(thread.get_absolute_url()).status_code == 200


def test_nobody_mutes_themselves_and_waiting_ones_mute_nobody(client, reader):
    client.force_login(reader)
    mine = reverse("people:person_mute", args=[profile_of(reader).slug])
    assert client.post(mine).status_code == 403
    client.logout()
    assert client.post(mine).status_code == 302
