"""The one socket, /ws/: a page says what it listens to and is nudged when it changes.

A page sends {"listen": ["thread.41", "inbox"]} and hears {"target", "news"}, or
{"gone": target} for what it may not hear. What changed it fetches over HTTP. It sends
{"here": "thread.41"} while its reader looks at it, with "writing": true while they
write, and hears {"stir": target} when others come, go or write.
"""

from collections import deque
from importlib import import_module
from time import monotonic

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from network import presence
from network.audience import audiences_of
from network.beats import Present
from network.context import unread_counters
from network.frames import read_frame
from network.live import EVERYONE, concerns, may_hear, session_digest

MAX_TARGETS = 20
MAX_FRAME = 4 * 1024
MAX_FRAMES, PER_SECONDS = 20, 10
# Rights end by a date, too, and nobody announces a date.
RIGHTS_LAST = 600

MALFORMED, SIGNED_OUT, TOO_BIG, TOO_MUCH, TOO_OFTEN = 4400, 4401, 4413, 4422, 4429


class PageConsumer(AsyncJsonWebsocketConsumer):
    groups = [EVERYONE]

    async def connect(self):
        self.user = self.scope["user"]
        self.targets: set[str] = set()
        self.unread: int | None = None
        self.ended = False
        self.frames: deque[float] = deque(maxlen=MAX_FRAMES)
        self.rights_at = monotonic()
        self.present = Present(self.channel_name, self.channel_layer)
        if self.user.is_authenticated:
            await self._join(f"user.{self.user.pk}")
            await self._join(f"session.{session_digest(self._session_key)}")
        await self.accept()

    async def disconnect(self, code):
        await self.present.leave_all()

    async def receive(self, text_data=None, bytes_data=None):
        if self.ended:
            return
        if self._floods():
            await self._end(TOO_OFTEN)
        elif len((text_data or "").encode() or bytes_data) > MAX_FRAME:
            await self._end(TOO_BIG)
        elif (frame := read_frame(text_data)) is None:
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

    async def nudge(self, message):
        if message["target"] not in self.targets:
            return
        if monotonic() - self.rights_at > RIGHTS_LAST:
            await self.recheck({})
        if message["target"] in self.targets and concerns(
            self.user, message["audiences"], message["by"]
        ):
            news = {"target": message["target"], "news": message["news"]}
            await self.send_json(news)

    async def stir(self, message):
        """Others came, went or write, of whom the reader may know."""
        if message["target"] in self.targets and any(
            presence.notices(self.user, person) for person in message["by"]
        ):
            await self.send_json({"stir": message["target"]})

    async def inbox(self, message):
        if "inbox" in self.targets:
            self.user = await self._user_now()
            await self._tell_unread()

    async def recheck(self, message):
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

    async def end(self, message):
        await self._end(SIGNED_OUT)

    # How

    async def _end(self, code: int):
        """Close and say no more: messages may still come in from the groups."""
        self.ended, self.targets = True, set()
        await self.close(code)

    async def _listen(self, target: str):
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
        await self.send_json({"target": target, "news": {}})

    async def _drop(self, target: str):
        if target in self.targets:
            self.targets.discard(target)
            await self.present.leave(target)
            await self.channel_layer.group_discard(target, self.channel_name)
        await self.send_json({"gone": target})

    async def _tell_unread(self, again: bool = False):
        unread = await database_sync_to_async(unread_count)(self.user)
        if again or unread != self.unread:
            self.unread = unread
            await self.send_json({"target": "inbox", "news": {"unread": unread}})

    async def _may_hear(self, target: str) -> bool:
        if target == "inbox":
            return self.user.is_authenticated
        return await database_sync_to_async(rights_allow)(self.user, target)

    async def _join(self, group: str):
        self.groups = [*self.groups, group]
        await self.channel_layer.group_add(group, self.channel_name)

    async def _user_now(self):
        """Whoever the session belongs to now, with nothing remembered of rights."""
        sessions = import_module(settings.SESSION_ENGINE)
        user = await get_user({"session": sessions.SessionStore(self._session_key)})
        await database_sync_to_async(audiences_of)(user)
        return user

    @property
    def _session_key(self) -> str | None:
        return self.scope["session"].session_key

    def _floods(self) -> bool:
        """More than MAX_FRAMES within PER_SECONDS."""
        now = monotonic()
        full = len(self.frames) == MAX_FRAMES
        floods = full and now - self.frames[0] < PER_SECONDS
        self.frames.append(now)
        return floods


def rights_allow(user, target: str) -> bool:
    """Reads the user's rights, which nudges ask later without the database."""
    audiences_of(user)
    return may_hear(user, target)


def unread_count(user) -> int:
    return sum(count(user) for count in unread_counters)
