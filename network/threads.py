"""How a process answers requests: in a few threads that stay."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import HttpResponseBase
from django.urls import set_script_prefix

# Seconds after which a thread that computes gives way to another. A page computes for
# some ten milliseconds and gives way at each query: at Python's five, threads take each
# other's turns in the middle of it, to the good of none.
TURN = 0.02


async def one_by_one(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


class InThreads(ASGIHandler):
    """Each request is answered in one thread, from the first middleware to the last.

    Django's own handler makes a thread for each request, with a connection of its own
    to set up, and goes to and fro between thread and loop for middleware that knows
    async. More than a few threads would only take turns at the one interpreter.
    """

    chunk_size = 2**20  # bytes: a page goes out at once

    def __init__(self):
        super().__init__()
        sys.setswitchinterval(TURN)
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, "web")

    def load_middleware(self, is_async=False):
        super().load_middleware(is_async=False)

    async def handle(self, scope, receive, send):
        """A body that comes slowly holds no thread; who has gone away is answered."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self.threads, self.answer, scope, body)
        await self.send_response(await answer, send)

    def answer(self, scope, body) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, wrong = self.create_request(scope, body)
        response = self.get_response(request) if request else wrong
        response._handler_class = type(self)
        if response.streaming:  # Django's own would read all of it here, too
            response.streaming_content = one_by_one([*response.streaming_content])
        response.close()
        body.close()
        return response
