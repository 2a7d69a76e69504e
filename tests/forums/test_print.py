"""A thread on paper."""

from datetime import UTC, datetime

import pytest

from forums.actions import hide_post, post_reply
from forums.models import Post
from forums.views import printing
from network.audience import PUBLIC, STAFF
from tests.forums.factories import a_forum, a_post, a_thread
from tests.forums.uploads import an_attachment
from tests.people.factories import a_member


def test_all_posts_stand_on_one_page_without_menus(client, db):
    client.force_login(a_member())
    thread = a_thread()
    for n in range(25):
        a_post(thread, markdown=f"Answer {n}.")
    hide_post(a_post(thread, markdown="Hidden words"))
    text = client.get(f"/forums/thread/{thread.pk}/print/").content.decode()
    assert "Answer 0." in text
    assert "Answer 24." in text
    assert "Hidden words" not in text
    assert "<form" not in text
    assert "<nav" not in text


def test_a_very_long_thread_comes_in_parts(client, db, monkeypatch):
    monkeypatch.setattr(printing, "POSTS_A_PART", 3)
    client.force_login(a_member())
    thread = a_thread()
    for n in range(2, 8):
        a_post(thread, markdown=f"Answer {n}.")
    there = f"/forums/thread/{thread.pk}/print/"
    text = client.get(there, {"part": "2"}).content.decode()
    assert "Part 2 of 3" in text
    assert "Answer 4." in text
    assert "Answer 3." not in text
    assert "Answer 7." in client.get(there, {"part": "99"}).content.decode()


def test_who_may_not_see_a_thread_does_not_print_it(client, db):
    client.force_login(a_member())
    thread = a_thread(a_forum(STAFF))
    assert client.get(f"/forums/thread/{thread.pk}/print/").status_code == 404


def test_printing_costs_the_same_however_long(
    client, db, django_assert_max_num_queries
):
    client.force_login(a_member())
    thread = a_thread()
    for _ in range(12):
        a_post(thread)
    with django_assert_max_num_queries(9):
        client.get(f"/forums/thread/{thread.pk}/print/")


@pytest.mark.parametrize(
    ("language", "country", "written"),
    [("en", "TZ", "9 November 2026 10:12"), ("nn", "NO", "9. november 2026 08:12")],
)
def test_a_date_is_written_as_elsewhere_and_an_hour_is_the_readers(
    client, db, language, country, written
):
    client.force_login(a_member(language=language, country=country))
    thread = a_thread()
    Post.objects.update(created_at=datetime(2026, 11, 9, 7, 12, tzinfo=UTC))
    text = client.get(f"/forums/thread/{thread.pk}/print/").content.decode()
    assert f"{written}</time>" in text


def test_visitors_are_told_whose_hour_it_is(client, db):
    thread = a_thread(a_forum(PUBLIC))
    Post.objects.update(created_at=datetime(2026, 11, 9, 7, 12, tzinfo=UTC))
    text = client.get(f"/forums/thread/{thread.pk}/print/").content.decode()
    assert "07:12 UTC</time>" in text


def test_what_stands_below_a_post_is_printed_too(client, db):
    author, thread = a_member(), a_thread()
    files = [an_attachment(author), an_attachment(author, "budget.pdf")]
    shows = {files[0].pk: "A barn", files[1].pk: ""}
    post_reply(thread, author, "See below.", attachments=shows)
    client.force_login(a_member())
    text = client.get(f"/forums/thread/{thread.pk}/print/").content.decode()
    assert 'alt="A barn"' in text
    assert "budget.pdf" in text
