"""What processes tell each other through Redis: who is here, and that there is work."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from redis import Redis

from network import presence, waking
from tests.services.crash_servers import ROOT, until

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not settings.REDIS_URL, reason="REDIS_URL names no server"),
]
HERE = "from time import time; from network import presence; kept = presence.kept()"


@pytest.fixture(autouse=True)
def connected_anew():
    yield
    presence.kept.cache_clear()
    waking._redis.cache_clear()


def elsewhere(code: str) -> str:
    """What another process of the same site prints."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "network.settings"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def soon(seconds: float = 60) -> float:
    return time.time() + seconds


def test_who_is_here_and_writes_is_known_to_every_process():
    elsewhere(f"{HERE}; kept.beat('thread.41', '9.a', time() + 60)")
    assert presence.here("thread.41") == {9: False}
    for name in ("thread.41", "thread.41.writing"):
        presence.kept().beat(name, "7.b", soon())
    seen = elsewhere(f"{HERE}; print(sorted(presence.here('thread.41').items()))")
    assert seen == "[(7, True), (9, False)]"
    elsewhere(f"{HERE}; kept.leave('thread.41', '7.b')")
    assert presence.here("thread.41") == {9: False}
    assert presence.here("thread.4") == {}


def test_one_comes_once_and_goes_once_whatever_one_opens():
    kept = presence.kept()
    comes = [kept.beat("thread.41", page, soon()) for page in ("9.a", "9.a", "9.b")]
    assert comes == [True, False, True]
    assert kept.leave("thread.41", "9.a") and not kept.leave("thread.41", "9.a")
    assert presence.here("thread.41") == {9: False}
    kept.leave("thread.41", "9.b")
    assert presence.here("thread.41") == {}


def test_who_goes_without_a_word_is_gone_in_time_and_comes_anew():
    kept = presence.kept()
    kept.beat("thread.41", "9.a", soon(0.3))
    assert presence.here("thread.41") == {9: False}
    until(lambda: not presence.here("thread.41"), 5, "still here")
    assert kept.beat("thread.41", "9.a", soon())


def test_nothing_of_it_stays():
    kept = presence.kept()
    kept.beat("thread.41", "9.a", soon())
    [key] = kept.redis.keys(f"{kept.prefix}*")
    assert 0 < kept.redis.ttl(key) <= presence.LASTS * 2
    kept.leave("thread.41", "9.a")
    assert kept.redis.keys(f"{kept.prefix}*") == []


def test_while_redis_is_away_nobody_is_seen_and_nothing_breaks(monkeypatch):
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    presence.kept.cache_clear(), waking._redis.cache_clear()
    assert presence.here("thread.41") == {}
    waking.tell_others(["mail"])


@pytest.fixture
def heard(monkeypatch):
    """Lanes that are woken here, by a thread that listens as a server's does."""
    url = f"{settings.REDIS_URL}?client_name=attende-test-{os.getpid()}"
    monkeypatch.setattr(settings, "REDIS_URL", url)
    waking._redis.cache_clear()
    lanes, stop = [], threading.Event()
    listener = threading.Thread(target=waking.hear_others, args=(lanes.extend, stop))
    listener.start()
    until(listens, 5, "it listens to nothing")
    yield lanes
    stop.set()
    listener.join(5)
    assert not listener.is_alive()


def listens() -> bool:
    [(_channel, listeners)] = waking._redis().pubsub_numsub(waking._channel())
    return listeners == 1


def tell_from_elsewhere(*lanes: str) -> None:
    elsewhere(f"from network.waking import tell_others; tell_others({lanes!r})")


def test_a_word_from_another_process_wakes_its_lanes(heard):
    tell_from_elsewhere("mail", "index")
    until(lambda: heard == ["index", "mail"], 5, f"woken: {heard}")


def test_other_sites_on_the_same_server_wake_nobody(heard):
    Redis.from_url(settings.REDIS_URL).publish("another.wake", "bulk")
    tell_from_elsewhere("mail")
    until(lambda: heard == ["mail"], 5, f"woken: {heard}")


def test_a_line_that_was_cut_is_taken_up_again(heard):
    own = f"attende-test-{os.getpid()}"
    redis = Redis.from_url(settings.REDIS_URL.partition("?")[0], decode_responses=True)
    listening = redis.client_list(_type="pubsub")
    [client] = [one["id"] for one in listening if one["name"] == own]
    redis.client_kill_filter(_id=client)
    until(lambda: not listens(), 5, "the line is not cut")
    until(listens, 10, "it does not listen again")
    tell_from_elsewhere("rows")
    until(lambda: heard == ["rows"], 5, f"woken: {heard}")
