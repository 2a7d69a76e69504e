"""Asking those who did it: who is proposed and why, who is told, and how often."""

import pytest

from forums.actions import agree_to_be_asked, ask_people, post_reply
from forums.asking import proposed_for
from forums.models import Answerer, Ask, Thread
from network.audience import STAFF
from network.events import deliver_events
from network.notifications.models import Notification
from network.people.actions import block
from network.themes.models import Theme
from tests.exchange.factories import a_partnership, a_placement
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member, as_seen


@pytest.fixture
def theme(db):
    theme = Theme.objects.create(slug="beekeeping", scheme=Theme.Scheme.SECTOR)
    theme.labels.create(language="en", text="Beekeeping", preferred=True)
    return theme


@pytest.fixture
def asker(db):
    return a_member("Tomas Muianga")


@pytest.fixture
def question(asker, theme):
    return a_thread(author=asker, kind=Thread.Kind.QUESTION, themes=[theme])


@pytest.fixture
def page(client, asker):
    client.force_login(asker)
    return client


def willing(name="", a_month=2, **fields):
    user = a_member(name, **fields)
    agree_to_be_asked(user, a_month)
    return user


def names(thread, asker) -> list[str]:
    return [one.person.name for one in proposed_for(thread, as_seen(asker))]


def told(user) -> int:
    deliver_events()
    news = Notification.objects.visible_to(as_seen(user)).filter(verb="asked")
    return news.count()


def ask(page, thread, *people):
    sent = {"people": [one.pk for one in people]}
    return page.post(f"/forums/thread/{thread.pk}/ask/", sent)


def test_only_those_who_agreed_and_fit_are_proposed_with_the_reason(
    page, question, theme
):
    willing("Neema Lwitiko", themes=[theme])
    willing("Nobody Fitting")
    a_member("Never Agreed", themes=[theme])
    text = page.get(f"/forums/thread/{question.pk}/ask/").content.decode()
    assert "Neema Lwitiko" in text
    assert "Knows about: beekeeping" in text.replace("Beekeeping", "beekeeping")
    assert "Nobody Fitting" not in text
    assert "Never Agreed" not in text


def test_somebody_who_was_where_the_asker_goes_is_proposed(question, asker):
    a_placement(asker, from_country="MZ", to_country="NO")
    was_there = willing("Was There")
    a_placement(was_there, from_country="TZ", to_country="NO")
    hidden = willing("Hides It", reach={"exchange": "me"})
    a_placement(hidden, from_country="TZ", to_country="NO")
    (one,) = proposed_for(question, as_seen(asker))
    assert one.person.name == "Was There"
    assert any(name in one.reasons[0] for name in ("Norge", "Noreg", "Norway"))


def test_what_the_asker_may_not_see_neither_counts_nor_is_told(question, asker, theme):
    willing("Hides Themes", themes=[theme], reach={"themes": "me"})
    willing("Hides Name", themes=[theme], reach={"name": "me"})
    willing("Hides From Country", themes=[theme], hidden_from=["MZ"])
    asker.profile.country = "MZ"
    asker.profile.save()
    assert names(question, asker) == []


def test_who_is_kept_apart_is_not_proposed_either_way(question, asker, theme):
    one, other = (willing(themes=[theme]) for _ in range(2))
    block(one, asker)
    block(asker, other)
    assert names(question, asker) == []


def test_only_those_who_may_read_the_thread_are_proposed(asker, theme):
    partnership = a_partnership()
    forum = a_forum(partnership.own_audience, moderators=[asker])
    thread = a_thread(forum, asker, kind=Thread.Kind.QUESTION, themes=[theme])
    willing("Outside Person", themes=[theme])
    willing("Inside Person", themes=[theme], of=partnership)
    assert names(thread, asker) == ["Inside Person"]


def test_whoever_is_asked_is_told_once_however_often_it_is_sent(page, question, theme):
    one = willing(themes=[theme])
    for _n in range(2):  # a double click, too
        assert ask(page, question, one).url == question.get_absolute_url()
        assert told(one) == 1
    ask_people(question, [one.pk])
    assert told(one) == 1
    assert Ask.objects.count() == 1
    text = page.get(f"/forums/thread/{question.pk}/ask/").content.decode()
    assert "You have asked" in text


def test_nobody_is_asked_more_often_than_they_agreed_to(page, question, asker, theme):
    one = willing(themes=[theme], a_month=1)
    ask(page, question, one)
    second = a_thread(author=asker, kind=Thread.Kind.QUESTION, themes=[theme])
    assert names(second, asker) == []
    ask_people(second, [one.pk])
    assert told(one) == 1


def test_five_at_most_are_asked_about_a_question(page, question, theme):
    people = [willing(themes=[theme]) for _ in range(7)]
    ask(page, question, *people[:3])
    answer = page.get(f"/forums/thread/{question.pk}/ask/")
    assert len(answer.context["proposed"]) == 2
    ask(page, question, *people[3:5])
    assert Ask.objects.count() == 5
    text = page.get(f"/forums/thread/{question.pk}/ask/").content.decode()
    assert "You have asked five" in text


def test_nobody_else_can_be_smuggled_in(page, question, theme):
    willing(themes=[theme])
    stranger = a_member()
    assert ask(page, question, stranger).status_code == 422
    assert ask(page, question).status_code == 422
    assert Ask.objects.count() == 0


def test_who_has_answered_already_is_not_asked(question, asker, theme):
    one = willing(themes=[theme])
    post_reply(question, one, "I did.")
    assert names(question, asker) == []


def test_only_who_began_the_question_asks(client, page, question, asker):
    discussion = a_thread(author=asker, kind=Thread.Kind.DISCUSSION)
    assert page.get(f"/forums/thread/{discussion.pk}/ask/").status_code == 403
    closed = a_thread(a_forum(STAFF))
    assert page.get(f"/forums/thread/{closed.pk}/ask/").status_code == 404
    text = page.get(question.get_absolute_url()).content.decode()
    assert f"/forums/thread/{question.pk}/ask/" in text
    client.force_login(a_member())
    assert client.get(f"/forums/thread/{question.pk}/ask/").status_code == 403
    text = client.get(question.get_absolute_url()).content.decode()
    assert f"/forums/thread/{question.pk}/ask/" not in text


def test_where_nobody_fits_the_page_says_what_to_do(page, question):
    text = page.get(f"/forums/thread/{question.pk}/ask/").content.decode()
    assert "Nobody fits who may be asked" in text


def test_one_agrees_and_takes_it_back(client, asker):
    client.force_login(asker)
    assert Answerer.objects.count() == 0
    client.post("/forums/asks/", {"agrees": "on", "a_month": "3"})
    assert Answerer.objects.get().a_month == 3
    own = client.get(asker.profile.get_absolute_url()).content.decode()
    assert "Yes, at most 3 times a month." in own
    answer = client.post("/forums/asks/", {"agrees": "on", "a_month": "99"})
    assert answer.status_code == 422
    client.post("/forums/asks/", {"a_month": "3"})
    assert Answerer.objects.count() == 0


def test_others_do_not_see_whether_somebody_may_be_asked(client, asker):
    one = willing("Neema Lwitiko")
    client.force_login(asker)
    text = client.get(one.profile.get_absolute_url()).content.decode()
    assert "May others ask you" not in text
