"""Nudges: telling open pages *that* something changed; they fetch *what* over HTTP."""

import asyncio
from collections.abc import Callable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

# Who may hear of a target, by its kind: live("thread") answers for "thread.41".
RULES: dict[str, Callable] = {}

# Set by `manage.py serve`: the in-memory layer lives on this loop.
server_loop: asyncio.AbstractEventLoop | None = None


def live(kind: str):
    """Decorator: function(user, pk) -> bool, asked on subscribing and on every change."""

    def keep(function):
        RULES[kind] = function
        return function

    return keep


def may_hear(user, target: str) -> bool:
    """Whether `user` may be told of «thread.41»; False for anything malformed."""
    kind, _, pk = target.partition(".")
    rule = RULES.get(kind)
    return bool(rule and pk.isascii() and pk.isdigit() and rule(user, int(pk)))


def nudge(target: str, **news) -> None:
    """Tell the pages that listen to `target`; news holds ids and counts only."""
    message = {"type": "nudge", "target": target, "news": news}
    sending = get_channel_layer().group_send(target, message)
    if server_loop is not None:
        asyncio.run_coroutine_threadsafe(sending, server_loop).result(timeout=5)
    else:
        _send(sending)


@async_to_sync
async def _send(coroutine) -> None:
    await coroutine
