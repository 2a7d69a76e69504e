"""Who is here and who writes: told to those who may know them, and to nobody else."""

import json

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.db import connection
from django.test import Client

from network import beats, presence
from network.audience import PUBLIC, STAFF
from network.people.actions import block, change_profile
from network.people.models import Profile
from tests.forums.factories import a_forum, a_thread
from tests.live.helpers import do, page, scene
from tests.people.factories import a_member

pytestmark = pytest.mark.django_db(transaction=True)
make = sync_to_async


@pytest.fixture(autouse=True)
def a_fresh_room(monkeypatch):
    channel_layers.backends.clear()
    presence.kept.cache_clear()
    monkeypatch.setattr(beats, "MOMENT", 0.02)


async def at(thread, who):
    """Their page, which listens and says that it is looked at."""
    reader = await page(who)
    await reader.listen(f"thread.{thread.pk}")
    await say(reader, here=f"thread.{thread.pk}")
    return reader


async def say(reader, **frame):
    await reader.send(json.dumps(frame))


@sync_to_async
def seen_by(who, thread) -> str:
    """What the page would show of the others, without markup."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    if who:
        client.force_login(who)
    answer = client.get(f"/forums/thread/{thread.pk}/here/")
    assert answer.status_code == 200
    return answer.content.decode()


def stirs(heard: list[dict]) -> int:
    return sum("stir" in frame for frame in heard)


async def three():
    thread = await do(a_thread)
    names = ("Mariam Juma", "Jonas Vik", "Neema Lwitiko")
    return thread, [await make(a_member)(name) for name in names]


@scene
async def test_who_opens_a_thread_is_seen_by_the_others_and_not_by_themselves():
    thread, (mariam, jonas, _neema) = await three()
    one = await at(thread, mariam)
    two = await at(thread, jonas)
    assert stirs(await one.heard(1)) == 1
    html = await seen_by(mariam, thread)
    assert "1 other is here now" in html and "Jonas Vik" in html
    assert "Mariam" not in html
    await one.leave(), await two.leave()


@scene
async def test_one_is_told_who_writes_until_they_stop():
    thread, (mariam, jonas, neema) = await three()
    one, two = await at(thread, mariam), await at(thread, jonas)
    await one.heard(1)
    await say(two, here=f"thread.{thread.pk}", writing=True)
    assert stirs(await one.heard(1)) == 1
    assert "Jonas Vik is writing…" in await seen_by(mariam, thread)
    assert "writing…" not in await seen_by(jonas, thread)
    assert "Jonas Vik is writing…" in await seen_by(neema, thread)
    await say(two, here=f"thread.{thread.pk}", writing=False)
    assert stirs(await one.heard(1)) == 1
    assert "writing…" not in await seen_by(mariam, thread)
    await one.leave(), await two.leave()


@scene
async def test_two_and_many_writers_are_one_sentence():
    thread, people = await three()
    pages = [await at(thread, who) for who in people]
    for each in pages[:2]:
        await say(each, here=f"thread.{thread.pk}", writing=True)
    await pages[2].heard()
    html = await seen_by(people[2], thread)
    assert "Mariam Juma and Jonas Vik are writing…" in html or (
        "Jonas Vik and Mariam Juma are writing…" in html
    )
    await say(pages[2], here=f"thread.{thread.pk}", writing=True)
    await pages[0].heard()
    assert "3 people are writing…" in await seen_by(await make(a_member)(), thread)
    for each in pages:
        await each.leave()


@scene
async def test_who_leaves_is_gone_at_once_and_a_second_tab_keeps_one_there():
    thread, (mariam, jonas, _neema) = await three()
    first, second = await at(thread, jonas), await at(thread, jonas)
    watcher = await at(thread, mariam)
    await first.heard(), await second.heard()
    await first.leave()
    assert "1 other is here now" in await seen_by(mariam, thread)
    await say(second, away=f"thread.{thread.pk}")
    await watcher.heard(1)
    assert "here now" not in await seen_by(mariam, thread)
    await second.leave(), await watcher.leave()


def test_a_killed_tab_expires_without_a_goodbye(monkeypatch):
    scene(killed_tab)(monkeypatch)


async def killed_tab(monkeypatch):
    thread, (mariam, jonas, _neema) = await three()
    two = await at(thread, jonas)
    await two.heard()
    assert "Jonas" in await seen_by(mariam, thread)
    now = presence.time()
    monkeypatch.setattr(presence, "time", lambda: now + presence.LASTS + 1)
    assert "Jonas" not in await seen_by(mariam, thread)
    await two.leave()


@scene
async def test_who_does_not_wish_to_be_seen_is_not():
    thread, (mariam, jonas, _neema) = await three()
    one, two = await at(thread, mariam), await at(thread, jonas)
    await one.heard(1)
    profile = await make(Profile.objects.select_related("user").get)(user=jonas)
    profile.shows_presence = False
    await do(change_profile, profile)
    assert stirs(await one.heard(1)) == 1
    assert "here now" not in await seen_by(mariam, thread)
    await say(two, here=f"thread.{thread.pk}", writing=True)
    assert await one.heard() == []
    assert "here now" not in await seen_by(mariam, thread)
    await one.leave(), await two.leave()


@scene
async def test_people_kept_apart_never_meet_here():
    thread, (mariam, jonas, neema) = await three()
    await do(block, jonas, mariam)
    one, two = await at(thread, mariam), await at(thread, jonas)
    await say(two, here=f"thread.{thread.pk}", writing=True)
    assert stirs(await one.heard()) == stirs(await two.heard()) == 0
    for pair in ((mariam, "Jonas"), (jonas, "Mariam")):
        html = await seen_by(pair[0], thread)
        assert pair[1] not in html and "here now" not in html
    assert "2 others are here now" in await seen_by(neema, thread)
    await one.leave(), await two.leave()


@scene
async def test_whose_name_does_not_reach_me_or_who_hides_is_not_there():
    thread, (mariam, jonas, neema) = await three()
    for who, change in (
        (jonas, {"hidden_from": ["TZ"]}),
        (neema, {"reach": "partnerships"}),
    ):
        profile = await make(Profile.objects.select_related("user").get)(user=who)
        if "reach" in change:
            profile.reach["name"] = change["reach"]
        else:
            profile.hidden_from = change["hidden_from"]
        await do(change_profile, profile)
    here = await make(Profile.objects.select_related("user").get)(user=mariam)
    here.country = "TZ"
    await do(change_profile, here)
    pages = [await at(thread, who) for who in (mariam, jonas, neema)]
    assert stirs(await pages[0].heard()) == 0
    assert "here now" not in await seen_by(mariam, thread)
    for each in pages:
        await each.leave()


@scene
async def test_a_visitor_neither_sees_nor_is_seen():
    thread = await do(a_thread, await make(a_forum)(PUBLIC))
    mariam = await make(a_member)("Mariam Juma")
    one, visitor = await at(thread, mariam), await at(thread, None)
    await say(visitor, here=f"thread.{thread.pk}", writing=True)
    assert stirs(await one.heard()) == stirs(await visitor.heard()) == 0
    assert "Mariam" not in await seen_by(None, thread)
    assert "here now" not in await seen_by(mariam, thread)
    await one.leave(), await visitor.leave()


@scene
async def test_nobody_is_seen_where_they_may_not_be():
    closed = await do(a_thread, await make(a_forum)(STAFF))
    mariam = await make(a_member)()
    reader = await at(closed, mariam)
    await say(reader, here="inbox"), await say(reader, here="user.1")
    await reader.heard()
    assert presence.here(f"thread.{closed.pk}") == {}
    await reader.leave()


@scene
async def test_losing_access_takes_one_out_of_the_room():
    from forums.actions import set_forum_audience

    thread, (mariam, _jonas, _neema) = await three()
    reader = await at(thread, mariam)
    await reader.heard()
    assert presence.here(f"thread.{thread.pk}") == {mariam.pk: False}
    await do(set_forum_audience, thread.forum, STAFF)
    await reader.heard(1)
    assert presence.here(f"thread.{thread.pk}") == {}
    await reader.leave()


@scene
async def test_a_beat_does_not_ask_the_database():
    thread, (mariam, _jonas, _neema) = await three()
    reader = await at(thread, mariam)
    await reader.heard()
    asked = await make(queries_from_now_on)()
    for _ in range(5):
        await say(reader, here=f"thread.{thread.pk}", writing=True)
    await reader.heard()
    assert await make(asked)() == []
    await reader.leave()


def queries_from_now_on():
    connection.force_debug_cursor = True
    connection.queries_log.clear()

    def asked():
        connection.force_debug_cursor = False
        return connection.queries

    return asked


@scene
async def test_what_many_do_at_once_is_told_at_once():
    thread, (mariam, _jonas, _neema) = await three()
    one = await at(thread, mariam)
    await one.heard()
    others = [await at(thread, await make(a_member)()) for _ in range(6)]
    assert 1 <= stirs(await one.heard(1)) <= 6
    assert "6 others are here now" in await seen_by(mariam, thread)
    for each in (one, *others):
        await each.leave()
