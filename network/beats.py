"""What one open page says of its reader: that they are there, that they write.

Others are told a moment later, all that happened within it together.
"""

import asyncio
import logging
from secrets import token_hex
from time import time
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from redis import RedisError

from network import hub, presence
from network.presence import KINDS, LASTS, WRITING_LASTS, kept

logger = logging.getLogger(__name__)

# How long is waited for more: a moment, and in a crowd a longer one.
MOMENT, A_HEAD = 0.3, 0.01

# By loop: {target: {user: described}} of what is to be told, and the tasks that will.
_pending: WeakKeyDictionary = WeakKeyDictionary()


class Present:
    """Where the reader of one socket is seen."""

    __slots__ = ("is_known", "page", "person", "writes_at")

    def __init__(self):
        self.page = ""
        self.writes_at: dict[str, bool] = {}
        self.person: dict | None = None
        self.is_known = False

    async def beat(self, user_now, target: str, writing: bool) -> None:
        """A member is seen, unless they chose not to be; user_now() finds who it is."""
        if target.partition(".")[0] not in KINDS:
            return
        if not self.is_known:
            await self.recheck(await user_now())
        if self.person is None:
            return
        changed = await self._ask("beat", target, LASTS)
        if writing:
            changed |= await self._ask("beat", f"{target}.writing", WRITING_LASTS)
        elif self.writes_at.get(target):
            changed |= await self._ask("leave", f"{target}.writing")
        self.writes_at[target] = writing
        if changed:
            stir(target, self.person)

    async def leave(self, target: str) -> None:
        if self.writes_at.pop(target, None) is not None:
            await self._ask("leave", f"{target}.writing")
            if await self._ask("leave", target):
                stir(target, self.person)

    async def leave_all(self) -> None:
        for target in list(self.writes_at):
            await self.leave(target)

    async def recheck(self, user) -> None:
        """They may have chosen not to be seen any more."""
        person = await database_sync_to_async(presence.describe)(user)
        if person is None:
            await self.leave_all()
        self.person, self.is_known = person, True

    async def _ask(self, what: str, name: str, lasts: int = 0) -> bool:
        self.page = self.page or token_hex(8)
        member = f"{self.person['pk']}.{self.page}"
        until = (time() + lasts,) if lasts else ()
        try:
            return await asyncio.to_thread(getattr(kept(), what), name, member, *until)
        except RedisError as error:
            logger.warning("presence is not kept: %r", error)
            return False


def stir(target: str, person: dict) -> None:
    """Soon tell those who listen to `target` that this person did something there."""
    loop = asyncio.get_running_loop()
    pending, tasks = _pending.setdefault(loop, ({}, set()))
    if target in pending:
        pending[target][person["pk"]] = person
        return
    pending[target] = {person["pk"]: person}
    task = loop.create_task(_tell(target, pending))
    tasks.add(task)  # a loop itself holds its tasks but weakly
    task.add_done_callback(tasks.discard)


async def _tell(target: str, pending: dict) -> None:
    crowd = await asyncio.to_thread(presence.here, target)
    await asyncio.sleep(MOMENT + A_HEAD * len(crowd))
    by = list(pending.pop(target).values())
    await hub.send(target, {"type": "stir", "target": target, "by": by})
