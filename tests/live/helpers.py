"""A page's socket, opened as a browser does: with the cookies of a signed-in client.

(Channels' own communicator cannot be imported without daphne.)
"""

import json

from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from network.asgi import application
from network.events import deliver_events

QUIET, PATIENCE = 0.15, 5


def scene(function):
    """Run an async test; the database is used from threads, as in the server."""

    def test(*args, **kwargs):
        async_to_sync(function)(*args, **kwargs)

    test.__name__ = function.__name__
    return test


class Page:
    """What a page hears. `who` is None for a visitor."""

    def __init__(self, who=None, origin: str = "http://testserver"):
        self.client = Client()
        if who is not None:
            self.client.force_login(who)
        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        cookies = "; ".join(f"{c.key}={c.value}" for c in self.client.cookies.values())
        headers.append((b"cookie", cookies.encode()))
        scope = {"type": "websocket", "path": "/ws/", "query_string": b""}
        self.app = ApplicationCommunicator(application, {**scope, "headers": headers})

    async def connect(self) -> bool:
        await self.app.send_input({"type": "websocket.connect"})
        answer = await self.app.receive_output(PATIENCE)
        return answer["type"] == "websocket.accept"

    async def send(self, text=None, raw=None) -> None:
        frame = {"type": "websocket.receive", "text": text, "bytes": raw}
        await self.app.send_input(frame)

    async def listen(self, *targets: str) -> list[dict]:
        """Connect and say what to listen to; each target is answered once."""
        await self.connect()
        await self.send(json.dumps({"listen": list(targets)}))
        return await self.heard(len(targets))

    async def heard(self, frames: int = 0) -> list[dict]:
        """What has come in: waits for so many frames, and a moment for one more."""
        heard = []
        while len(heard) < frames or not await self.app.receive_nothing(QUIET, 0.01):
            message = await self.app.receive_output(PATIENCE)
            heard.append(json.loads(message["text"]))
        return heard

    async def closed(self) -> int:
        """The code with which the server closes the socket."""
        while True:
            message = await self.app.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                return message["code"]

    async def leave(self) -> None:
        await self.app.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.app.wait()


async def page(who=None, **kwargs) -> Page:
    return await sync_to_async(Page)(who, **kwargs)


@sync_to_async
def do(action, *args, **kwargs):
    """Do something, then all that follows from it."""
    result = action(*args, **kwargs)
    deliver_events()
    return result
