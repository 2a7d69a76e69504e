"""Nudges: telling open pages *that* something changed; they fetch *what* over HTTP."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable

from asgiref.sync import async_to_sync

from network import hub
from network.audience import audiences_of, exclusions_of, of
from network.hub import EVERYONE  # noqa: F401 others name it from here
from network.text import number_in

# Who may hear of a target, by its kind: live("thread") answers for "thread.41".
RULES: dict[str, Callable] = {}

# Targets without a number: all may listen, each nudge says which audiences it is for.
LISTS: set[str] = set()

# Set by `manage.py serve`: the in-memory layer lives on this loop.
server_loop: asyncio.AbstractEventLoop | None = None


def live(kind: str):
    """Decorator: function(user, pk) -> bool, asked on listening and on every change."""

    def keep(function):
        RULES[kind] = function
        return function

    return keep


def may_hear(user, target: str) -> bool:
    """Whether `user` may be told of «thread.41»; False for anything malformed."""
    if target in LISTS:
        return True
    kind, _dot, pk = target.partition(".")
    rule = RULES.get(kind)
    number = number_in(pk)
    return bool(rule and number is not None and rule(user, number))


def concerns(user, audiences: Iterable[str] | None, by: Iterable[int]) -> bool:
    """Whether a nudge is for `user`: they hold an audience of it, if it names any,

    and are not kept apart from any of those whose doing it was.
    """
    if audiences is not None and audiences_of(user).isdisjoint(audiences):
        return False
    return exclusions_of(user).isdisjoint(of("user", pk) for pk in by)


def nudge(target: str, *, audiences=None, by: Iterable[int | None] = (), **news):
    """Tell the pages that listen to `target`; news holds ids and counts only.

    audiences: only who holds one of them; by: and is not kept apart from these people.
    """
    by = [pk for pk in by if pk]
    about = {"target": target, "news": news, "audiences": audiences, "by": by}
    _send(target, {"type": "nudge", **about})


def nudge_inboxes(users: Iterable[int]) -> None:
    """Tell people's pages to count again: each says a number only if it changed."""
    _send_all({f"user.{pk}": {"type": "inbox"} for pk in users})


def recheck(group: str) -> None:
    """Ask the pages of «user.9», or of EVERYONE, again what they may hear."""
    _send(group, {"type": "recheck"})


def end_session(user: int, digest: str) -> None:
    """Close the sockets of a session that was signed out."""
    _send(f"user.{user}", {"type": "end", "session": digest})


def session_digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]


def _send(group: str, message: dict) -> None:
    _send_all({group: message})


def _send_all(messages: dict[str, dict]) -> None:
    if server_loop is not None:
        sending = _group_send(messages)
        asyncio.run_coroutine_threadsafe(sending, server_loop).result(timeout=30)
    else:
        async_to_sync(_group_send)(messages)


async def _group_send(messages: dict[str, dict]) -> None:
    for group, message in messages.items():
        await hub.send(group, message)
