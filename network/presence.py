"""Who has a page open, and who writes there: kept in memory or Redis, never in rows.

A page beats while its reader looks at it; who stops without a word is gone after
LASTS seconds. Whom a reader may know of is asked when they look (over HTTP).
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from time import time

from django.conf import settings
from redis import Redis, RedisError

logger = logging.getLogger(__name__)

LASTS, WRITING_LASTS = 60, 12
# Kinds of targets at which one is seen: apps add theirs.
KINDS: set[str] = set()

# Set by network.people. describe(user): what `notices` must know of them, None if they
# are not to be seen; notices(viewer, described): asked at each nudge, so no queries.
describe: Callable
notices: Callable


class Memory:
    """For one process. {name: {member: when they end}}"""

    def __init__(self):
        self.seen: dict[str, dict[str, float]] = {}
        self.lock = Lock()

    def beat(self, name: str, member: str, until: float) -> bool:
        """Whether the member is new there."""
        with self.lock:
            there = self._now(name)
            is_new = member not in there
            self.seen[name] = {**there, member: until}
            return is_new

    def leave(self, name: str, member: str) -> bool:
        with self.lock:
            there = self._now(name)
            return there.pop(member, None) is not None

    def members(self, name: str) -> list[str]:
        with self.lock:
            return list(self._now(name))

    def _now(self, name: str) -> dict[str, float]:
        now = time()
        there = self.seen.pop(name, {})
        there = {one: until for one, until in there.items() if until > now}
        if there:
            self.seen[name] = there
        return there


class Shared:
    """For all processes: a sorted set a name, ordered by when each member ends."""

    def __init__(self, url: str):
        self.redis = Redis.from_url(url, decode_responses=True, socket_timeout=2)
        self.prefix = f"{settings.SEARCH_INDEX}.here."

    def beat(self, name: str, member: str, until: float) -> bool:
        key = self.prefix + name
        with self.redis.pipeline() as together:
            together.zremrangebyscore(key, 0, time())
            together.zadd(key, {member: until})
            together.expire(key, LASTS * 2)
            return bool(together.execute()[1])

    def leave(self, name: str, member: str) -> bool:
        return bool(self.redis.zrem(self.prefix + name, member))

    def members(self, name: str) -> list[str]:
        return self.redis.zrangebyscore(self.prefix + name, time(), "+inf")


@lru_cache(1)
def kept() -> Memory | Shared:
    return Shared(settings.REDIS_URL) if settings.REDIS_URL else Memory()


def here(target: str) -> dict[int, bool]:
    """{user: whether they write} of those who have it open; nobody without Redis."""
    try:
        present = kept().members(target)
        writing = kept().members(f"{target}.writing") if present else []
    except RedisError as error:
        logger.warning("nobody is seen: %r", error)
        return {}
    writers = {_user_of(member) for member in writing}
    return {pk: pk in writers for pk in map(_user_of, present)}


def _user_of(member: str) -> int:
    """A member is one socket of a user: «9.5fa1…»."""
    return int(member.partition(".")[0])
