"""The open sockets of one process: it hears the channel layer once, for all of them.

A channel, a queue and two tasks for each socket, as Channels' consumers have them, took
twice the memory and most of the time that a nudge to a thousand pages took. Of the
layer's groups there is one, which all processes are in: what is sent names the group of
sockets that it is for, and each process knows its own. Messages are small, and few
beside what pages ask; a group of the layer for each page was memory and a question to
Redis.
"""

import asyncio
import logging
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.conf import settings

logger = logging.getLogger(__name__)

# A group that every open page is in, and the layer's, with all processes that have any.
EVERYONE, PROCESSES = "everyone", "processes"
# How often it asks whether it still hears, and how far apart pages are told to ask
# anew after it did not.
HEARS, APART = 5, 0.02

_hubs: WeakKeyDictionary = WeakKeyDictionary()


def hub() -> "Hub":
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def send(group: str, message: dict) -> None:
    """To the sockets of a group, in all processes."""
    await get_channel_layer().group_send(PROCESSES, {**message, "group": group})


class Hub:
    """Sockets by group. A socket has a method for each type of message."""

    def __init__(self):
        self.groups: dict[str, set] = {}
        self.layer = get_channel_layer()
        self.channel = ""
        self.beginning = asyncio.Lock()
        self.tasks: set[asyncio.Task] = set()
        self.echo = asyncio.Event()

    async def join(self, group: str, socket) -> None:
        """When this returns, nothing sent to the group from now on is missed."""
        async with self.beginning:
            if not self.channel:
                channel = await self.layer.new_channel()
                await self.layer.group_add(PROCESSES, channel)
                self.channel = channel
                self._start(self._hear())
                if settings.REDIS_URL:
                    self._start(self._watch())
        self.groups.setdefault(group, set()).add(socket)

    def leave(self, group: str, socket) -> None:
        there = self.groups.get(group, set())
        there.discard(socket)
        if not there:
            self.groups.pop(group, None)

    async def _hear(self) -> None:
        while True:
            message = await self.layer.receive(self.channel)
            if message["type"] == "echo":
                self.echo.set()
            else:
                for socket in self.groups.get(message["group"], ()):
                    self._start(socket.hear(message))

    async def _watch(self) -> None:
        """What was sent while Redis was away is lost: then all pages ask anew."""
        deaf = False
        while True:
            await asyncio.sleep(HEARS)
            self.echo.clear()
            try:
                await self.layer.send(self.channel, {"type": "echo"})
                await asyncio.wait_for(self.echo.wait(), HEARS)
            except Exception as error:  # of whatever library the layer is made
                deaf = True
                logger.warning("sockets hear nothing: %r", error)
                continue
            if deaf:
                deaf = False
                for socket in list(self.groups.get(EVERYONE, ())):
                    self._start(socket.hear({"type": "ask_anew"}))
                    await asyncio.sleep(APART)

    def _start(self, coroutine) -> None:
        task = asyncio.create_task(coroutine)
        self.tasks.add(task)  # a loop itself holds its tasks but weakly
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task) -> None:
        self.tasks.discard(task)
        gone = task.cancelled() or isinstance(task.exception(), OSError)  # hung up
        if not gone and task.exception():
            logger.error("a socket failed", exc_info=task.exception())
