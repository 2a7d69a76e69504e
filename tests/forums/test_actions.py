import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from forums.actions import (
    accept_answer,
    close_thread,
    edit_post,
    hide_post,
    move_thread,
    post_reply,
    reopen_thread,
    restore_post,
    set_forum_audience,
    start_thread,
)
from forums.models import Post, Thread
from network.audience import MEMBERS, PUBLIC, STAFF, can_see, pending_restrictions
from network.people.actions import block
from network.people.models import User
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_staff


def fresh(user) -> User:
    """The user with nothing remembered of earlier rights."""
    return User.objects.get(pk=user.pk)


def test_posts_are_numbered_from_one_without_gaps(db):
    thread = a_thread()
    a_post(thread), a_post(thread)
    numbers = Post.objects.filter(thread=thread).values_list("number", flat=True)
    assert list(numbers.order_by("number")) == [1, 2, 3]


def test_markdown_is_rendered_once_and_made_safe(db):
    post = a_post(markdown="**Yes** <script>alert(1)</script>")
    assert "<strong>Yes</strong>" in post.html
    assert "<script" not in post.html


@pytest.mark.django_db(transaction=True)
def test_posts_sent_at_once_get_a_number_each():
    thread, authors = a_thread(), [a_member() for _ in range(8)]

    def write(author):
        for _ in range(3):
            post_reply(thread, author, "At the same time.")
        connection.close()

    threads = [threading.Thread(target=write, args=(one,)) for one in authors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    numbers = thread.posts.values_list("number", flat=True).order_by("number")
    assert list(numbers) == list(range(1, 26))


def test_a_reply_sent_twice_stands_once(db):
    thread, author = a_thread(), a_member()
    first = post_reply(thread, author, "Once.", token="t")
    assert post_reply(thread, author, "Once.", token="t") == first
    assert thread.posts.count() == 2


def test_a_thread_sent_twice_stands_once(db):
    forum, author = a_forum(), a_member()
    sent = {"title": "Once", "markdown": "Only", "language": "en", "token": "t"}
    first = start_thread(forum, author, **sent)
    assert start_thread(forum, author, **sent) == first
    assert forum.threads.count() == 1


def test_somebody_elses_token_is_not_mine(db):
    thread = a_thread()
    post_reply(thread, a_member(), "Mine.", token="t")
    post_reply(thread, a_member(), "Mine too.", token="t")
    assert thread.posts.count() == 3


def test_a_closed_thread_takes_no_reply_until_it_is_open_again(db):
    thread = a_thread()
    close_thread(thread)
    with pytest.raises(ValidationError):
        a_post(thread)
    reopen_thread(thread)
    assert a_post(thread).number == 2


def test_an_edited_post_says_so(db):
    post = edit_post(a_post(), "We paired *each* newcomer.")
    assert post.edited_at
    assert "<em>each</em>" in post.html


def test_a_hidden_post_is_seen_by_its_author_and_moderators_only(db):
    moderator, author, reader = a_member(), a_member(), a_member()
    post = a_post(a_thread(a_forum(moderators=[moderator])), author)
    hide_post(post)
    assert can_see(fresh(author), post)
    assert can_see(fresh(moderator), post)
    assert can_see(a_staff(), post)
    assert not can_see(fresh(reader), post)
    restore_post(post)
    assert can_see(fresh(reader), post)


def test_a_moderator_of_another_forum_does_not_see_what_is_hidden_here(db):
    moderator = a_member()
    a_forum(moderators=[moderator])
    post = a_post()
    hide_post(post)
    assert not can_see(fresh(moderator), post)


def test_hiding_takes_the_thread_from_search_until_it_is_read_anew(db):
    post = a_post()
    hide_post(post)
    assert f"thread.{post.thread_id}" in pending_restrictions()


def test_hiding_the_accepted_answer_leaves_the_question_open(db):
    thread = a_thread(kind=Thread.Kind.QUESTION)
    post = a_post(thread)
    accept_answer(post, thread.author)
    hide_post(post)
    thread.refresh_from_db()
    assert thread.accepted_post is None


def test_only_an_answer_can_be_accepted(db):
    thread = a_thread(kind=Thread.Kind.QUESTION)
    with pytest.raises(ValidationError):
        accept_answer(thread.posts.get(), thread.author)


def test_whoever_may_not_see_the_forum_sees_nothing_in_it(db):
    post = a_post(a_thread(a_forum(STAFF)))
    reader = a_member()
    assert not can_see(reader, post.thread.forum)
    assert not can_see(reader, post.thread)
    assert not can_see(reader, post)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_waits_for_a_move_stands_in_the_thread():
    thread, author, forum = a_thread(), a_member(), a_forum()
    answers = []

    def answer():
        answers.append(post_reply(Thread.objects.get(pk=thread.pk), author, "So."))
        connection.close()

    other = threading.Thread(target=answer)
    with transaction.atomic():
        move_thread(thread, forum)
        other.start()
        other.join(0.5)  # it waits: the thread is locked
        assert not answers
    other.join()
    assert [post.thread.forum for post in answers] == [forum]


def test_a_moved_thread_has_the_audience_of_its_new_forum(db):
    thread, reader = a_thread(a_forum(PUBLIC)), a_member()
    move_thread(thread, a_forum(STAFF))
    assert not can_see(reader, thread)
    assert f"thread.{thread.pk}" in pending_restrictions()


def test_a_narrowed_forum_narrows_those_below_it(db):
    above = a_forum(PUBLIC)
    below, staff = a_forum(PUBLIC, parent=above), a_forum(STAFF, parent=above)
    set_forum_audience(above, MEMBERS)
    for forum in (above, below, staff):
        forum.refresh_from_db()
    assert (above.audience, below.audience, staff.audience) == (MEMBERS, MEMBERS, STAFF)
    assert {f"forum.{above.pk}", f"forum.{below.pk}"} <= pending_restrictions()


def test_a_forum_is_never_wider_than_the_one_above(db):
    below = a_forum(STAFF, parent=a_forum(STAFF))
    with pytest.raises(ValidationError):
        set_forum_audience(below, MEMBERS)


def test_who_blocked_each_other_do_not_see_each_others_words(db):
    thread, blocked, reader = a_thread(), a_member(), a_member()
    post, own = a_post(thread, blocked), a_thread(author=blocked)
    block(reader, blocked)
    assert can_see(fresh(reader), thread)
    assert not can_see(fresh(reader), post)
    assert not can_see(fresh(reader), own)
    assert not can_see(fresh(reader), own.posts.get())
