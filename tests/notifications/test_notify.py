import pytest
from django.db import connection, transaction

from forums.actions import (
    accept_answer,
    hide_post,
    move_thread,
    post_reply,
    restore_post,
    set_forum_audience,
    start_thread,
    unaccept_answer,
)
from forums.models import Thread
from network.audience import STAFF
from network.events import deliver_events
from network.notifications.actions import set_level
from network.notifications.models import Level, Notification, Subscription
from network.notifications.reading import unread_of
from network.people.actions import block, restore, suspend
from network.people.models import User
from tests.forums.factories import a_forum, a_post, a_thread
from tests.notifications.helpers import inbox, letters
from tests.people.factories import a_member, a_staff


def unread(user) -> int:
    return unread_of(User.objects.get(pk=user.pk))


def test_followers_hear_of_an_answer_and_its_author_does_not(db):
    asker, follower, other, writer = (a_member() for _ in range(4))
    post_reply(a_thread(author=asker, followers=[follower]), writer, "I did.")
    deliver_events()
    assert inbox(asker) == inbox(follower) == ["replied"]
    assert inbox(other) == inbox(writer) == []


def test_whoever_has_answered_hears_of_the_next_answer(db):
    thread, first = a_thread(), a_member()
    post_reply(thread, first, "First."), a_post(thread)
    deliver_events()
    assert inbox(first) == ["replied"]


def test_a_new_thread_reaches_those_who_follow_its_forum_its_theme_or_its_author(db):
    from network.themes.models import Theme

    forum, author = a_forum(), a_member()
    theme = Theme.objects.create(slug="hosting", scheme="process")
    of_forum, of_theme, of_author = a_member(), a_member(), a_member()
    for user, row in [
        (of_forum, forum), (of_theme, theme), (of_author, author.profile)
    ]:  # fmt: skip
        Subscription.objects.follow(user, row)
    start_thread(
        forum, author, title="Ask", markdown="x", language="en", themes=[theme]
    )
    deliver_events()
    assert inbox(of_forum) == inbox(of_theme) == inbox(of_author) == ["started"]


def test_told_once_however_often_the_event_is_delivered(db):
    asker = a_member()
    post = a_post(a_thread(author=asker))
    deliver_events()
    from forums.events import ReplyPosted
    from network.events import publish

    with transaction.atomic():
        publish(ReplyPosted(post=post.pk))
    deliver_events()
    assert inbox(asker) == ["replied"]
    assert len(letters()) == 1


def test_who_was_told_is_found_by_what_it_was_among_a_year_of_news(db):
    if connection.vendor == "postgresql":  # it reads a table whole while it is small
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Notification.objects.about({"post": [1]}).explain()
    assert "told_of" in plan


def test_who_muted_is_told_nothing(db):
    thread, muting = a_thread(), a_member()
    set_level(muting, thread, Level.MUTED)
    a_post(thread)
    deliver_events()
    assert inbox(muting) == []


def test_a_level_one_chose_stands_against_automatic_following(db):
    thread, member = a_thread(), a_member()
    set_level(member, thread, Level.NORMAL)
    post_reply(thread, member, "And still.")
    a_post(thread)
    deliver_events()
    assert inbox(member) == []


def test_the_accepted_one_is_told(db):
    thread, helper = a_thread(kind=Thread.Kind.QUESTION), a_member()
    accept_answer(post_reply(thread, helper, "So."), thread.author)
    deliver_events()
    assert inbox(helper) == ["accepted"]


@pytest.mark.parametrize("how", ["taken back", "another", "hidden"])
def test_what_is_accepted_no_longer_is_not_told(db, how):
    thread, helper = a_thread(kind=Thread.Kind.QUESTION), a_member()
    answer = post_reply(thread, helper, "So.")
    accept_answer(answer, thread.author)
    deliver_events()
    if how == "taken back":
        unaccept_answer(answer)
    elif how == "another":
        accept_answer(post_reply(thread, a_member(), "Or so."), thread.author)
    else:
        hide_post(answer)
        restore_post(answer)
    deliver_events()
    assert "accepted" not in inbox(helper)
    assert unread(helper) == (how == "another")
    assert [one for one in letters() if helper.email in one.to] == []


def test_an_acceptance_taken_back_before_it_was_told_is_not_told(db):
    thread, helper = a_thread(kind=Thread.Kind.QUESTION), a_member()
    answer = post_reply(thread, helper, "So.")
    accept_answer(answer, thread.author)
    unaccept_answer(answer)
    deliver_events()
    assert inbox(helper) == []


def test_what_is_accepted_again_is_told_unless_it_was_known(db):
    thread, helper = a_thread(kind=Thread.Kind.QUESTION), a_member()
    answer = post_reply(thread, helper, "So.")
    for mailed in (1, 1):
        accept_answer(answer, thread.author)
        deliver_events()
        unaccept_answer(answer)
        deliver_events()
        accept_answer(answer, thread.author)
        deliver_events()
        assert len([one for one in letters() if helper.email in one.to]) == mailed
        unaccept_answer(answer)
        deliver_events()


# What may no longer be seen is not told


@pytest.fixture
def told(db):
    """(reader, post): the reader was told of the post."""
    reader = a_member()
    post = a_post(a_thread(author=a_member(), followers=[reader]))
    deliver_events()
    assert inbox(reader) == ["replied"]
    assert unread(reader) == 1
    return reader, post


def test_not_after_the_post_was_hidden(told):
    reader, post = told
    hide_post(post)
    assert (inbox(reader), unread(reader)) == ([], 0)


def test_not_after_the_thread_was_moved(told):
    reader, post = told
    move_thread(post.thread, a_forum(STAFF))
    assert (inbox(reader), unread(reader)) == ([], 0)


def test_not_after_the_forum_was_closed(told):
    reader, post = told
    set_forum_audience(post.thread.forum, STAFF)
    assert (inbox(reader), unread(reader)) == ([], 0)


def test_not_of_someone_who_is_blocked(told):
    reader, post = told
    block(reader, post.author)
    assert (inbox(reader), unread(reader)) == ([], 0)


def test_not_while_suspended_and_again_when_restored(told):
    reader, _post = told
    suspend(reader, by=a_staff())
    assert (inbox(reader), unread(reader)) == ([], 0)
    restore(reader)
    assert (inbox(reader), unread(reader)) == (["replied"], 1)


def test_a_follower_who_may_not_see_the_thread_hears_nothing(db):
    outsider, staff = a_member(), a_staff()
    thread = a_thread(a_forum(STAFF), author=staff, followers=[outsider])
    a_post(thread, author=a_staff())
    deliver_events()
    assert inbox(staff) == ["replied"]
    assert inbox(outsider) == []
