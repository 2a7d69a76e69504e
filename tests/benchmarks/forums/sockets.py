"""A thousand open pages on one thread, two server processes: how soon they hear.

    DATABASE_URL=postgres://… REDIS_URL=redis://… \\
        python -m tests.benchmarks.forums.sockets [--sockets 1000] [--pages 40]

Migrates the database and adds to it. Starts `serve --no-deliver` twice and `deliver`
once. Every socket is that of a member of its own. Some of them are pages: they fetch
what is new over HTTP, as js/thread.js does. Times count from the moment at which
whoever answered has the acceptance (302) in hand; what comes earlier is 0.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from websockets.asyncio.client import connect  # noqa: E402

from forums.models import Forum  # noqa: E402
from network.people.models import Profile, User  # noqa: E402
from tests.forums.factories import a_forum, a_thread  # noqa: E402
from tests.people.factories import a_member  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
PORTS = (8151, 8152)
WARM_UP, EARLY = 3, 100


def cookie_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def members(how_many: int) -> list[str]:
    """Cookies of so many members."""
    start = User.objects.count()
    users = User.objects.bulk_create(
        User(
            email=f"reader{start + n}@example.net",
            first_name=f"Reader {start + n}",
            status=User.Status.APPROVED,
            password="!",
        )
        for n in range(how_many)
    )
    profiles = [Profile(user=user, slug=f"reader-{user.pk}") for user in users]
    for profile in profiles:
        profile.audience = profile.effective_audience()
    Profile.objects.bulk_create(profiles)
    return [cookie_of(user) for user in users]


class Process:
    """One of the site's own processes."""

    def __init__(self, *command: str):
        words = [sys.executable, str(ROOT / "manage.py"), *command]
        self.process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)

    def memory(self) -> int:
        """Bytes that it keeps in memory."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * resource.getpagesize()

    def cpu(self) -> float:
        """Seconds of a processor that it has used."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2]
        return sum(map(int, told.split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def ready(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("GET", "/healthz/")
            line.getresponse().read()
            return
        except OSError:
            assert time.monotonic() < end, f"nothing answers at {port}"
            time.sleep(0.2)


class Writer:
    """Answers in the thread by its form, without JavaScript."""

    def __init__(self, thread, cookie: str):
        self.thread = thread
        self.line = HTTPConnection("127.0.0.1", PORTS[0], timeout=30)
        self.cookie = cookie
        page = self._ask("GET", thread.get_absolute_url())
        self.cookie += "; " + re.search(r"csrftoken=\w+", page[1]["Set-Cookie"])[0]
        self.csrf = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page[2])[1]

    def answer(self, number: int) -> tuple[float, float]:
        """When it was sent, and when it was accepted."""
        form = {
            "csrfmiddlewaretoken": self.csrf,
            "markdown": f"Answer **{number}**: we paired each newcomer with a host.",
            "language": "en",
            "token": f"bench-{time.time_ns()}",
        }
        sent = time.time()
        address = f"/forums/thread/{self.thread.pk}/reply/"
        status, headers, _body = self._ask("POST", address, urlencode(form))
        accepted = time.time()
        assert status == 302, (status, headers)
        return sent, accepted

    def _ask(self, method: str, address: str, body: str | None = None):
        headers = {"Cookie": self.cookie}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, address, body, headers)
        answer = self.line.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")


class Page:
    """An open page: its socket, and if it fetches, a line for that."""

    def __init__(self, number: int, cookie: str, thread, fetches: bool):
        self.port, self.cookie, self.thread = PORTS[number % 2], cookie, thread
        self.fetches, self.revision, self.line = fetches, thread.revision, None
        self.nudged: dict[int, float] = {}
        self.shown: dict[int, float] = {}

    async def open(self) -> None:
        self.socket = await connect(
            f"ws://127.0.0.1:{self.port}/ws/",
            origin=f"http://127.0.0.1:{self.port}",
            additional_headers={"Cookie": self.cookie},
            ping_interval=None,
        )
        listen = [f"thread.{self.thread.pk}", "inbox"]
        await self.socket.send(json.dumps({"listen": listen}))
        for _ in listen:
            await self.socket.recv()
        self.task = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        async for text in self.socket:
            frame = json.loads(text)
            revision = frame.get("news", {}).get("revision")
            if revision:
                self.nudged[revision] = time.time()
                if self.fetches and revision > self.revision:
                    await self._fetch()

    async def _fetch(self) -> None:
        since = self.revision
        address = f"/forums/thread/{self.thread.pk}/news/?after=0&since={since}"
        html = await self._get(address)
        self.revision = int(re.search(r'data-revision="(\d+)"', html)[1])
        now = time.time()
        for revision in range(since + 1, self.revision + 1):
            self.shown[revision] = now

    async def _get(self, address: str) -> str:
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.line
        host = f"127.0.0.1:{self.port}"
        writer.write(
            f"GET {address} HTTP/1.1\r\nHost: {host}\r\nCookie: {self.cookie}\r\n\r\n"
            "".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert " 200 " in head.splitlines()[0], head
        length = int(re.search(r"content-length: (\d+)", head, re.IGNORECASE)[1])
        return (await reader.readexactly(length)).decode()

    async def close(self) -> None:
        self.task.cancel()
        await self.socket.close()


def tell(what: str, seconds: list[float]) -> None:
    if len(seconds) > 1:
        parts = statistics.quantiles(seconds, n=100)
        median, p95 = parts[49] * 1000, parts[94] * 1000
        print(f"{what}: median {median:.0f} ms, 95 % {p95:.0f} ms")


async def measure(options, thread, cookies: list[str], servers: list[Process]) -> None:
    # Some before anything is counted: what a process needs once is no socket's.
    early = [Page(n, cookies[n], thread, False) for n in range(EARLY)]
    for page in early:
        await page.open()
    await asyncio.sleep(2)
    before = [server.memory() for server in servers]
    pages = [
        Page(n, cookie, thread, fetches=n < options.pages)
        for n, cookie in enumerate(cookies[EARLY:])
    ]
    began = time.time()
    for first in range(0, len(pages), 20):
        await asyncio.gather(*(page.open() for page in pages[first : first + 20]))
    print(f"{len(pages)} sockets opened in {time.time() - began:.1f} s")
    await asyncio.sleep(5)
    after = [server.memory() for server in servers]
    each = (sum(after) - sum(before)) / len(pages) / 1024
    print(f"memory: {each:.1f} KiB an idle socket (RSS of both processes)")

    writer = await asyncio.to_thread(Writer, thread, cookies[0])
    revision = thread.revision
    nudges, from_sent, last_nudges, shown = [], [], [], []
    for number in range(options.answers + WARM_UP):
        revision += 1
        busy = [server.cpu() for server in servers]
        sent, accepted = await asyncio.to_thread(writer.answer, number)
        end = time.time() + 15
        while time.time() < end and not all(
            revision in page.nudged and (revision in page.shown or not page.fetches)
            for page in pages
        ):
            await asyncio.sleep(0.02)
        heard = [page.nudged[revision] for page in pages if revision in page.nudged]
        assert len(heard) == len(pages), f"{len(pages) - len(heard)} heard nothing"
        if number >= WARM_UP:
            nudges += [max(0, at - accepted) for at in heard]
            from_sent += [at - sent for at in heard]
            last_nudges.append(max(heard) - accepted)
            there = [page.shown[revision] for page in pages if page.fetches]
            shown += [max(0, at - accepted) for at in there]
        used = sum(s.cpu() - b for s, b in zip(servers, busy, strict=True))
        took, last = (accepted - sent) * 1000, (max(heard) - accepted) * 1000
        print(f"  {number}: accepted in {took:.0f}, last nudge {last:.0f} ms, ", end="")
        print(f"{used:.2f} s of processors")
        await asyncio.sleep(0.5)
    tell("nudge", nudges)
    tell("  from sending the answer", from_sent)
    tell("  at the last socket", last_nudges)
    tell(f"on {options.pages} pages that fetch", shown)
    await asyncio.gather(*(page.close() for page in (*early, *pages)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=40, help="sockets that fetch")
    parser.add_argument("--answers", type=int, default=20)
    options = parser.parse_args()
    soft = max(4096, options.sockets * 2)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, hard), hard))
    call_command("migrate", verbosity=0)
    number = Forum.objects.count()
    forum = a_forum(slug=f"bench-{number}", name=f"Bench {number}")
    author = a_member(email=f"author-{time.time_ns()}@example.net")
    thread = a_thread(forum, author)
    cookies = members(options.sockets + EARLY)
    started = [Process("serve", "--no-deliver", "--port", str(port)) for port in PORTS]
    worker = Process("deliver")
    try:
        for port in PORTS:
            ready(port)
        thread.refresh_from_db()
        asyncio.run(measure(options, thread, cookies, started))
    finally:
        for process in (*started, worker):
            process.stop()


if __name__ == "__main__":
    main()
