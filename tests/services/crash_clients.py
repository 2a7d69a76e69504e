"""Who writes and who reads while all is killed in turn: over HTTP and sockets."""

import asyncio
import json
import re
import threading
import time
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from urllib.parse import urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException


def ask(port: int, method: str, address: str, cookie: str, form: dict | None = None):
    line = HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        headers = {"Cookie": cookie}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, address, urlencode(form) if form else None, headers)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        line.close()


class Writer(threading.Thread):
    """Sends each of its answers until one of the servers says that it stands."""

    def __init__(self, name: str, cookie: str, ports: list[int], threads: dict, n: int):
        super().__init__(name=name, daemon=True)
        self.cookie, self.ports, self.n = cookie, cycle(ports), n
        self.threads = cycle(threads.items())
        self.accepted: list[str] = []
        self.tries = 0
        self.refused: list[tuple] = []

    def run(self) -> None:
        csrf = self._csrf()
        for number in range(self.n):
            thread, _address = next(self.threads)
            token = f"{self.name}-{number}"
            form = {
                "csrfmiddlewaretoken": csrf,
                "markdown": f"kettle{self.name}x{number} boils.",
                "language": "en",
                "token": token,
            }
            while not self._sent(f"/forums/thread/{thread}/reply/", form):
                time.sleep(0.3)
            self.accepted.append(token)
            time.sleep(0.2)

    def _sent(self, address: str, form: dict) -> bool:
        self.tries += 1
        try:
            status, _headers, body = ask(
                next(self.ports), "POST", address, self.cookie, form
            )
        except (OSError, HTTPException):
            return False
        if status == 429:
            time.sleep(1)
        if 400 <= status < 500 and status != 429:
            self.refused.append((status, body[:500]))
        return status == 302

    def _csrf(self) -> str:
        _pk, address = next(self.threads)
        while True:
            try:
                status, headers, html = ask(
                    next(self.ports), "GET", address, self.cookie
                )
                if status == 200:
                    break
            except (OSError, HTTPException):
                pass
            time.sleep(0.3)
        self.cookie += "; " + re.search(r"csrftoken=\w+", headers["Set-Cookie"])[0]
        return re.search(r'csrfmiddlewaretoken" value="(\w+)"', html)[1]


class Readers(threading.Thread):
    """Open pages: each listens to one thread, and fetches what is new as a page does.

    They come back when the line breaks, and never look without having been told to.
    """

    def __init__(self, cookies: list[str], ports: list[int], threads: list[int]):
        super().__init__(daemon=True)
        self.plan = [
            (cookie, ports[n % len(ports)], thread)
            for cookie in cookies
            for n, thread in enumerate(threads)
        ]
        self.shown = [set() for _ in self.plan]
        self.breaks = 0
        self.ended = threading.Event()

    def run(self) -> None:
        asyncio.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._page(n) for n in range(len(self.plan))))

    async def _page(self, n: int) -> None:
        cookie, port, thread = self.plan[n]
        revision = 0
        while not self.ended.is_set():
            try:
                async with connect(
                    f"ws://127.0.0.1:{port}/ws/",
                    origin=f"http://127.0.0.1:{port}",
                    additional_headers={"Cookie": cookie},
                ) as socket:
                    listen = {"listen": [f"thread.{thread}"]}
                    await socket.send(json.dumps(listen))
                    while not self.ended.is_set():
                        try:
                            text = await asyncio.wait_for(socket.recv(), 1)
                        except TimeoutError:
                            continue
                        if "news" in json.loads(text):
                            revision = await self._fetch(n, revision)
            except (OSError, WebSocketException, HTTPException):
                self.breaks += 1
                await asyncio.sleep(0.5)

    async def _fetch(self, n: int, revision: int) -> int:
        """As a page whose fetch failed: it keeps trying, it knows there is news."""
        cookie, port, thread = self.plan[n]
        address = f"/forums/thread/{thread}/news/?after=0&since={revision}"
        while not self.ended.is_set():
            try:
                status, _headers, html = await asyncio.to_thread(
                    ask, port, "GET", address, cookie
                )
            except (OSError, HTTPException):
                status = 0
            if status == 204:
                return revision
            if status == 200:
                numbers = re.findall(r'data-number="(\d+)"', html)
                self.shown[n].update(map(int, numbers))
                return int(re.search(r'data-revision="(\d+)"', html)[1])
            await asyncio.sleep(0.5)
        return revision
