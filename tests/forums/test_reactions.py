"""Answers in one press: who may, what is counted, who is named, who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from forums.actions import close_thread, hide_post, react, unreact
from forums.models import Reaction
from forums.reactions import CHOICES, given_to
from network.audience import PUBLIC, STAFF
from network.events import deliver_events
from network.notifications.models import Notification
from network.notifications.reading import told
from network.people.actions import block
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_pending, as_seen


@pytest.fixture
def member(db):
    return a_member("Mariam Chanda")


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def press(page, post, **sent):
    return page.post(f"{post.get_absolute_url()}react/", sent)


def news(user) -> list[str]:
    deliver_events()
    rows = Notification.objects.visible_to(as_seen(user)).select_related(
        "actor__profile"
    )
    with translation.override("en"):
        return [one.sentence for one in told(rows, user)]


def test_what_is_given_is_counted_and_shown_as_ones_own(page):
    post = a_post()
    answer = press(page, post, give="thanks")
    assert answer.url == post.get_absolute_url()
    press(page, post, give="me_too")
    text = page.get(post.thread.get_absolute_url()).content.decode()
    assert text.count('aria-pressed="true"') == 2
    post.refresh_from_db()
    assert post.reactions == {"thanks": 1, "me_too": 1}


def test_a_double_click_and_two_windows_end_as_one(page):
    post = a_post()
    for _ in range(2):
        press(page, post, give="thanks")
    assert Reaction.objects.count() == 1
    for _ in range(2):
        press(page, post, back="thanks")
    post.refresh_from_db()
    assert (Reaction.objects.count(), post.reactions) == (0, {})


def test_with_htmx_the_row_alone_comes_back(page):
    post = a_post()
    answer = page.post(
        f"{post.get_absolute_url()}react/", {"give": "used"}, HTTP_HX_REQUEST="true"
    )
    text = answer.content.decode()
    assert text.lstrip().startswith('<form class="react"')
    assert f'id="used-{post.number}" name="back" value="used" aria-pressed="true"' in (
        text
    )
    assert "csrfmiddlewaretoken" in text


def test_a_closed_thread_can_still_be_thanked_for(page):
    post = a_post()
    close_thread(post.thread)
    assert press(page, post, give="thanks").status_code == 302


def test_who_may_not_and_what_is_not_are_told_apart(client, page, member):
    own, hidden, closed = a_post(author=member), a_post(), a_thread(a_forum(STAFF))
    hide_post(hidden)
    assert press(page, own, give="thanks").status_code == 403
    assert press(page, hidden, give="thanks").status_code == 404
    assert press(page, closed.posts.get(), give="thanks").status_code == 404
    assert press(page, a_post(), give="downvote").status_code == 404
    client.force_login(a_pending())
    public = a_thread(a_forum(PUBLIC)).posts.get()
    assert press(client, public, give="thanks").status_code == 403
    assert Reaction.objects.count() == 0


def test_a_visitor_sees_counts_without_buttons(client, db):
    post = a_thread(a_forum(PUBLIC)).posts.get()
    react(post, a_member("Secret Name"), "thanks")
    text = client.get(post.thread.get_absolute_url()).content.decode()
    assert "Thanks 1" in text
    assert "react/" not in text
    names = client.get(f"{post.get_absolute_url()}reactions/").content.decode()
    assert "Secret" not in names
    assert "1 person whose name you are not shown" in names


def test_members_see_who_but_not_those_they_are_kept_apart_from(page, member):
    post = a_post()
    for one in (a_member("Neema Lwitiko"), a_member("Blocked Person")):
        react(post, one, "thanks")
    block(member, Reaction.objects.last().user)
    text = page.get(f"{post.get_absolute_url()}reactions/").content.decode()
    assert "Neema Lwitiko" in text
    assert "Blocked Person" not in text
    assert "and 1 other" in text


def test_a_hidden_post_shows_no_reactions_to_anyone(client, member):
    moderator = a_member()
    post = a_post(a_thread(a_forum(moderators=[moderator])))
    react(post, member, "thanks")
    hide_post(post)
    client.force_login(moderator)
    text = client.get(post.thread.get_absolute_url()).content.decode()
    assert f"thanks-{post.number}" not in text
    assert f"{post.get_absolute_url()}reactions/" not in text
    assert client.get(f"{post.get_absolute_url()}reactions/").status_code == 404


def test_the_author_is_told_once_however_many_thank(member):
    author = a_member()
    post = a_post(author=author)
    react(post, member, "thanks")
    (one,) = [text for text in news(author) if "thanks you" in text]
    assert one.startswith("Mariam Chanda thanks you")
    for _ in range(2):
        react(post, a_member(), "thanks")
    assert [text for text in news(author) if "thank" in text] == [
        f"3 people thank you for what you wrote in “{post.thread.title}”"
    ]


def test_no_mail_is_written_about_thanks_unless_asked_for(member, mailoutbox):
    author = a_member()
    react(a_post(author=author), member, "thanks")
    deliver_events()
    row = Notification.objects.get(recipient=author, verb="reacted_thanks")
    assert (row.in_inbox, row.letter) == (True, None)


def test_what_was_taken_back_unread_is_not_told(member):
    author = a_member()
    post = a_post(author=author)
    react(post, member, "thanks")
    assert news(author)
    unreact(post, member, "thanks")
    assert news(author) == []


def test_after_it_was_read_it_is_news_again_a_day_later(member):
    author = a_member()
    post = a_post(author=author)
    react(post, member, "thanks")
    deliver_events()
    mine = Notification.objects.filter(recipient=author, verb="reacted_thanks")
    mine.update(read_at=timezone.now())
    react(post, a_member(), "thanks")
    deliver_events()
    assert mine.unread().count() == 0
    mine.update(created_at=timezone.now() - timedelta(days=2))
    react(post, a_member(), "thanks")
    deliver_events()
    assert mine.unread().count() == 1


def test_someone_blocked_is_not_named_in_the_inbox(member):
    author = a_member()
    block(author, member)
    post = a_post(author=author)
    react(post, member, "thanks")
    assert news(author) == []


def test_names_are_found_for_each_kind(member):
    post = a_post()
    react(post, member, "differs")
    (given,) = given_to(post, as_seen(a_member()))
    assert (given.icon, [str(one) for one in given.people]) == (
        "differ",
        ["Mariam Chanda"],
    )


@pytest.mark.parametrize("many", [1, 15])
def test_own_reactions_cost_one_query_however_many(
    page, member, django_assert_max_num_queries, many
):
    thread = a_thread()
    for _ in range(many):
        react(a_post(thread), member, "thanks")
    deliver_events()
    page.get(thread.get_absolute_url())
    with django_assert_max_num_queries(12):
        page.get(thread.get_absolute_url())


def test_the_other_answers_in_one_press_are_a_page_or_part_of_one(page, client):
    post = a_post()
    assert "me_too" not in page.get(post.thread.get_absolute_url()).content.decode()
    there = f"{post.get_absolute_url()}react/"
    for headers in ({}, {"HX-Request": "true"}):
        text = page.get(there, headers=headers).content.decode()
        assert all(f'value="{kind}"' in text for kind, _label, _icon in CHOICES)
