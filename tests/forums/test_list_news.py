"""What a list that is open says has come since: as its reader would see it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions import hide_post
from forums.models import Thread
from network.audience import STAFF
from network.events import deliver_events
from network.people.actions import block, mute
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return a_member()


@pytest.fixture
def page(client, reader):
    client.force_login(reader)
    return client


def news_address(page, address: str) -> str:
    html = page.get(address).content.decode()
    return re.search(r'class="live"[^>]*data-news="([^"]+)"', html)[1].replace(
        "&amp;", "&"
    )


def said(page, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code in (200, 204)
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


@pytest.mark.parametrize("address", ["/forums/", "/forums/threads/", "room"])
def test_a_list_says_what_began_and_what_goes_on(page, address):
    forum = a_forum()
    older = a_thread(forum)
    address = forum.get_absolute_url() if address == "room" else address
    news = news_address(page, address)
    assert said(page, news) == ""
    a_thread(forum), a_thread(forum)
    assert said(page, news) == "2 new threads Show"
    a_post(older), a_post(older)
    assert said(page, news) == "2 new threads, 1 with new answers Show"


def test_what_the_page_shows_already_is_no_news_however_new_it_is(page):
    forum = a_forum()
    thread = a_thread(forum)
    a_post(thread)
    news = news_address(page, forum.get_absolute_url())
    assert said(page, news) == ""
    a_post(thread)
    assert said(page, news) == "1 with new answers Show"


def test_what_was_committed_late_is_news_all_the_same(page):
    forum = a_forum()
    a_thread(forum)
    news = news_address(page, forum.get_absolute_url())
    late = a_thread(forum)
    moment = timezone.now() - timedelta(seconds=2)
    Thread.objects.filter(pk=late.pk).update(created_at=moment, last_post_at=moment)
    late.posts.update(created_at=moment)
    assert "1 new thread" in said(page, news)


def test_one_s_own_hidden_closed_and_kept_apart_count_for_nothing(page, reader):
    forum, other, muted = a_forum(), a_member(), a_member()
    older = a_thread(forum)
    block(reader, other)
    mute(reader, muted)
    news = [
        news_address(page, "/forums/"),
        news_address(page, forum.get_absolute_url()),
    ]
    a_thread(forum, author=reader)
    a_thread(a_forum(STAFF), author=a_staff())
    a_thread(forum, author=other)
    a_post(older, author=other)
    a_thread(forum, author=muted)
    a_post(older, author=muted)
    hide_post(a_post(older))
    assert [said(page, one) for one in news] == ["", ""]


def test_a_narrowed_list_hears_of_what_it_would_show(page):
    forum = a_forum()
    questions = news_address(page, f"{forum.get_absolute_url()}?kind=question")
    unanswered = news_address(page, "/forums/threads/?show=unanswered")
    a_thread(forum)
    assert (said(page, questions), said(page, unanswered)) == ("", "")
    a_thread(forum, kind="question")
    assert said(page, questions) == said(page, unanswered) == "1 new thread Show"


def test_of_a_closed_room_and_of_none_one_hears_the_same(page):
    closed = a_forum(STAFF)
    since = timezone.now().isoformat().replace("+", "%2B")
    told = [
        page.get(f"/forums/threads/news/?forum={pk}&since={since}")
        for pk in (closed.pk, closed.pk + 1000)
    ]
    assert [one.status_code for one in told] == [404, 404]


@pytest.mark.parametrize(
    "query",
    ["", "since=x", "since=2026-01-01", "since=2026-01-01T00:00Z&forum=x"],
)
def test_an_address_that_makes_no_sense_is_no_page(page, query):
    assert page.get(f"/forums/threads/news/?{query}").status_code == 404


def test_a_garbled_list_of_what_is_known_is_overlooked(page):
    a_thread()
    for known in ("x", "1", ".", "9999999999999999999999.1", "1.1,,٣.1", "a.b.c"):
        query = {"since": "2026-01-01T00:00Z", "known": known}
        assert page.get("/forums/threads/news/", query).status_code in (200, 204)


@pytest.mark.parametrize("many", [1, 12])
def test_news_cost_the_same_however_many(page, django_assert_max_num_queries, many):
    news = news_address(page, "/forums/threads/")
    for _ in range(many):
        a_post(a_thread())
    page.get(news)
    with django_assert_max_num_queries(6):
        assert f"{many} new thread" in said(page, news)


def test_the_inbox_says_how_much_is_new(page, reader):
    thread = a_thread(author=reader)
    a_post(thread)
    deliver_events()
    news = news_address(page, "/inbox/")
    assert said(page, news) == ""
    a_post(thread), a_post(thread)
    deliver_events()
    assert said(page, news) == "2 new notifications Show"
    accepted = news_address(page, "/inbox/?kind=accepted")
    a_post(thread)
    deliver_events()
    assert said(page, accepted) == ""


def test_a_visitor_hears_of_public_threads_only(client):
    open_ = a_forum("public")
    news = news_address(client, "/forums/")
    a_thread()
    assert said(client, news) == ""
    a_thread(open_)
    assert said(client, news) == "1 new thread Show"


def test_a_page_that_slept_for_a_day_is_told_how_many_and_where(page):
    thread = a_thread()
    address = f"/forums/thread/{thread.pk}/news/?after=0&since=1&last=1"
    for _ in range(20):
        a_post(thread)
    assert page.get(address).content.count(b"data-number") == 20
    hide_post(a_post(thread))
    for _ in range(3):
        a_post(thread)
    html = page.get(address).content.decode()
    assert "23 new posts" in html and "data-number" not in html
    assert f'href="/forums/thread/{thread.pk}/2/"' in html
