import json

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers

from forums.actions import (
    edit_post,
    hide_post,
    move_thread,
    post_reply,
    set_forum_audience,
)
from network import sockets
from network.asgi import application
from network.audience import MEMBERS, PUBLIC, STAFF
from network.notifications.actions import mark_read
from network.notifications.models import Notification
from network.people.actions import block, suspend
from tests.forums.factories import a_forum, a_post, a_thread
from tests.live.helpers import do, page, scene
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db(transaction=True)

make = sync_to_async


@pytest.fixture(autouse=True)
def own_layer():
    """Channels keeps the in-memory layer between tests, with their groups."""
    channel_layers.backends.clear()


def of(target: str, heard: list[dict]) -> list[dict]:
    return [frame["news"] for frame in heard if frame.get("target") == target]


def gone(heard: list[dict]) -> list[str]:
    return [frame["gone"] for frame in heard if "gone" in frame]


@scene
async def test_a_page_is_nudged_when_the_thread_has_news():
    thread = await do(a_thread)
    reader = await page(await make(a_member)())
    name = f"thread.{thread.pk}"
    assert of(name, await reader.listen(name)) == [{}]
    post = await do(a_post, thread)
    assert of(name, await reader.heard(1)) == [{"revision": 2}]
    await do(edit_post, post, "Better.")
    await do(hide_post, post)
    assert of(name, await reader.heard(2)) == [{"revision": 3}, {"revision": 4}]
    await reader.leave()


@scene
async def test_a_nudge_says_nothing_of_what_was_written():
    thread = await do(a_thread)
    reader = await page(await make(a_member)())
    await reader.listen(f"thread.{thread.pk}")
    await do(a_post, thread, markdown="A secret of ours.")
    assert "secret" not in json.dumps(await reader.heard(1))
    await reader.leave()


@scene
async def test_a_visitor_hears_of_public_threads_only():
    open_, closed = await do(a_thread, await make(a_forum)(PUBLIC)), await do(a_thread)
    visitor = await page()
    heard = await visitor.listen(f"thread.{open_.pk}", f"thread.{closed.pk}", "inbox")
    assert sorted(gone(heard)) == ["inbox", f"thread.{closed.pk}"]
    await do(a_post, open_), await do(a_post, closed)
    heard = await visitor.heard(1)
    assert [frame["target"] for frame in heard] == [f"thread.{open_.pk}"]
    await visitor.leave()


@scene
async def test_a_closed_thread_and_a_missing_one_sound_the_same():
    closed = await do(
        a_thread, await make(a_forum)(STAFF), author=await make(a_staff)()
    )
    reader = await page(await make(a_member)())
    heard = await reader.listen(
        f"thread.{closed.pk}", "thread.999999", "thread.", "user.1", "everyone",
        "forum.1", "thread.1٣", f"thread.{'9' * 40}",
    )  # fmt: skip
    assert len(gone(heard)) == len(heard) == 8
    await do(a_post, closed, author=await make(a_staff)())
    assert await reader.heard() == []
    await reader.leave()


# The inbox


@scene
async def test_the_inbox_counts_on_every_open_page_of_its_owner():
    owner = await make(a_member)()
    thread = await do(a_thread, author=owner)
    one, two = await page(owner), await page(owner)
    other = await page(await make(a_member)())
    for each in (one, two, other):
        assert of("inbox", await each.listen("inbox")) == [{"unread": 0}]
    await do(a_post, thread)
    for each in (one, two):
        assert of("inbox", await each.heard(1)) == [{"unread": 1}]
    assert await other.heard() == []
    await do(mark_read, owner, Notification.objects.all())
    assert of("inbox", await one.heard(1)) == [{"unread": 0}]
    for each in (one, two, other):
        await each.leave()


@scene
async def test_who_may_not_see_the_thread_is_not_even_told_that_something_came():
    outsider = await make(a_member)()
    forum = await make(a_forum)(STAFF)
    thread = await do(
        a_thread, forum, author=await make(a_staff)(), followers=[outsider]
    )
    reader = await page(outsider)
    await reader.listen("inbox")
    await do(a_post, thread, author=await make(a_staff)())
    assert await reader.heard() == []
    await reader.leave()


# Losing access


async def listening(who, thread):
    reader = await page(who)
    await reader.listen(f"thread.{thread.pk}")
    return reader


@pytest.mark.parametrize("how", ["forum narrowed", "thread moved", "blocked"])
def test_losing_access_ends_it(how):
    scene(losing)(how)


async def losing(how):
    staff, member, author = (
        await make(a_staff)(), await make(a_member)(), await make(a_member)()
    )  # fmt: skip
    thread = await do(a_thread, await make(a_forum)(MEMBERS), author=author)
    loser, keeper = await listening(member, thread), await listening(staff, thread)
    elsewhere = await make(a_forum)(STAFF)
    if how == "forum narrowed":
        await do(set_forum_audience, thread.forum, STAFF)
    elif how == "thread moved":
        await do(move_thread, thread, elsewhere)
    else:
        await do(block, member, author)
    assert gone(await loser.heard(1)) == [f"thread.{thread.pk}"]
    await do(post_reply, thread, author, "Among us.")
    assert await loser.heard() == []
    assert of(f"thread.{thread.pk}", await keeper.heard(1))
    await loser.leave(), await keeper.leave()


@scene
async def test_a_suspended_person_is_put_out():
    member = await make(a_member)()
    reader = await listening(member, await do(a_thread))
    await do(suspend, member, by=await make(a_staff)())
    assert await reader.closed() == sockets.SIGNED_OUT


@scene
async def test_signing_out_ends_the_sockets_of_that_session_only():
    member = await make(a_member)()
    here, there = await page(member), await page(member)
    await here.listen("inbox"), await there.listen("inbox")
    await do(here.client.post, "/account/logout/")
    assert await here.closed() == sockets.SIGNED_OUT
    assert await there.heard() == []
    await there.leave()


# What a page may send


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", sockets.MALFORMED),
        ("[]", sockets.MALFORMED),
        ("{}", sockets.MALFORMED),
        ('{"listen": "inbox"}', sockets.MALFORMED),
        ('{"listen": [1]}', sockets.MALFORMED),
        ('{"listen": [], "say": "x"}', sockets.MALFORMED),
        (json.dumps({"listen": ["x" * 5000]}), sockets.TOO_BIG),
        (
            json.dumps({"listen": [f"thread.{n}" for n in range(21)]}),
            sockets.TOO_MUCH,
        ),
    ],
)
def test_a_bad_frame_closes_the_socket(frame, code):
    async def sends():
        reader = await page()
        await reader.connect()
        await reader.send(frame)
        assert await reader.closed() == code

    scene(sends)()


@scene
async def test_bytes_close_the_socket():
    reader = await page()
    await reader.connect()
    await reader.send(raw=b"\x00\x01")
    assert await reader.closed() == sockets.MALFORMED


@scene
async def test_a_flood_closes_the_socket():
    reader = await page()
    await reader.connect()
    for _ in range(sockets.MAX_FRAMES + 1):
        await reader.send('{"listen": []}')
    assert await reader.closed() == sockets.TOO_OFTEN


def test_a_stranger_site_gets_no_socket(monkeypatch):
    guard = application.application_mapping["websocket"]
    monkeypatch.setattr(guard, "allowed_origins", ["testserver"])

    async def tries():
        member = await make(a_member)()
        assert await (await page(member)).connect()
        assert not await (await page(member, origin="https://evil.example")).connect()

    scene(tries)()
