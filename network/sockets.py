"""The one socket, /ws/: a page says what it listens to and is nudged when it changes.

A page sends {"listen": ["thread.41", "inbox"]} and hears {"target", "news"}, or
{"gone": target} for what it may not hear. What changed it fetches over HTTP. It sends
{"here": "thread.41"} while its reader looks at it, with "writing": true while they
write, and hears {"stir": target} when others come, go or write.
"""

import asyncio
import json
from collections import deque
from importlib import import_module
from time import monotonic

from channels.auth import get_user
from channels.db import database_sync_to_async
from django.conf import settings
from django.http import parse_cookie

from network import presence
from network.audience import audiences_of
from network.beats import Present
from network.context import unread_counters
from network.frames import read_frame
from network.hub import EVERYONE, hub
from network.live import concerns, may_hear, session_digest

MAX_TARGETS = 20
MAX_FRAME = 4 * 1024
MAX_FRAMES, PER_SECONDS = 20, 10
# Rights end by a date, too, and nobody announces a date.
RIGHTS_LAST = 600

MALFORMED, SIGNED_OUT, TOO_BIG, TOO_MUCH, TOO_OFTEN = 4400, 4401, 4413, 4422, 4429


async def page_socket(scope, receive, send) -> None:
    socket = Socket(send)
    await receive()  # that it wants to connect
    try:
        await socket.open(session_key_of(scope))
        while (message := await receive())["type"] == "websocket.receive":
            await socket.read(message.get("text"), message.get("bytes"))
    finally:
        await socket.leave_all()


class Socket:
    """One open page. It does one thing at a time, in the order in which they come."""

    __slots__ = (
        "ended", "frames", "groups", "present", "rights_at", "send", "session_key",
        "targets", "turn", "unread", "user",
    )  # fmt: skip

    def __init__(self, send):
        self.send = send
        self.turn = asyncio.Lock()
        self.groups: set[str] = set()
        self.targets: set[str] = set()
        self.frames: deque[float] = deque(maxlen=MAX_FRAMES)
        self.unread: int | None = None
        self.ended = False

    async def open(self, session_key: str | None) -> None:
        self.session_key = session_key
        self.user = await self._user_now()
        self.rights_at = monotonic()
        self.present = Present()
        await self._join(EVERYONE)
        if self.user.is_authenticated:
            await self._join(f"user.{self.user.pk}")
            await self._join(f"session.{session_digest(session_key)}")
        await self.send({"type": "websocket.accept"})

    async def leave_all(self) -> None:
        async with self.turn:
            self.ended = True
            for group in self.groups:
                await hub().leave(group, self)
            if self.targets:
                await self.present.leave_all()

    async def read(self, text: str | None, data: bytes | None) -> None:
        async with self.turn:
            if not self.ended:
                await self._take(text, data)

    async def hear(self, message: dict) -> None:
        """What the server's other parts send; the type names what is done."""
        async with self.turn:
            if not self.ended:
                await getattr(self, message["type"])(message)

    # What a page sends

    async def _take(self, text: str | None, data: bytes | None) -> None:
        if self._floods():
            await self._end(TOO_OFTEN)
        elif len((text or "").encode() or data or b"") > MAX_FRAME:
            await self._end(TOO_BIG)
        elif (frame := read_frame(text)) is None:
            await self._end(MALFORMED)
        elif len(self.targets | frame.listen) > MAX_TARGETS:
            await self._end(TOO_MUCH)
        else:
            # The inbox first: whose session has ended learns that before all else.
            for target in sorted(frame.listen, key=lambda one: one != "inbox"):
                await self._listen(target)
            if frame.here in self.targets:
                await self.present.beat(self.user, frame.here, frame.writing)
            if frame.away in self.targets:
                await self.present.leave(frame.away)

    # What the server's other parts send

    async def nudge(self, message: dict) -> None:
        if message["target"] not in self.targets:
            return
        if monotonic() - self.rights_at > RIGHTS_LAST:
            await self.recheck(message)
        if message["target"] in self.targets and concerns(
            self.user, message["audiences"], message["by"]
        ):
            await self._say({"target": message["target"], "news": message["news"]})

    async def stir(self, message: dict) -> None:
        """Others came, went or write, of whom the reader may know."""
        if message["target"] in self.targets and any(
            presence.notices(self.user, person) for person in message["by"]
        ):
            await self._say({"stir": message["target"]})

    async def inbox(self, message: dict) -> None:
        if "inbox" in self.targets:
            self.user = await self._user_now()
            await self._tell_unread()

    async def recheck(self, message: dict) -> None:
        """Rights have changed: drop what may not be heard any more."""
        before, self.user = self.user, await self._user_now()
        self.rights_at = monotonic()
        if before != self.user:
            await self._end(SIGNED_OUT)
            return
        for target in sorted(self.targets - {"inbox"}):
            if not await self._may_hear(target):
                await self._drop(target)
        await self.present.recheck(self.user)
        if "inbox" in self.targets:
            await self._tell_unread()

    async def ask_anew(self, message: dict) -> None:
        """Nudges may have been lost: what is new is fetched, if there is anything."""
        await self.recheck(message)
        for target in sorted(self.targets - {"inbox"}):
            await self._say({"target": target, "news": {}})

    async def end(self, message: dict) -> None:
        await self._end(SIGNED_OUT)

    # How

    async def _say(self, frame: dict) -> None:
        await self.send({"type": "websocket.send", "text": json.dumps(frame)})

    async def _end(self, code: int) -> None:
        """Close and say no more: messages may still come in from the groups."""
        self.ended = True
        await self.send({"type": "websocket.close", "code": code})

    async def _listen(self, target: str) -> None:
        if not await self._may_hear(target):
            await self._drop(target)
            return
        known = target in self.targets
        self.targets.add(target)
        if target == "inbox":
            await self._tell_unread(again=known)
            return
        # Joined first, then told: what came between is fetched all the same.
        if not known:
            await self._join(target)
        await self._say({"target": target, "news": {}})

    async def _drop(self, target: str) -> None:
        if target in self.targets:
            self.targets.discard(target)
            await self.present.leave(target)
            self.groups.discard(target)
            await hub().leave(target, self)
        await self._say({"gone": target})

    async def _tell_unread(self, again: bool = False) -> None:
        unread = await database_sync_to_async(unread_count)(self.user)
        if again or unread != self.unread:
            self.unread = unread
            await self._say({"target": "inbox", "news": {"unread": unread}})

    async def _may_hear(self, target: str) -> bool:
        if target == "inbox":
            return self.user.is_authenticated
        return await database_sync_to_async(may_hear)(self.user, target)

    async def _join(self, group: str) -> None:
        self.groups.add(group)
        await hub().join(group, self)

    async def _user_now(self):
        """Whoever the session belongs to now; their rights are read, for nudges."""
        sessions = import_module(settings.SESSION_ENGINE)
        user = await get_user({"session": sessions.SessionStore(self.session_key)})
        await database_sync_to_async(audiences_of)(user)
        return user

    def _floods(self) -> bool:
        """More than MAX_FRAMES within PER_SECONDS."""
        now = monotonic()
        full = len(self.frames) == MAX_FRAMES
        floods = full and now - self.frames[0] < PER_SECONDS
        self.frames.append(now)
        return floods


def session_key_of(scope) -> str | None:
    headers = dict(scope["headers"])
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return cookies.get(settings.SESSION_COOKIE_NAME)


def unread_count(user) -> int:
    return sum(count(user) for count in unread_counters)
