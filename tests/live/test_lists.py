"""Which open lists are nudged, and when that ends."""

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers

from forums.actions import move_thread, set_forum_audience
from network import sockets
from network.audience import MEMBERS, PUBLIC, STAFF
from network.people.actions import block, suspend
from tests.forums.factories import a_forum, a_post, a_thread
from tests.live.helpers import do, page, scene
from tests.live.test_socket import gone, of
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db(transaction=True)
make = sync_to_async


@pytest.fixture(autouse=True)
def own_layer():
    channel_layers.backends.clear()


@scene
async def test_lists_are_nudged_when_a_thread_begins_and_when_it_goes_on():
    forum = await make(a_forum)()
    reader = await page(await make(a_member)())
    both = f"forum.{forum.pk}", "threads"
    heard = await reader.listen(*both)
    assert gone(heard) == [] and len(heard) == 2
    thread = await do(a_thread, forum)
    assert sorted(frame["target"] for frame in await reader.heard(2)) == list(both)
    await do(a_post, thread)
    assert sorted(frame["target"] for frame in await reader.heard(2)) == list(both)
    await reader.leave()


@scene
async def test_of_a_forum_that_one_may_not_see_no_list_says_anything():
    closed, staff = await make(a_forum)(STAFF), await make(a_staff)()
    moderator = await make(a_member)()
    await make(closed.moderators.add)(moderator)
    reader, keeper = await page(await make(a_member)()), await page(moderator)
    visitor = await page()
    target = f"forum.{closed.pk}"
    assert gone(await reader.listen(target, "threads")) == [target]
    assert gone(await visitor.listen(target, "threads")) == [target]
    assert gone(await keeper.listen(target, "threads")) == []
    await do(a_thread, closed, author=staff)
    assert await reader.heard() == await visitor.heard() == []
    assert len(await keeper.heard(2)) == 2
    for each in (reader, keeper, visitor):
        await each.leave()


@scene
async def test_a_visitor_s_list_hears_of_public_forums():
    visitor = await page()
    await visitor.listen("threads")
    await do(a_thread, await make(a_forum)(MEMBERS))
    assert await visitor.heard() == []
    await do(a_thread, await make(a_forum)(PUBLIC))
    assert of("threads", await visitor.heard(1)) == [{}]
    await visitor.leave()


@scene
async def test_who_is_kept_apart_is_not_heard_of():
    member, other = await make(a_member)(), await make(a_member)()
    forum = await make(a_forum)()
    thread = await do(a_thread, forum)
    await do(block, other, member)
    reader = await page(member)
    await reader.listen(f"forum.{forum.pk}", "threads", f"thread.{thread.pk}")
    await do(a_thread, forum, author=other)
    await do(a_post, thread, author=other)
    assert await reader.heard() == []
    await reader.leave()


@scene
async def test_a_room_that_closes_falls_silent_at_once():
    forum = await make(a_forum)()
    reader = await page(await make(a_member)())
    await reader.listen(f"forum.{forum.pk}", "threads")
    await do(set_forum_audience, forum, STAFF)
    assert gone(await reader.heard(1)) == [f"forum.{forum.pk}"]
    await do(a_thread, forum, author=await make(a_staff)())
    assert await reader.heard() == []
    await reader.leave()


@scene
async def test_a_thread_that_moves_in_is_news_where_it_comes_to():
    there = await make(a_forum)()
    thread = await do(a_thread)
    reader = await page(await make(a_member)())
    await reader.listen(f"forum.{there.pk}")
    await do(move_thread, thread, there)
    assert of(f"forum.{there.pk}", await reader.heard(1)) == [{}]
    await reader.leave()


def test_rights_that_ended_by_a_date_are_asked_anew(monkeypatch):
    scene(rights_ended)(monkeypatch)


async def rights_ended(monkeypatch):
    forum = await make(a_forum)()
    reader = await page(await make(a_member)())
    await reader.listen("threads", f"forum.{forum.pk}")
    # nobody announces it, as nobody announces that a day has come
    await make(type(forum).objects.filter(pk=forum.pk).update)(audience=STAFF)
    monkeypatch.setattr(sockets, "RIGHTS_LAST", -1)
    await do(a_thread, forum, author=await make(a_staff)())
    assert f"forum.{forum.pk}" in gone(await reader.heard(1))
    await reader.leave()


@scene
async def test_asking_again_is_answered_again_and_costs_no_place():
    thread = await do(a_thread)
    reader = await page(await make(a_member)())
    target = f"thread.{thread.pk}"
    await reader.listen(target, "inbox")
    for _ in range(3):
        await reader.send(f'{{"listen": ["{target}", "inbox"]}}')
        heard = await reader.heard(2)
        assert {frame["target"] for frame in heard} == {target, "inbox"}
    await do(a_post, thread)
    assert of(target, await reader.heard(1)) == [{"revision": 2}]
    await reader.leave()


@scene
async def test_who_comes_back_without_a_session_learns_that_first_of_all():
    thread = await do(a_thread)
    member = await make(a_member)()
    reader = await page(member)
    await do(reader.client.post, "/account/logout/")
    heard = await reader.listen(f"thread.{thread.pk}", "inbox")
    assert gone(heard) == ["inbox", f"thread.{thread.pk}"]
    await reader.leave()


@scene
async def test_a_suspended_person_s_lists_fall_silent():
    member = await make(a_member)()
    reader = await page(member)
    await reader.listen("threads")
    await do(suspend, member, by=await make(a_staff)())
    assert await reader.closed() == sockets.SIGNED_OUT
