"""Going to a post in a long thread."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from forums.actions import hide_post
from forums.models import Post, Thread
from network.audience import STAFF
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member

LONG = 5000


@pytest.fixture
def page(client, db):
    client.force_login(a_member())
    return client


def a_long_thread() -> Thread:
    thread, author = a_thread(), a_member()
    start = timezone.now() - timedelta(days=LONG)
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=n,
            author=author,
            markdown=f"Answer {n}.",
            html=f"<p>Answer {n}.</p>",
            language="en",
            created_at=start + timedelta(days=n),
        )
        for n in range(2, LONG + 1)
    )
    thread.posts.filter(number=1).update(created_at=start)
    Thread.objects.filter(pk=thread.pk).update(last_number=LONG)
    return thread


def to(page, thread, **where) -> str:
    return page.get(f"/forums/thread/{thread.pk}/jump/", where)


def test_the_middle_of_a_long_thread_costs_what_its_first_page_costs(
    page, django_assert_max_num_queries
):
    thread = a_long_thread()
    page.get(thread.get_absolute_url())
    page.get(thread.get_absolute_url(), {"page": 125})
    for number, said in ((1, "Answer 20."), (125, "Answer 2500.")):
        with django_assert_max_num_queries(11) as asked:
            answer = page.get(thread.get_absolute_url(), {"page": number})
            assert not any("OFFSET" in one["sql"] for one in asked.captured_queries)
        assert said in answer.content.decode()
    there = thread.get_absolute_url()
    assert to(page, thread, number=2500).url == f"{there}?page=125#post-2500"
    day = timezone.localdate() - timedelta(days=LONG - 100)
    answer = to(page, thread, day=day.isoformat())
    assert answer.url in (f"{there}?page=5#post-{n}" for n in (99, 100, 101))
    assert to(page, thread, number=9999).url == f"{there}?page=last"


def test_what_is_hidden_is_passed_by(page):
    thread = a_thread()
    hide_post(a_post(thread))
    a_post(thread)
    assert to(page, thread, number=2).url.endswith("#post-3")


def test_a_day_begins_where_the_reader_is(client, db):
    """In Kathmandu, five hours and three quarters before it does by UTC."""
    client.force_login(a_member(country="NP"))
    thread = a_thread()
    before, after = a_post(thread), a_post(thread)
    midnight = datetime(2026, 5, 3, tzinfo=UTC) - timedelta(hours=5, minutes=45)
    moments = {before: midnight - timedelta(minutes=1), after: midnight}
    for post, moment in moments.items():
        Post.objects.filter(pk=post.pk).update(created_at=moment)
    thread.posts.filter(number=1).update(created_at=midnight - timedelta(days=9))
    assert to(client, thread, day="2026-05-03").url.endswith(f"#post-{after.number}")
    assert to(client, thread, day="0001-01-01").url.endswith("#post-1")
    assert to(client, thread, day="9999-12-31").url.endswith("?page=last")


@pytest.mark.parametrize(
    "where", [{"number": "x"}, {"day": "2026-13-01"}, {"number": ""}, {"number": "0"}]
)
def test_what_cannot_be_is_said_beside_its_field(page, where):
    answer = to(page, a_thread(), **where)
    assert answer.status_code == 422
    assert 'class="ds-validation-message' in answer.content.decode()


def test_there_is_no_way_into_what_one_may_not_see(page):
    assert to(page, a_thread(a_forum(STAFF)), number=1).status_code == 404
    assert to(page, a_thread()).status_code == 200
