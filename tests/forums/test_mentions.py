"""@somebody in a post: who can be named, how it reads, and who is told."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from forums.actions import (
    edit_post,
    flag_post,
    hide_post,
    move_thread,
    post_reply,
    restore_post,
    send_reply,
    send_thread,
)
from forums.events import ReplyPosted
from forums.models import Bookmark, Flag, Mention, Post, Review
from forums.subscribers import notify_of_reply, tell_mentioned
from network.audience import PUBLIC
from network.events import deliver_events
from network.notifications.actions import set_level
from network.notifications.models import Level, Subscription
from network.people.actions import block, mute
from tests.exchange.factories import a_partnership
from tests.forums.factories import a_forum, a_post, a_thread
from tests.notifications.helpers import inbox, letters
from tests.people.factories import a_member, profile_of


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def anna(db):
    return a_member("Anna Lie")


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def letters_to(person) -> list:
    return [one for one in letters() if person.email in one.to]


def handle(person) -> str:
    return "@" + profile_of(person).slug


def reads(client, thread) -> str:
    return client.get(thread.get_absolute_url()).content.decode()


def reply(page, thread, markdown, **more):
    address = reverse("forums:thread_reply", args=[thread.pk])
    return page.post(address, {"markdown": markdown, "language": "en", **more})


def test_a_name_is_a_link_for_whom_it_may_be_known_to(page, client, member, anna):
    thread = a_thread(a_forum(PUBLIC))
    post_reply(thread, member, f"Ask {handle(anna)}, she knows.")
    address = profile_of(anna).get_absolute_url()
    assert f'<a class="mention" href="{address}">@Anna Lie</a>, she' in reads(
        page, thread
    )
    client.logout()
    seen = reads(client, thread)
    assert "anna-lie" not in seen and "Anna Lie" not in seen
    assert '<span class="mention">@A member</span>' in seen


@pytest.mark.parametrize(
    "text", ["`{}`", "\\{}", "post{}", "[see {}](http://a.example/)", "a{}.example"]
)
def test_code_addresses_and_escaped_handles_name_nobody(member, anna, text):
    post = a_post(author=member, markdown=text.format(handle(anna)))
    assert "data-person" not in post.html
    assert not post.mentions.exists()


def test_a_handle_of_nobody_is_words(member):
    assert "@nobody-here" in a_post(author=member, markdown="Hi @nobody-here").html


def test_they_are_told_once_and_more_strongly_than_of_an_answer(member, anna):
    thread = a_thread(followers=[anna])
    post = post_reply(thread, member, f"{handle(anna)} and {handle(anna)}")
    deliver_events()
    assert inbox(anna) == ["mentioned"]
    edit_post(post, f"Dear {handle(anna)}")
    deliver_events()
    assert inbox(anna) == ["mentioned"]


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_of_an_answer_that_names_somebody_once():
    anna = a_member("Anna Lie")
    post = post_reply(a_thread(author=anna), a_member(), "Ask @anna-lie.")
    event = ReplyPosted(post=post.pk)

    def meanwhile():
        with transaction.atomic():
            notify_of_reply(event)
        connection.close()

    other = threading.Thread(target=meanwhile)
    with transaction.atomic():
        tell_mentioned(event)
        other.start()
        other.join(timeout=0.5)
    other.join()
    assert inbox(anna) == ["mentioned"]


def test_where_a_thread_begins_its_followers_hear_one_thing(member, anna):
    forum = a_forum()
    Subscription.objects.follow(anna, forum)
    a_thread(forum, member, markdown=f"What do you say, {handle(anna)}?")
    deliver_events()
    assert inbox(anna) == ["mentioned"]


def test_an_edit_tells_those_alone_who_were_not_named_before(member, anna):
    bo = a_member("Bo Ek")
    post = a_post(author=member, markdown=f"Hello {handle(anna)}")
    deliver_events()
    edit_post(post, f"Hello {handle(bo)}")
    deliver_events()
    edit_post(post, f"Hello {handle(bo)} and {handle(anna)}")
    deliver_events()
    assert (inbox(anna), inbox(bo)) == (["mentioned"], ["mentioned"])


def test_who_is_named_no_longer_before_the_letter_is_not_told(member, anna):
    thread = a_thread()
    post = post_reply(thread, member, "Ask @anna-lie.")
    deliver_events()
    set_level(anna, thread, Level.NORMAL)
    edit_post(post, "Ask anybody.")
    deliver_events()
    assert (inbox(anna), letters_to(anna)) == ([], [])
    edit_post(post, "After all, ask @anna-lie.")
    assert len(letters_to(anna)) == 1
    assert inbox(anna) == ["mentioned"]


def test_who_is_named_no_longer_hears_of_the_answer_where_they_follow(member, anna):
    thread = a_thread(author=anna)
    post = post_reply(thread, member, "Ask @anna-lie.")
    deliver_events()
    edit_post(post, "Ask anybody.")
    [letter] = letters_to(anna)
    assert "svarte i" in letter.subject
    assert inbox(anna) == ["replied"]


def test_who_was_told_of_a_mention_by_mail_is_not_told_again(page, member, anna):
    post = post_reply(a_thread(), member, "Ask @anna-lie.")
    assert len(letters_to(anna)) == 1
    edit_post(post, "Ask anybody.")
    deliver_events()
    page.force_login(anna)
    assert "mentions you" not in page.get("/inbox/").content.decode()
    edit_post(post, "After all, ask @anna-lie.")
    assert len(letters_to(anna)) == 1


def test_who_is_mentioned_follows_the_thread_from_then_on(member, anna):
    post = a_post(author=member, markdown=f"Hello {handle(anna)}")
    deliver_events()
    assert Subscription.objects.level_of(anna, post.thread) == Level.TRACKING


def test_who_muted_the_thread_is_not_told(member, anna):
    thread = a_thread()
    Subscription.objects.follow(anna, thread, Level.MUTED)
    post_reply(thread, member, f"Hello {handle(anna)}")
    deliver_events()
    assert inbox(anna) == []


def test_who_muted_the_forum_is_not_told_and_does_not_follow(member, anna):
    forum = a_forum()
    Subscription.objects.follow(anna, forum, Level.MUTED)
    thread = a_thread(forum, member, markdown=f"Hello {handle(anna)}")
    post_reply(thread, member, f"Hello {handle(anna)}")
    deliver_events()
    assert inbox(anna) == []
    assert Subscription.objects.level_of(anna, thread) == Level.NORMAL


def test_who_muted_the_writer_is_not_drawn_into_their_threads(member, anna):
    mute(anna, member)
    thread = a_thread(author=member)
    post_reply(thread, member, f"Hello {handle(anna)}")
    a_post(thread)
    deliver_events()
    assert inbox(anna) == []


def test_nobody_is_named_who_may_not_see_the_forum(anna):
    partnership = a_partnership()
    insider = a_member(of=partnership)
    thread = a_thread(a_forum(partnership.own_audience), insider)
    post = post_reply(thread, insider, f"Hello {handle(anna)}")
    deliver_events()
    assert "data-person" not in post.html
    assert inbox(anna) == []


def test_nobody_is_told_who_may_not_see_it_any_more(member, anna):
    post = a_post(author=member, markdown=f"Hello {handle(anna)}")
    move_thread(post.thread, a_forum(a_partnership().own_audience))
    deliver_events()
    assert inbox(anna) == []


def test_a_hidden_post_tells_them_when_it_is_shown_again(member, anna):
    post = a_post(author=member, markdown=f"Hello {handle(anna)}")
    hide_post(post)
    deliver_events()
    assert inbox(anna) == []
    restore_post(Post.objects.get(pk=post.pk))
    deliver_events()
    assert inbox(anna) == ["mentioned"]


@pytest.mark.parametrize("who", ["writer", "named"])
def test_who_blocked_the_other_is_not_there_to_be_named(member, anna, who):
    block(*((member, anna) if who == "writer" else (anna, member)))
    post = a_post(author=member, markdown=f"Hello {handle(anna)}")
    assert "data-person" not in post.html


def test_who_hides_from_the_country_of_another_does_not_name_them(anna):
    writer = a_member(hidden_from=["KE"])
    profile_of(anna).__class__.objects.filter(user=anna).update(country="KE")
    post = a_post(author=writer, markdown=f"Hello {handle(anna)}")
    assert "data-person" not in post.html


def test_ten_people_at_most_and_the_text_is_kept(page, member):
    people = [a_member() for _ in range(11)]
    thread = a_thread()
    text = "Hello " + " ".join(handle(one) for one in people)
    answer = reply(page, thread, text)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "at most 10 people" in said
    assert handle(people[10]) in said
    assert thread.posts.count() == 1
    assert reply(page, thread, text.replace(handle(people[10]), "")).status_code == 302


def test_a_thousand_handles_are_words(page, member):
    bomb = " ".join(f"@nobody-{n}" for n in range(1000))
    assert reply(page, a_thread(), bomb).status_code == 302


def test_the_preview_shows_who_is_meant(page, anna):
    answer = reply(page, a_thread(), f"Hello {handle(anna)}", preview="1")
    assert "@Anna Lie</a>" in answer.content.decode()


def test_names_cost_one_query_however_many(page, member, django_assert_max_num_queries):
    thread = a_thread()
    for _ in range(6):
        post_reply(thread, member, f"{handle(a_member())} {handle(a_member())}")
    deliver_events()
    page.get("/forums/")
    with django_assert_max_num_queries(12):
        assert reads(page, thread).count('class="mention"') == 12


# In plain text


def test_a_letter_names_them_as_far_as_the_name_reaches_its_reader(member):
    partnership = a_partnership()
    bo = a_member("Bo Ek", of=partnership, reach={"name": "partnerships"})
    writer = a_member(of=partnership)
    readers = [a_member(of=partnership, language="en"), a_member(language="en")]
    for reader in readers:
        markdown = f"Ask {handle(bo)}, not @nobody-here."
        post_reply(a_thread(author=reader), writer, markdown)
    sent = {letter.to[0]: letter for letter in letters()}
    near, far = (sent[reader.email] for reader in readers)
    assert "Ask @Bo Ek, not @nobody-here." in near.body
    for said in (far.body, far.alternatives[0].content):
        assert "Ask @A member, not @nobody-here." in said
        assert "Bo Ek" not in said and "bo-ek" not in said


def test_lists_and_review_name_them_as_the_post_does(page, member, anna):
    thread = a_thread(a_forum(moderators=[member]))
    post = a_post(thread, a_member(), f"Ask {handle(anna)}")
    Bookmark.objects.create(user=member, thread=thread, post=post)
    flag_post(post, a_member(), Flag.Reason.CONDUCT)
    review = Review.objects.get(post=post)
    lists = ["bookmark_list", "review_list"]
    pages = [*(reverse(f"forums:{name}") for name in lists), review.get_absolute_url()]
    for address in pages:
        assert "@Anna Lie" in page.get(address).text
    block(anna, member)
    for address in pages:
        said = page.get(address).text
        assert "@A member" in said and "Anna" not in said and "anna" not in said


def test_posts_that_wait_name_them_as_the_post_will(page, member, anna):
    forum = a_forum(moderators=[member], hold_newcomers=2)
    thread = a_thread(forum, member)
    others = [a_member(f"Other {n}") for n in range(3)]
    for n in range(3):  # what is named in posts of the same ids is not named here
        post_reply(thread, member, f"Hello {handle(others[n])}")
    newcomer = a_member()
    send_reply(thread, newcomer, markdown=f"Ask {handle(anna)}", language="en")
    started = {"title": "Rent", "markdown": f"Who, {handle(anna)}?", "language": "en"}
    send_thread(forum, newcomer, **started)
    places = [place.get_absolute_url() for place in (thread, forum)]
    reviews = [review.get_absolute_url() for review in Review.objects.all()]
    for address in [*places, reverse("forums:review_list"), *reviews]:
        said = page.get(address).text
        assert "@Anna Lie" in said and handle(anna) not in said
    assert f'<a class="mention" href="{profile_of(anna).get_absolute_url()}">' in said
    assert not Mention.objects.filter(person=anna).exists()  # nobody is told yet
    block(anna, member)
    for address in [*places, reverse("forums:review_list"), *reviews]:
        said = page.get(address).text
        assert "@A member" in said and "Anna" not in said and "anna" not in said


# Completion


def offered(page, forum, typed, thread=None) -> list[str]:
    query = {"q": typed, "thread": thread.pk} if thread else {"q": typed}
    answer = page.get(reverse("forums:forum_people", args=[forum.slug]), query)
    assert answer.status_code == 200
    return [
        line.partition('"')[0]
        for line in answer.content.decode().split('data-handle="')[1:]
    ]


@pytest.mark.parametrize("typed", ["anna", "An", "lie", "anna-l", "Anna L"])
def test_names_are_found_by_any_beginning(page, anna, typed):
    assert offered(page, a_forum(), typed) == ["anna-lie"]


def test_first_come_those_of_the_conversation(page, anna):
    others = [a_member(f"Anna Aas{n}") for n in range(9)]
    thread = a_thread(author=anna)
    found = offered(page, thread.forum, "anna", thread)
    assert found[0] == "anna-lie"
    assert len(found) == 8
    assert offered(page, thread.forum, "", thread) == ["anna-lie"]
    assert others


def test_only_those_are_offered_who_may_see_the_forum(client, anna):
    partnership = a_partnership()
    insider = a_member("Anna Inne", of=partnership)
    client.force_login(a_member(of=partnership))
    room = a_forum(partnership.own_audience)
    assert offered(client, room, "anna") == [profile_of(insider).slug]


def test_who_may_not_see_the_forum_gets_no_names(page, client, anna):
    room = a_forum(a_partnership().own_audience)
    assert (
        page.get(
            reverse("forums:forum_people", args=[room.slug]), {"q": "anna"}
        ).status_code
        == 404
    )
    assert page.get("/forums/no-such-room/people/?q=anna").status_code == 404


def test_names_for_completion_cost_few_queries(
    page, anna, django_assert_max_num_queries
):
    thread = a_thread()
    page.get("/forums/")
    with django_assert_max_num_queries(6):
        offered(page, thread.forum, "anna", thread)
