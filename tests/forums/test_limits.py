"""How much one may write grows with time; whoever writes too much is told how long."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from forums.actions import flag_post, send_edit, send_reply, send_thread
from forums.limits import TooSoon
from forums.models import Draft, Flag, Mention, Post
from network.events import deliver_events
from network.people.models import User
from tests.factories import a_forum, a_member, a_post, a_staff, a_thread, as_seen


def url(name, *args):
    return reverse(f"forums:{name}", args=args)


def earlier(rows, **ago):
    rows.update(created_at=timezone.now() - timedelta(**ago))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def thread(db):
    return a_thread()


@pytest.fixture
def newcomer(db):
    return a_member()


def written(thread, author, n):
    for _n in range(n):
        a_post(thread, author)


def test_a_newcomer_who_writes_too_fast_is_told_how_long_and_keeps_the_text(
    client, thread, newcomer
):
    written(thread, newcomer, 6)
    earlier(Post.objects.filter(author=newcomer), minutes=3)
    client.force_login(newcomer)
    form = {"markdown": "One more thing.", "language": "en"}
    page = client.post(url("thread_reply", thread.pk), form)
    assert page.status_code == 429
    assert 400 <= int(page["Retry-After"]) <= 421
    assert "You have written much in a short time." in page.text
    assert "You can go on in 7\u00a0minutes." in page.text
    assert "One more thing." in page.text
    assert Draft.objects.get(author=newcomer).markdown == "One more thing."

    earlier(Post.objects.filter(author=newcomer), minutes=11)
    assert client.post(url("thread_reply", thread.pk), form).status_code == 302


def test_in_the_first_week_one_begins_three_threads_a_day(client, newcomer):
    forum = a_forum()
    client.force_login(newcomer)
    form = {"markdown": "How?", "language": "en", "kind": "question"}
    for n in range(3):
        client.post(url("thread_new", forum.slug), {**form, "title": f"Thread {n}"})
    page = client.post(url("thread_new", forum.slug), {**form, "title": "Thread 4"})
    assert page.status_code == 429
    assert "You have begun many threads." in page.text and "1\u00a0day" in page.text
    assert "Thread 4" in page.text
    assert newcomer.threads.count() == 3

    week_ago = timezone.now() - timedelta(days=8)
    User.objects.filter(pk=newcomer.pk).update(date_joined=week_ago)
    page = client.post(url("thread_new", forum.slug), {**form, "title": "Thread 4"})
    assert page.status_code == 302


def test_posts_that_wait_count_as_well(newcomer):
    forum = a_forum(hold_newcomers=9)
    for n in range(3):
        send_thread(forum, newcomer, title=str(n), markdown="How?", language="en")
    with pytest.raises(TooSoon):
        send_thread(forum, newcomer, title="4", markdown="How?", language="en")


def test_moderators_and_staff_have_no_limits(newcomer):
    forum = a_forum(moderators=[newcomer])
    thread = a_thread(forum)
    for who in (as_seen(newcomer), a_staff()):
        for _n in range(7):
            send_reply(thread, who, markdown="So it is.")


def test_what_was_sent_already_is_no_second_try(thread, newcomer):
    written(thread, newcomer, 5)
    first = send_reply(thread, newcomer, markdown="So it is.", token="t")
    assert send_reply(thread, newcomer, markdown="So it is.", token="t") == first
    with pytest.raises(TooSoon):
        send_reply(thread, newcomer, markdown="So it was.", token="u")


def test_edits_are_limited_too(client, thread, newcomer):
    post = a_post(thread, newcomer)
    for n in range(30):
        send_edit(post, newcomer, markdown=f"Text {n}")
        post.refresh_from_db()
    client.force_login(newcomer)
    form = {"markdown": "Once more", "language": "en", "version": post.edits}
    page = client.post(url("post_edit", thread.pk, post.number), form)
    assert page.status_code == 429
    assert "You have changed posts many times." in page.text
    assert "Once more" in page.text


def test_so_are_reports(client, thread, newcomer):
    for _n in range(10):
        flag_post(a_post(thread), newcomer, Flag.Reason.SPAM)
    client.force_login(newcomer)
    post = a_post(thread)
    there = url("post_flag", thread.pk, post.number)
    page = client.post(there, {"reason": "spam", "words": "Again"})
    assert page.status_code == 429 and "Retry-After" in page
    assert "You have reported many posts." in page.text and "Again" in page.text


def named(n) -> str:
    return " ".join(f"@{a_member().profile.slug}" for _n in range(n))


def test_a_mention_bomb_over_many_posts_is_stopped_and_its_words_are_kept(
    client, thread, newcomer
):
    client.force_login(newcomer)
    first = send_reply(thread, newcomer, markdown=f"Look: {named(9)}")
    Mention.objects.update(made_at=timezone.now() - timedelta(minutes=20))
    send_reply(thread, newcomer, markdown=f"Look: {named(5)}")
    deliver_events()
    text = f"Look: {named(2)}"
    there = url("thread_reply", thread.pk)
    page = client.post(there, {"markdown": text, "language": "en"})
    assert page.status_code == 429 and 2300 <= int(page["Retry-After"]) <= 2401
    assert "You have mentioned many people in a short time." in page.text
    assert "You can go on in 40\u00a0minutes." in page.text and text in page.text
    assert Draft.objects.get(author=newcomer).markdown == text
    form = {"markdown": text, "language": "en", "title": "Look", "kind": "question"}
    page = client.post(url("thread_new", thread.forum.slug), form)
    assert page.status_code == 429 and text in page.text
    edit = url("post_edit", thread.pk, first.number)
    page = client.post(edit, {"markdown": text, "language": "en", "version": 0})
    assert page.status_code == 429 and text in page.text
    deliver_events()
    assert Mention.objects.count() == 14 and Post.objects.count() == 3

    form = {"markdown": f"Look: {named(1)}", "language": "en"}
    assert client.post(there, form).status_code == 302
    assert client.post(there, {**form, "markdown": "Now @nobody"}).status_code == 302
    earlier_made = timezone.now() - timedelta(minutes=61)
    Mention.objects.filter(post=first).update(made_at=earlier_made)
    assert client.post(there, {"markdown": text, "language": "en"}).status_code == 302


def test_later_one_may_mention_more_and_those_who_moderate_anybody(thread, newcomer):
    week_ago = timezone.now() - timedelta(days=8)
    known = a_member()
    User.objects.filter(pk=known.pk).update(date_joined=week_ago)
    known.refresh_from_db()
    for _n in range(6):
        send_reply(thread, known, markdown=named(10))
    with pytest.raises(TooSoon):
        send_reply(thread, known, markdown=named(1))
    room = a_thread(a_forum(moderators=[newcomer]))
    for _n in range(2):
        send_reply(room, as_seen(newcomer), markdown=named(10))
    send_reply(thread, as_seen(newcomer), markdown="Nobody @new is named.")


def test_a_limit_is_nothing_to_be_put_right(client, thread, newcomer):
    written(thread, newcomer, 6)
    client.force_login(newcomer)
    there = url("thread_reply", thread.pk)
    page = client.post(there, {"markdown": "One more", "language": "en"}).text
    assert "You have reached a limit" in page and "must be put right" not in page
    page = client.post(there, {"markdown": "", "language": "en"}).text
    assert "One thing must be put right" in page and "a limit" not in page


def test_asking_costs_one_query(thread, newcomer, django_assert_num_queries):
    from forums.limits import check_limit

    written(thread, newcomer, 3)
    for kind in ("posts", "threads", "edits", "flags"):
        with django_assert_num_queries(1):
            check_limit(newcomer, kind)


def test_they_can_be_turned_off_for_measuring(thread, newcomer, settings):
    settings.FORUM_LIMITS = False
    for _n in range(30):
        send_reply(thread, newcomer, markdown="So it is.")
