"""Feeds of forums and threads: who reads what, and what comes again unchanged."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

from forums.actions import edit_post, hide_post, renew_feeds
from forums.feeds import address_for, token_of
from network.audience import PUBLIC, STAFF
from network.people.actions import block, suspend
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_pending, a_staff

ATOM = "{http://www.w3.org/2005/Atom}"


def fetch(client, row, reader=None, **headers):
    address = address_for(row, token_of(reader) if reader else "")
    return client.get(address.removeprefix(settings.SITE_URL), **headers)


def entries(answer) -> list[str]:
    assert answer.status_code == 200
    tree = ElementTree.fromstring(answer.content)
    return [one.findtext(f"{ATOM}summary") for one in tree.iter(f"{ATOM}entry")]


def test_anybody_reads_what_is_public_and_learns_names_that_are_public(client, db):
    thread = a_thread(a_forum(PUBLIC), a_member("Secret Name"))
    a_post(thread, a_member("Open Name", reach={"name": "public"}))
    answer = fetch(client, thread)
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert entries(answer) == [
        "<p>We paired each newcomer.</p>\n",
        "<p>Those who stay behind are not ready.</p>\n",
    ]
    assert b"Open Name" in answer.content
    assert b"Secret" not in answer.content
    assert entries(fetch(client, thread.forum))


def test_what_members_read_has_no_open_feed_even_when_signed_in(client, db):
    thread = a_thread()
    client.force_login(a_member())
    assert fetch(client, thread).status_code == 404
    assert fetch(client, thread.forum).status_code == 404


def test_an_own_address_reads_what_its_owner_may_without_a_session(client, db):
    reader, thread, closed = a_member(), a_thread(), a_thread(a_forum(STAFF))
    assert entries(fetch(client, thread, reader))
    assert entries(fetch(client, thread.forum, reader))
    assert fetch(client, closed, reader).status_code == 404
    assert entries(fetch(client, closed, a_staff()))


def test_renewed_it_is_void_and_so_it_is_for_who_is_no_member(client, db):
    reader, thread = a_member(), a_thread()
    address = address_for(thread, token_of(reader)).removeprefix(settings.SITE_URL)
    assert client.get(address).status_code == 200
    renew_feeds(reader)
    assert client.get(address).status_code == 404
    assert fetch(client, thread, reader).status_code == 200
    suspend(reader, a_staff())
    assert fetch(client, thread, reader).status_code == 404
    assert fetch(client, thread, a_pending()).status_code == 404


@pytest.mark.parametrize("token", ["1.0", "1.0.made-up", "x", "٣.0.x"])
def test_a_made_up_address_is_nowhere(client, db, token):
    thread = a_thread()
    address = f"/forums/feeds/{token}/thread/{thread.pk}/"
    assert client.get(address).status_code == 404


def test_hidden_and_blocked_is_in_no_feed(client, db):
    reader = a_member()
    thread = a_thread(a_forum(moderators=[reader]))
    hide_post(a_post(thread, reader, "Hidden, and mine"))
    other = a_member()
    a_post(thread, other, "From somebody blocked")
    block(reader, other)
    assert entries(fetch(client, thread, reader)) == [
        "<p>Those who stay behind are not ready.</p>\n"
    ]
    hide_post(thread.posts.get(number=1))
    assert entries(fetch(client, thread.forum, reader)) == []


def test_unchanged_it_is_not_sent_again(client, db):
    thread = a_thread(a_forum(PUBLIC))
    first = fetch(client, thread)
    assert first["Last-Modified"]
    again = fetch(client, thread, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    edit_post(thread.posts.get(), "Changed")
    changed = fetch(client, thread, HTTP_IF_NONE_MATCH=first["ETag"])
    assert entries(changed) == ["<p>Changed</p>\n"]


def test_links_in_a_feed_lead_back_here(client, db):
    thread = a_thread(a_forum(PUBLIC), markdown="[Here](/people/)")
    (text,) = entries(fetch(client, thread))
    assert f'href="{settings.SITE_URL}/people/"' in text


def test_pages_name_their_feed(client, db):
    thread = a_thread(a_forum(PUBLIC))
    for page in (thread, thread.forum):
        text = client.get(page.get_absolute_url()).content.decode()
        assert 'rel="alternate" type="application/atom+xml"' in text
    reader, own = a_member(), a_thread()
    client.force_login(reader)
    text = client.get(own.get_absolute_url()).content.decode()
    assert "application/atom+xml" not in text
    assert f"/forums/feeds/?thread={own.pk}" in text


def test_ones_addresses_are_shown_and_renewed(client, db):
    reader, thread = a_member(), a_thread()
    client.force_login(reader)
    there = f"/forums/feeds/?thread={thread.pk}"
    before = token_of(reader)
    assert before in client.get(there).content.decode()
    assert client.get("/forums/feeds/").status_code == 200
    client.post("/forums/feeds/renew/")
    assert before not in client.get(there).content.decode()
    hidden = a_thread(a_forum(STAFF))
    assert client.get(f"/forums/feeds/?thread={hidden.pk}").status_code == 404


def test_a_feed_costs_few_queries(client, db, django_assert_max_num_queries):
    reader, thread = a_member(), a_thread()
    for _ in range(12):
        a_post(thread)
    with django_assert_max_num_queries(7):
        fetch(client, thread, reader)
