"""The sockets of a process: each hears what is for its groups while it is open."""

import asyncio
import time

import pytest
from channels.layers import channel_layers

from network import hub


class Heard:
    def __init__(self):
        self.messages: list[str] = []

    async def hear(self, message: dict) -> None:
        self.messages.append(message["said"])


def heard_in(
    *groups: str, said: list[tuple[str, str]], meanwhile=lambda: None
) -> list[str]:
    """What a socket of these groups hears of what is said: (group, words)."""

    async def listen() -> list[str]:
        channel_layers.backends.clear()
        socket, own = Heard(), hub.hub()
        for group in groups:
            await own.join(group, socket)
        meanwhile()
        for group, words in said:
            await hub.send(group, {"type": "say", "said": words})
        for _ in range(100):
            await asyncio.sleep(0.01)
            if socket.messages:
                break
        for group in groups:
            own.leave(group, socket)
        await hub.send(groups[0], {"type": "say", "said": "too late"})
        await asyncio.sleep(0.05)
        for task in own.tasks:
            task.cancel()
        return socket.messages

    return asyncio.run(listen())


def test_a_socket_hears_what_is_for_its_groups_until_it_leaves():
    said = [
        ("thread.2", "no"),
        ("thread.1", "yes"),
        ("user.7", "you"),
        ("user.8", "no"),
    ]
    assert heard_in("thread.1", "user.7", said=said) == ["yes", "you"]


def test_much_that_is_for_others_hides_nothing():
    said = [*[(f"thread.{n}", "no") for n in range(2, 400)], ("thread.1", "yes")]
    assert heard_in("thread.1", said=said) == ["yes"]


def test_a_process_hears_after_days(monkeypatch):
    now = time.time

    def go_by():
        monkeypatch.setattr(time, "time", lambda: now() + 3 * 24 * 60 * 60)

    said = [("thread.1", "yes")]
    assert heard_in("thread.1", said=said, meanwhile=go_by) == ["yes"]


def test_what_fails_at_first_is_tried_again():
    """Redis may be away when the first page comes."""

    async def join() -> str:
        channel_layers.backends.clear()
        own, add = hub.hub(), hub.hub().layer.group_add

        async def away(*args):
            own.layer.group_add = add
            raise OSError("away")

        own.layer.group_add = away
        with pytest.raises(OSError):
            await own.join("thread.1", Heard())
        await own.join("thread.1", Heard())
        for task in own.tasks:
            task.cancel()
        return own.channel

    assert asyncio.run(join())
