"""The one socket, /ws/: a page says what it listens to and is nudged when it changes.

A page sends {"listen": ["thread.41", "inbox"]} and hears {"target", "news"}, or
{"gone": target} for what it may not hear. What changed it fetches over HTTP. It sends
{"here": "thread.41"} while its reader looks at it, with "writing": true while they
write, and hears {"stir": target} when others come, go or write.
"""

import asyncio
import json
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
    await receive()  # that it wants to connect
    if scope["path"] != "/ws/":
        await send({"type": "websocket.close"})
        return
    session_key = session_key_of(scope)
    scope["headers"].clear()  # the server keeps them as long as the page is open
    socket = Socket(send)
    try:
        await socket.open(session_key)
        while (message := await receive())["type"] == "websocket.receive":
            await socket.read(message.get("text"), message.get("bytes"))
    finally:
        await socket.leave_all()


class Reader:
    """What is kept of a user between one thing and the next: little, of thousands."""

    __slots__ = ("_audiences", "_exclusions", "_peers", "_rights")
    __slots__ += ("is_authenticated", "is_member", "pk")

    def __init__(self, user):
        audiences_of(user)
        self.pk, self.is_authenticated = user.pk, user.is_authenticated
        self.is_member = getattr(user, "is_member", False)
        if user.is_authenticated:
            for name in ("_audiences", "_exclusions", "_peers", "_rights"):
                setattr(self, name, getattr(user, name))


class Socket:
    """One open page. It does one thing at a time, in the order in which they come."""

    __slots__ = (
        "ended", "frames", "frames_since", "fresh", "owner", "present", "reader",
        "rights_at", "send", "session_key", "targets", "turn", "unread",
    )  # fmt: skip

    def __init__(self, send):
        self.send = send
        self.turn = asyncio.Lock()
        self.targets: set[str] = set()
        self.frames, self.frames_since = 0, 0.0
        self.unread: int | None = None
        self.ended = False

    async def open(self, session_key: str | None) -> None:
        self.session_key = session_key
        self.present = Present()
        self.fresh, self.rights_at = await self._user_now(), monotonic()
        self.owner = self.fresh.pk
        for group in self._own_groups():
            await hub().join(group, self)
        await self.send({"type": "websocket.accept"})

    async def leave_all(self) -> None:
        async with self.turn:
            self.ended = True
            if hasattr(self, "owner"):
                for group in (*self._own_groups(), *self.targets):
                    hub().leave(group, self)
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
            if frame.listen:
                await self._listen(frame.listen)
            if frame.here in self.targets:
                await self.present.beat(self._user_now, frame.here, frame.writing)
            if frame.away in self.targets:
                await self.present.leave(frame.away)

    # What the server's other parts send

    async def nudge(self, message: dict) -> None:
        if message["target"] not in self.targets:
            return
        if monotonic() - self.rights_at > RIGHTS_LAST:
            await self.recheck(message)
        if message["target"] in self.targets and concerns(
            self.reader, message["audiences"], message["by"]
        ):
            await self._say({"target": message["target"], "news": message["news"]})

    async def stir(self, message: dict) -> None:
        """Others came, went or write, of whom the reader may know."""
        if message["target"] in self.targets and any(
            presence.notices(self.reader, person) for person in message["by"]
        ):
            await self._say({"stir": message["target"]})

    async def inbox(self, message: dict) -> None:
        if "inbox" in self.targets and (user := await self._same_user()):
            await self._tell_unread(user)

    async def recheck(self, message: dict) -> None:
        """Rights have changed: drop what may not be heard any more."""
        user, self.rights_at = await self._same_user(), monotonic()
        if user is None:
            return
        for target in sorted(self.targets - {"inbox"}):
            if not await self._may_hear(user, target):
                await self._drop(target)
        await self.present.recheck(user)
        if "inbox" in self.targets:
            await self._tell_unread(user)

    async def ask_anew(self, message: dict) -> None:
        """Nudges may have been lost: what is new is fetched, if there is anything."""
        await self.recheck(message)
        for target in sorted(self.targets - {"inbox"}):
            await self._say({"target": target, "news": {}})

    async def end(self, message: dict) -> None:
        """One of the reader's sessions has ended; those of others go on."""
        if self.session_key and message["session"] == session_digest(self.session_key):
            await self._end(SIGNED_OUT)

    # How

    async def _say(self, frame: dict) -> None:
        await self.send({"type": "websocket.send", "text": json.dumps(frame)})

    async def _end(self, code: int) -> None:
        """Close and say no more: messages may still come in from the groups."""
        self.ended = True
        await self.send({"type": "websocket.close", "code": code})

    async def _listen(self, targets: set[str]) -> None:
        """The inbox first: whose session has ended learns that before all else."""
        user, self.fresh = self.fresh or await self._same_user(), None
        for target in sorted(targets, key=lambda one: one != "inbox") if user else ():
            if not await self._may_hear(user, target):
                await self._drop(target)
            elif target == "inbox":
                self.targets.add(target)
                await self._tell_unread(user, again=True)
            else:
                # Joined first, then told: what came between is fetched all the same.
                self.targets.add(target)
                await hub().join(target, self)
                await self._say({"target": target, "news": {}})

    async def _drop(self, target: str) -> None:
        if target in self.targets:
            self.targets.discard(target)
            await self.present.leave(target)
            hub().leave(target, self)
        await self._say({"gone": target})

    async def _tell_unread(self, user, again: bool = False) -> None:
        unread = await database_sync_to_async(unread_count)(user)
        if again or unread != self.unread:
            self.unread = unread
            await self._say({"target": "inbox", "news": {"unread": unread}})

    async def _may_hear(self, user, target: str) -> bool:
        if target == "inbox":
            return user.is_authenticated
        return await database_sync_to_async(may_hear)(user, target)

    def _own_groups(self) -> list[str]:
        """Those that it is in whatever it listens to."""
        mine = [f"user.{self.owner}"] if self.owner else []
        return [EVERYONE, *mine]

    async def _same_user(self):
        """As now; None where the session is no longer theirs: then it is over."""
        user = await self._user_now()
        if user.pk == self.owner:
            return user
        await self._end(SIGNED_OUT)
        return None

    async def _user_now(self):
        """Whoever the session belongs to now; what nudges ask of them is kept."""
        sessions = import_module(settings.SESSION_ENGINE)
        user = await get_user({"session": sessions.SessionStore(self.session_key)})
        self.reader = await database_sync_to_async(Reader)(user)
        return user

    def _floods(self) -> bool:
        """More than MAX_FRAMES within PER_SECONDS."""
        now = monotonic()
        if now - self.frames_since > PER_SECONDS:
            self.frames, self.frames_since = 0, now
        self.frames += 1
        return self.frames > MAX_FRAMES


def session_key_of(scope) -> str | None:
    headers = dict(scope["headers"])
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return cookies.get(settings.SESSION_COOKIE_NAME)


def unread_count(user) -> int:
    return sum(count(user) for count in unread_counters)
