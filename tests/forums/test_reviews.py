"""Reporting posts, and one queue in which moderators decide: once, and told to both."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from forums.actions import (
    accept_answer,
    claim_review,
    decide,
    flag_post,
    hide_post,
    move_thread,
    release_review,
    restore_post,
    save_forum,
    send_reply,
)
from forums.models import Flag, Forum, Post, Review, Thread
from network.events import deliver_events
from network.people.actions import suspend
from network.people.models import User
from tests.factories import (
    a_forum,
    a_member,
    a_partnership,
    a_post,
    a_staff,
    a_thread,
    as_seen,
    inbox,
)
from tests.leaks.world import look
from tests.notifications.helpers import letters

Outcome = Review.Outcome
CONDUCT = Flag.Reason.CONDUCT


def url(name, *args):
    return reverse(f"forums:{name}", args=args)


def an_old_member(name="", **fields):
    """Whose reports count: a member for a month."""
    member = a_member(name, **fields)
    month_ago = timezone.now() - timedelta(days=30)
    User.objects.filter(pk=member.pk).update(date_joined=month_ago)
    return as_seen(member)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def moderator(db):
    return a_member("Mona Moderator")


@pytest.fixture
def thread(moderator):
    return a_thread(a_forum(moderators=[moderator], name="Hosting"), title="Rent")


@pytest.fixture
def post(thread):
    return a_post(thread, a_member("Ada Author"), "You are all fools.")


@pytest.fixture
def report(client, post):
    """report(member, **fields) -> the answer to the form."""

    def send(by, **fields):
        client.force_login(by)
        sent = {"reason": CONDUCT, **fields}
        return client.post(url("post_flag", post.thread_id, post.number), sent)

    return send


def test_whoever_reports_a_post_is_told_who_looks_at_it(client, post, report):
    reader = a_member()
    client.force_login(reader)
    page = client.get(post.thread.get_absolute_url()).text
    assert url("post_flag", post.thread_id, post.number) in page
    assert "Report this post" in client.get(f"{post.get_absolute_url()}flag/").text

    answer = report(reader, words="It calls us names.")

    assert answer.status_code == 200
    assert "Mona Moderator will look at it" in answer.text
    assert Flag.objects.get().words == "It calls us names."


def test_the_form_stands_below_the_post_where_scripts_run(client, post):
    client.force_login(a_member())
    there, htmx = f"{post.get_absolute_url()}flag/", {"HX-Request": "true"}
    form = client.get(there, headers=htmx).text
    assert "<html" not in form and "hx-post" in form
    answer = client.post(there, {"reason": CONDUCT}, headers=htmx)
    assert "<html" not in answer.text and "Thank you" in answer.text


def test_once_per_person_and_post_and_in_words_where_no_reason_fits(report):
    reader = a_member()
    answer = report(reader, reason="other")
    assert (answer.status_code, Flag.objects.count()) == (422, 0)
    assert "Say in a few words what is wrong." in answer.text
    answer = report(reader, reason="")
    assert "Choose what is wrong." in answer.text

    assert report(reader).status_code == 200
    answer = report(reader, words="Again")
    assert answer.status_code == 422
    assert "You have reported this post already." in answer.text
    assert "Again" in answer.text  # kept
    assert Flag.objects.count() == 1


def test_nobody_reports_their_own_post_nor_a_hidden_or_unseen_one(client, post):
    there = url("post_flag", post.thread_id, post.number)
    client.force_login(post.author)
    assert there not in client.get(post.thread.get_absolute_url()).text
    assert client.post(there, {"reason": CONDUCT}).status_code == 403
    client.force_login(a_member())
    hide_post(post)
    assert client.post(there, {"reason": CONDUCT}).status_code == 404
    client.logout()
    assert client.get(there).status_code == 302


def test_three_who_have_been_here_a_while_hide_a_post_for_now(client, post):
    for _n in range(3):
        flag_post(post, a_member(), CONDUCT)
    post.refresh_from_db()
    assert post.hidden_at is None  # new accounts are easily made

    for _n in range(3):
        flag_post(post, an_old_member(), CONDUCT)
    post.refresh_from_db()
    assert post.hidden_at and post.hidden_for_now
    deliver_events()

    client.force_login(a_member())
    assert "all fools" not in client.get(post.thread.get_absolute_url()).text
    client.force_login(post.author)
    page = client.get(post.thread.get_absolute_url()).text
    assert "all fools" in page and "Several people reported this post" in page
    assert "held_back" in inbox(post.author)


def test_reports_of_who_was_shut_out_since_hide_nothing(post):
    trolls = [an_old_member() for _n in range(2)]
    for troll in trolls:
        flag_post(post, troll, CONDUCT)
        suspend(troll, by=a_staff())
    flag_post(post, an_old_member(), CONDUCT)
    post.refresh_from_db()
    assert post.hidden_at is None


def test_a_post_that_a_moderator_let_stand_is_not_hidden_by_more_reports(
    post, moderator
):
    review = flag_post(post, a_member(), CONDUCT).review
    decide(review, moderator, Outcome.STANDS)
    for _n in range(3):
        flag_post(post, an_old_member(), CONDUCT)
    post.refresh_from_db()
    assert post.hidden_at is None
    assert Review.objects.waiting().count() == 1  # but looked at anew


def test_moderators_are_told_and_see_it_in_their_queue(client, post, moderator, report):
    report(a_member("Rita Reader"), words="It calls us names.")
    deliver_events()
    assert inbox(moderator) == ["review_waits"]

    client.force_login(moderator)
    page = client.get(url("review_list")).text
    for told in ("Rent", "You are all fools.", "It calls us names.", "Rita Reader"):
        assert told in page
    assert "Ada Author" in page and "I take this" in page
    front = client.get("/forums/").text
    assert 'href="/forums/review/"' in front and 'data-count="1"' in front
    assert "Menu for Mona Moderator, 1 thing waits" in front


def test_who_moderates_nothing_finds_no_queue(client, post, report):
    report(a_member())
    review = Review.objects.get()
    client.force_login(a_member())
    assert client.get(url("review_list")).status_code == 404
    assert client.get(url("decision_list")).status_code == 404
    assert client.get(review.get_absolute_url()).status_code == 404
    assert client.post(url("review_claim", review.pk)).status_code == 404
    assert url("review_list") not in client.get("/forums/").text


def test_whom_a_review_does_not_concern_finds_none_whatever_its_number(
    client, thread, post
):
    """Decided or not: as if there were no such number, and the deeds likewise."""
    decided = flag_post(a_post(thread), a_member(), CONDUCT).review
    decide(decided, a_staff(), Outcome.STANDS)
    review = flag_post(post, a_member(), CONDUCT).review
    other = a_member("Olga Other")
    a_forum(moderators=[other])
    elsewhere = a_member()
    flag_post(a_post(), elsewhere, CONDUCT)
    numbers = [review.pk, decided.pk, 0, 987654, 10**30]
    deeds = {"review_detail": ["get", "post"], "review_claim": ["post"]}
    deeds["review_release"] = ["post"]
    for stranger in (other, elsewhere, a_member(), post.author):
        client.force_login(stranger)
        for name, methods in deeds.items():
            for method in methods:
                seen = [look(client, url(name, pk), method) for pk in numbers]
                assert seen[0][0] == 404 and seen == [seen[0]] * len(numbers)
    client.logout()
    seen = [look(client, url("review_detail", pk)) for pk in numbers]
    assert seen[0][0] == 302 and seen == [seen[0]] * len(numbers)


def test_who_reported_sees_their_own_report_and_decides_nothing(client, post):
    reader = a_member()
    review = flag_post(post, reader, CONDUCT, "It calls us names.").review
    flag_post(post, a_member("Someone Else"), CONDUCT, "SAID BY ANOTHER")
    client.force_login(reader)
    page = client.get(review.get_absolute_url()).text
    assert "What you reported" in page and "not looked at it yet" in page
    for hidden in ("SAID BY ANOTHER", "Someone Else", "all fools", "Ada Author"):
        assert hidden not in page
    assert client.post(review.get_absolute_url()).status_code == 403


def test_each_sees_what_waits_in_forums_of_theirs(client, post):
    flag_post(post, a_member(), CONDUCT)
    partnership = a_partnership()
    insider = a_member(of=partnership)
    inner = a_thread(a_forum(partnership.own_audience), insider, title="Among us")
    flag_post(a_post(inner, insider), a_member(of=partnership), CONDUCT)
    other = a_member()
    a_forum(moderators=[other])

    client.force_login(a_staff())
    page = client.get(url("review_list")).text
    assert "Rent" in page and "Among us" not in page
    assert 'data-count="1"' in page
    client.force_login(other)
    page = client.get(url("review_list"))
    assert page.status_code == 200 and "Nothing waits" in page.text


def test_of_two_moderators_one_takes_it_and_the_other_is_told(client, post, moderator):
    review = flag_post(post, a_member(), CONDUCT).review
    second = a_staff("Sara Staff")
    client.force_login(moderator)
    client.post(url("review_claim", review.pk))
    assert not claim_review(review, second)

    assert "Yours for 29" in client.get(url("review_list")).text  # by no clock

    client.force_login(second)
    assert "Mona Moderator is looking at it" in client.get(url("review_list")).text
    assert "decided in 29" in client.get(review.get_absolute_url()).text
    answer = client.post(review.get_absolute_url(), {"outcome": "stands"})
    assert answer.status_code == 422
    assert "Another moderator is looking at this." in answer.text

    long_ago = timezone.now() - timedelta(minutes=31)
    Review.objects.update(claimed_at=long_ago)
    assert claim_review(review, second)
    assert release_review(review, second) and claim_review(review, moderator)


def test_nothing_is_decided_twice(client, post, moderator):
    review = flag_post(post, a_member(), CONDUCT).review
    decide(review, moderator, Outcome.STANDS)
    with pytest.raises(ValidationError, match="decided this meanwhile"):
        decide(review, a_staff(), Outcome.HIDDEN, "Rude")
    client.force_login(a_staff())
    sent = {"outcome": "hidden", "note": "Rude"}
    answer = client.post(review.get_absolute_url(), sent)
    assert answer.status_code == 422
    assert "Another moderator has decided this meanwhile." in answer.text
    post.refresh_from_db()
    assert post.hidden_at is None


@pytest.mark.parametrize(
    ("name", "query", "nothing"),
    [
        ("review_list", {}, "Nothing waits"),
        ("review_list", {"kind": "held"}, "Nothing like that waits"),
        ("decision_list", {}, "Nothing has been decided yet"),
        ("decision_list", {"outcome": "hidden"}, "Nothing like that was decided"),
    ],
)
def test_an_empty_list_says_why(client, thread, moderator, name, query, nothing):
    client.force_login(moderator)
    page = client.get(url(name), query).text
    assert f'<h2 class="h2">{nothing}</h2>' in page
    assert (f'action="{url(name)}"' in page) == bool(query)


def test_nobody_decides_about_their_own_post(thread, moderator):
    post = a_post(thread, moderator)
    review = flag_post(post, a_member(), CONDUCT).review
    with pytest.raises(ValidationError, match="your own post"):
        decide(review, moderator, Outcome.STANDS)
    assert not claim_review(review, moderator)


def test_hidden_with_a_reason_that_both_sides_are_told(client, post, moderator):
    reader = a_member()
    review = flag_post(post, reader, CONDUCT).review
    client.force_login(moderator)
    there = review.get_absolute_url()
    answer = client.post(there, {"outcome": "hidden", "note": ""})
    assert answer.status_code == 422 and "Say why" in answer.text

    answer = client.post(there, {"outcome": "hidden", "note": "Say it kindly."})
    assert answer.url == url("review_list")
    deliver_events()
    post.refresh_from_db()
    assert post.hidden_at and post.hidden_by == moderator
    assert inbox(post.author)[-1:] == ["post_hidden"]
    assert inbox(reader) == ["flag_hidden"]

    client.force_login(post.author)
    assert "Say it kindly." in client.get(post.thread.get_absolute_url()).text
    page = client.get(there).text
    assert "Say it kindly." in page and "Mona" not in page
    client.force_login(reader)
    page = client.get(there).text
    assert "Say it kindly." in page and "all fools" not in page
    assert "Thank you" in client.get("/inbox/").text


def test_asked_to_change_and_let_stand_show_what_was_hidden_for_now(post, moderator):
    readers = [an_old_member() for _n in range(3)]
    for reader in readers:
        flag = flag_post(post, reader, CONDUCT)
    decide(flag.review, moderator, Outcome.CHANGE, "Leave out the names.")
    deliver_events()
    post.refresh_from_db()
    assert post.hidden_at is None
    assert "change_asked" in inbox(post.author)
    assert inbox(readers[0]) == ["flag_change"]


def test_an_author_hears_nothing_of_reports_that_came_to_nothing(post, moderator):
    reader = a_member()
    decide(flag_post(post, reader, CONDUCT).review, moderator, Outcome.STANDS)
    deliver_events()
    assert inbox(reader) == ["flag_stands"]
    assert not {"held_back", "post_stands"} & set(inbox(post.author))


def test_hiding_and_showing_from_the_thread_are_told_and_kept(client, post, moderator):
    reader = a_member()
    flag_post(post, reader, CONDUCT)
    client.force_login(moderator)
    there = url("post_hide", post.thread_id, post.number)
    assert "Why do you hide it?" in client.get(there).text
    assert client.post(there, {"note": ""}).status_code == 422
    client.post(there, {"note": "Say it kindly."})
    client.post(url("post_restore", post.thread_id, post.number))
    deliver_events()

    assert Review.objects.waiting().count() == 0
    assert inbox(reader) == ["flag_hidden"]
    assert {"post_hidden", "post_shown"} <= set(inbox(post.author))
    page = client.get(url("decision_list")).text
    assert "Say it kindly." in page and "Decided by Mona Moderator" in page
    assert "Shown again" in page
    shown = client.get(url("decision_list") + "?outcome=hidden").text
    assert shown.count("Decided by") == 1


@pytest.fixture
def held_back(post):
    """A post that three have reported, and one of them."""
    readers = [an_old_member() for _n in range(3)]
    for reader in readers:
        flag_post(post, reader, CONDUCT)
    post.refresh_from_db()
    return post, readers[0]


def test_who_reported_is_told_when_it_is_shown_again_from_the_thread(
    client, held_back, moderator
):
    post, reader = held_back
    client.force_login(moderator)
    client.post(url("post_restore", post.thread_id, post.number))
    deliver_events()
    assert inbox(reader) == ["flag_stands"]
    assert "post_shown" in inbox(post.author)
    client.force_login(reader)
    assert client.get(Review.objects.get().get_absolute_url()).status_code == 200


def test_of_two_who_hide_a_post_the_second_hears_that_it_is_done(
    client, post, moderator
):
    there = url("post_hide", post.thread_id, post.number)
    client.force_login(moderator)
    for _n in range(2):  # who presses twice hears nothing of it
        assert client.post(there, {"note": "Say it kindly."}).status_code == 302
    client.force_login(a_staff())
    answer = client.post(there, {"note": "Rude."})
    assert answer.status_code == 422
    assert "This post is hidden already." in answer.text and "Rude." in answer.text
    deliver_events()
    assert inbox(post.author).count("post_hidden") == 1
    post.refresh_from_db()
    assert (post.hidden_by, post.hidden_reason) == (moderator, "Say it kindly.")


def test_no_moderator_settles_reports_of_their_own_post_in_the_thread(
    client, thread, moderator
):
    post = a_post(thread, moderator)
    for _n in range(3):
        flag_post(post, an_old_member(), CONDUCT)
    client.force_login(moderator)
    there = url("post_restore", thread.pk, post.number)
    page = client.post(there, follow=True).text
    assert "Somebody else must look at your own post." in page
    hidden = {"note": "I know."}
    client.post(url("post_hide", thread.pk, post.number), hidden)
    post.refresh_from_db()
    assert post.hidden_for_now and Review.objects.waiting().exists()

    decide(Review.objects.get(), a_staff(), Outcome.HIDDEN, "Rude.")
    client.post(there)
    post.refresh_from_db()
    assert post.hidden_at  # nor afterwards


def test_moderators_hide_and_show_again_what_they_wrote_themselves(
    client, thread, moderator
):
    post = a_post(thread, moderator)
    client.force_login(moderator)
    client.post(url("post_hide", thread.pk, post.number), {"note": "Too early."})
    post.refresh_from_db()
    assert post.hidden_at
    client.post(url("post_restore", thread.pk, post.number))
    post.refresh_from_db()
    assert post.hidden_at is None


def test_what_one_moderator_has_decided_no_other_is_told_to_look_at(post, moderator):
    review = flag_post(post, a_member(), CONDUCT).review
    deliver_events()
    assert inbox(moderator) == ["review_waits"]
    decide(review, a_staff(), Outcome.STANDS)
    deliver_events()
    assert not moderator.notifications.unread().exists()
    assert moderator.email not in [to for one in letters() for to in one.to]


def test_what_waits_in_a_thread_that_moves_is_told_to_the_moderators_there(
    post, moderator
):
    flag_post(post, a_member(), CONDUCT)
    deliver_events()
    other = a_member()
    move_thread(post.thread, a_forum(moderators=[other]))
    deliver_events()
    assert (inbox(other), inbox(moderator)) == (["review_waits"], [])


def test_what_somebody_had_in_hand_who_moderates_no_more_is_free(post, moderator):
    review = flag_post(post, a_member(), CONDUCT).review
    claim_review(review, moderator)
    second = a_member()
    save_forum(post.thread.forum, moderators=[second])
    assert claim_review(review, second)


def test_reports_alone_do_not_take_the_mark_from_an_accepted_answer(post, moderator):
    accept_answer(post, post.thread.author)
    for _n in range(3):
        review = flag_post(post, an_old_member(), CONDUCT).review
    decide(review, moderator, Outcome.STANDS)
    post.thread.refresh_from_db()
    assert post.thread.accepted_post == post
    decide(flag_post(post, a_member(), CONDUCT).review, moderator, Outcome.HIDDEN, "x")
    post.thread.refresh_from_db()
    assert post.thread.accepted_post is None


def test_who_opens_a_review_has_read_what_told_of_it(client, post, moderator):
    review = flag_post(post, a_member(), CONDUCT).review
    deliver_events()
    client.force_login(moderator)
    client.head(review.get_absolute_url())
    assert moderator.notifications.unread().exists()
    client.get(review.get_absolute_url())
    assert not moderator.notifications.unread().exists()


def test_the_queue_is_narrowed_and_paged_with_a_constant_number_of_queries(
    client, thread, moderator, django_assert_max_num_queries
):
    for _n in range(3):
        flag_post(a_post(thread), a_member(), CONDUCT)
    client.force_login(moderator)
    client.get(url("review_list"))
    with django_assert_max_num_queries(12):
        client.get(url("review_list"))
    for _n in range(20):
        flag_post(a_post(thread), a_member(), CONDUCT)
    with django_assert_max_num_queries(12):
        page = client.get(url("review_list")).text
    assert "?page=2" in page
    assert (
        "Nothing like that waits" in client.get(url("review_list") + "?kind=held").text
    )
    claim_review(Review.objects.first(), moderator)
    mine = client.get(url("review_list") + "?hands=mine").text
    assert mine.count('id="review-') == 1


def test_the_number_in_the_menu_costs_no_query_of_its_own(
    client, post, moderator, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(moderator)
    client.get("/forums/drafts/")
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get("/forums/drafts/")
    flag_post(post, a_member(), CONDUCT)
    with django_assert_num_queries(len(before)):
        assert 'data-count="1"' in client.get("/forums/drafts/").text


# A thread whose first post is hidden


def test_a_thread_goes_with_its_first_post(client, thread, moderator):
    answer = a_post(thread, a_member("Rut Replier"))
    hide_post(thread.posts.get(number=1), moderator, "Names somebody.")
    deliver_events()
    thread.refresh_from_db()

    client.force_login(a_member())
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert client.get(answer.get_absolute_url()).status_code == 404
    for place in (thread.forum.get_absolute_url(), "/forums/", "/forums/threads/", "/"):
        assert "Rent" not in client.get(place).text, place
    client.force_login(answer.author)
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert "Rent" not in client.get("/inbox/").text

    for who in (thread.author, moderator, a_staff()):
        client.force_login(who)
        page = client.get(thread.get_absolute_url())
        assert page.status_code == 200 and "Hidden" in page.text
        assert "nobody" not in page.text
        assert 'name="markdown"' not in page.text

    restore_post(Post.objects.get(thread=thread, number=1), moderator)
    client.force_login(a_member())
    assert client.get(thread.get_absolute_url()).status_code == 200


def test_who_answered_in_a_thread_that_is_hidden_is_not_told_its_title(
    client, thread, moderator
):
    answer, newcomer = a_post(thread), a_member()
    decide(flag_post(answer, a_member(), CONDUCT).review, moderator, Outcome.CHANGE)
    Forum.objects.filter(pk=thread.forum_id).update(hold_newcomers=1)
    thread.refresh_from_db()
    held = send_reply(thread, newcomer, markdown="We paid.", language="en")
    hide_post(thread.posts.get(number=1), moderator, "Names somebody.")
    decide(held.review, moderator, Outcome.REFUSED, "It is hidden.")
    deliver_events()
    for who in (answer.author, newcomer):
        client.force_login(who)
        review = who.notifications.latest("pk").target_id
        for place in ("/inbox/", url("review_detail", review)):
            page = client.get(place)
            assert page.status_code == 200 and "Rent" not in page.text
            assert "a hidden thread" in page.text


def test_who_reported_a_first_post_is_not_told_its_title(client, thread, moderator):
    reader = a_member()
    review = flag_post(thread.posts.get(number=1), reader, CONDUCT).review
    decide(review, moderator, Outcome.HIDDEN, "Names somebody.")
    deliver_events()
    client.force_login(reader)
    for place in ("/inbox/", review.get_absolute_url()):
        page = client.get(place)
        assert page.status_code == 200 and "Rent" not in page.text
    assert Thread.objects.get().hidden_at
