"""Lanes of other processes look at once too: a word through Redis when there is one.

It may be lost, and then the lane looks at its next poll: nothing depends on it.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from redis import Redis, RedisError

logger = logging.getLogger(__name__)


@lru_cache(1)
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, decode_responses=True, socket_timeout=0.5)


def _channel() -> str:
    return f"{settings.SEARCH_INDEX}.wake"


def tell_others(lanes: Iterable[str]) -> None:
    if settings.REDIS_URL:
        try:
            _redis().publish(_channel(), " ".join(sorted(lanes)))
        except RedisError as error:
            logger.warning("others look at their next poll: %r", error)


def hear_others(wake: Callable[[Iterable[str]], None], stop: threading.Event) -> None:
    """A thread of a process that delivers, until `stop` is set."""
    while settings.REDIS_URL and not stop.is_set():
        try:
            with _redis().pubsub(ignore_subscribe_messages=True) as heard:
                heard.subscribe(_channel())
                while not stop.is_set():
                    message = heard.get_message(timeout=1)
                    if message:
                        wake(message["data"].split())
        except RedisError as error:
            logger.warning("lanes poll meanwhile: %r", error)
            stop.wait(1)
