"""The one socket, /ws/: a page says what it listens to and is nudged when it changes.

A page sends {"listen": ["thread.41", "inbox"]} and hears {"target", "news"}, or
{"gone": target} for what it may not hear. What changed it fetches over HTTP.
"""

import json
from collections import deque
from importlib import import_module
from time import monotonic

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from network.context import unread_counters
from network.live import EVERYONE, may_hear, session_digest

MAX_TARGETS = 20
MAX_FRAME = 4 * 1024
MAX_FRAMES, PER_SECONDS = 20, 10

MALFORMED, SIGNED_OUT, TOO_BIG, TOO_MUCH, TOO_OFTEN = 4400, 4401, 4413, 4422, 4429


class PageConsumer(AsyncJsonWebsocketConsumer):
    groups = [EVERYONE]

    async def connect(self):
        self.user = self.scope["user"]
        self.targets: set[str] = set()
        self.unread: int | None = None
        self.ended = False
        self.frames: deque[float] = deque(maxlen=MAX_FRAMES)
        if self.user.is_authenticated:
            await self._join(f"user.{self.user.pk}")
            await self._join(f"session.{session_digest(self._session_key)}")
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if self.ended:
            return
        if self._floods():
            await self._end(TOO_OFTEN)
        elif len((text_data or "").encode() or bytes_data) > MAX_FRAME:
            await self._end(TOO_BIG)
        elif (wished := wished_targets(text_data)) is None:
            await self._end(MALFORMED)
        elif len(self.targets | wished) > MAX_TARGETS:
            await self._end(TOO_MUCH)
        else:
            for target in wished:
                await self._listen(target)

    # What the server's other parts send

    async def nudge(self, message):
        if message["target"] in self.targets:
            news = {"target": message["target"], "news": message["news"]}
            await self.send_json(news)

    async def inbox(self, message):
        if "inbox" in self.targets:
            self.user = await self._user_now()
            await self._tell_unread()

    async def recheck(self, message):
        """Rights have changed: drop what may not be heard any more."""
        before, self.user = self.user, await self._user_now()
        if before != self.user:
            await self._end(SIGNED_OUT)
            return
        for target in sorted(self.targets - {"inbox"}):
            if not await self._may_hear(target):
                await self._drop(target)
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
        self.targets.add(target)
        if target == "inbox":
            await self._tell_unread()
        else:
            # Joined first, then told: what came between is fetched all the same.
            await self._join(target)
            await self.send_json({"target": target, "news": {}})

    async def _drop(self, target: str):
        if target in self.targets:
            self.targets.discard(target)
            await self.channel_layer.group_discard(target, self.channel_name)
        await self.send_json({"gone": target})

    async def _tell_unread(self):
        unread = await database_sync_to_async(unread_count)(self.user)
        if unread != self.unread:
            self.unread = unread
            await self.send_json({"target": "inbox", "news": {"unread": unread}})

    async def _may_hear(self, target: str) -> bool:
        if target == "inbox":
            return self.user.is_authenticated
        return await database_sync_to_async(may_hear)(self.user, target)

    async def _join(self, group: str):
        self.groups = [*self.groups, group]
        await self.channel_layer.group_add(group, self.channel_name)

    async def _user_now(self):
        """Whoever the session belongs to now, with nothing remembered of rights."""
        sessions = import_module(settings.SESSION_ENGINE)
        return await get_user({"session": sessions.SessionStore(self._session_key)})

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


def wished_targets(text: str | None) -> set[str] | None:
    """The targets a frame asks for; None if it asks in any other form."""
    try:
        frame = json.loads(text or "")
    except ValueError:
        return None
    wished = frame.get("listen") if isinstance(frame, dict) else None
    if not isinstance(wished, list) or len(frame) > 1:
        return None
    return set(wished) if all(isinstance(one, str) for one in wished) else None


def unread_count(user) -> int:
    return sum(count(user) for count in unread_counters)
