"""Requests as the server hands them over: the body first, then a thread to its end."""

import asyncio

import pytest
from django.conf import settings

from network.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)
ICON = settings.BASE_DIR / "network" / "static" / "icons" / "favicon.svg"
EMPTY = {"type": "http.request", "body": b"", "more_body": False}


async def asked(path: str, receive) -> tuple[int, bytes]:
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    scope |= {"headers": [(b"host", b"testserver")], "http_version": "1.1"}
    await application(scope, receive, send)
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], body


async def at_once() -> dict:
    return EMPTY


async def never() -> dict:
    await asyncio.Event().wait()


def test_whoever_sends_slowly_keeps_nobody_waiting():
    async def together():
        slow = [asked("/", never) for _ in range(settings.WEB_THREADS + 1)]
        waiting = [asyncio.create_task(one) for one in slow]
        status, body = await asyncio.wait_for(asked("/privacy/", at_once), 30)
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        return status, body

    status, body = asyncio.run(together())
    assert status in (200, 404) and b"</html>" in body


def test_a_file_comes_whole():
    status, body = asyncio.run(asked("/static/icons/favicon.svg", at_once))
    assert (status, body) == (200, ICON.read_bytes())
