"""Everything is killed in turn while people write: nothing accepted is lost or doubled.

On servers of its own: web, worker, Redis, PostgreSQL and Elasticsearch die by SIGKILL
in the middle of a thousand posts, again and again, and come back.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.services.crash_clients import Readers, Writer
from tests.services.crash_servers import (
    INSTALLED,
    ROOT,
    SEARCH_SERVER,
    Elastic,
    Ours,
    Postgres,
    Redis,
    free_port,
    until,
)

pytestmark = pytest.mark.crash

POSTS, WRITERS = 1000, 20
# How long before a kill a mail may have been taken that nobody noted any more.
UNNOTED = 20


class Mailbox:
    """Every mail that was said yes to, and when."""

    def __init__(self):
        self.taken: list[tuple[str, float]] = []

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((message["Message-ID"], time.time()))
        return "250 kept"


class World:
    """All servers, in a folder that goes with them."""

    def __init__(self, folder: Path, mail_port: int):
        self.folder = folder
        self.postgres, self.redis = Postgres(folder), Redis(folder)
        self.elastic = Elastic(folder)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "network.settings",
            "VAR_DIR": str(folder / "var"),
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "ELASTICSEARCH_URL": self.elastic.url,
            "SEARCH_INDEX": "crash",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "FORUM_LIMITS": "0",  # fifty posts in minutes are more than one may write
            "LOG_LEVEL": "CRITICAL",
        }
        log = folder / "log"
        self.webs = [Ours("web", self.environment, log, True) for _ in range(2)]
        self.workers = [Ours("worker", self.environment, log, False) for _ in range(2)]
        self.outside = [self.postgres, self.redis, self.elastic]

    @property
    def all(self) -> list:
        return [*self.webs, *self.workers, *reversed(self.outside)]

    def ask(self, what: str) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "tests.services.crash_world", what],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def command(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True
        )
        return done.stdout + done.stderr


@pytest.fixture
def mailbox():
    box = Mailbox()
    box.port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()


@pytest.fixture
def world(mailbox):
    if not (INSTALLED and SEARCH_SERVER.exists()):
        pytest.skip("needs PostgreSQL, Redis and the search server on this machine")
    folder = Path(tempfile.mkdtemp(prefix="attende-crash-"))
    folder.chmod(0o755)
    world = World(folder, mailbox.port)
    try:
        for server in world.outside:
            server.start()
        world.postgres.fill(world.environment)
        world.command("collectstatic", "--noinput", "-v0")
        world.made = world.ask("make")
        for process in (*world.webs, *world.workers):
            process.start()
        yield world
    finally:
        for server in world.all:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def kill_in_turn(world: World, writers: list[Writer]) -> list[tuple]:
    """While they write: (who, when, when it was back), everyone at least once."""
    killed = []
    turns = [
        world.webs[0], world.workers[0], world.redis, world.postgres, world.elastic,
        world.webs[1], world.workers[1],
    ]  # fmt: skip
    while any(writer.is_alive() for writer in writers):
        for server in turns:
            time.sleep(random.uniform(0.5, 2))
            if not any(writer.is_alive() for writer in writers):
                break
            at = time.time()
            server.kill()
            time.sleep(random.uniform(0.2, 1.5))
            server.start()
            killed.append((server.name, at, time.time()))
    return killed


def test_whatever_is_killed_nothing_accepted_is_lost_or_done_twice(world, mailbox):
    made, began = world.made, time.time()
    ports = [web.port for web in world.webs]
    threads = {int(pk): address for pk, address in made["threads"].items()}
    # Not the followers themselves: what they had read would not be mailed.
    readers = Readers(made["writers"][:3], ports, list(threads))
    readers.start()
    writers = [
        Writer(f"w{n}", cookie, ports, threads, POSTS // WRITERS)
        for n, cookie in enumerate(made["writers"])
    ]
    clock = subprocess.Popen(
        [sys.executable, "-m", "tests.services.crash_world", "clock"],
        env=world.environment,
        cwd=ROOT,
    )
    try:
        for writer in writers:
            writer.start()
        killed = kill_in_turn(world, writers)
        written = time.time()
        told = until(lambda: settled(world), 300, "something is still left to do")
        until(lambda: all_shown(readers, told), 60, "an open page missed a post")
    finally:
        clock.kill()
        clock.wait()
        readers.ended.set()

    names = Counter(name for name, _at, _back in killed)
    print(f"\n{POSTS} posts in {written - began:.0f} s, {dict(names)} killed, ", end="")
    print(f"{sum(writer.tries for writer in writers)} tries, ", end="")
    print(f"{readers.breaks} broken lines, settled after {time.time() - written:.0f} s")
    assert set(names) == {"web", "worker", "redis", "postgres", "elasticsearch"}

    # Every accepted post once: numbers without a gap, each token one row.
    assert not [one for writer in writers for one in writer.refused]
    accepted = {token for writer in writers for token in writer.accepted}
    assert len(accepted) == POSTS and set(told["posts"]) == accepted
    for numbers in told["numbers"].values():
        assert numbers == list(range(1, len(numbers) + 1))

    # Every notification once.
    written_posts = sorted(told["posts"].values())
    assert len(told["of_each"]) == len(made["followers"])
    for keys in told["of_each"]:
        assert keys == written_posts

    # Every mail at least once; again only where a kill fell between yes and our note.
    times: dict[str, list[float]] = {}
    for name, at in mailbox.taken:
        times.setdefault(name, []).append(at)
    again = {name: ats for name, ats in times.items() if len(ats) > 1}
    fatal = [one[1:] for one in killed if one[0] in ("worker", "postgres")]
    for name, ats in again.items():
        near = any(at - UNNOTED <= ats[0] <= back + 1 for at, back in fatal)
        assert near, f"{name} went twice, and nobody was dead who had to note it"
    print(f"{len(times)} mails, {len(again)} of them twice")
    assert {f"<letter-{pk}@" for pk in told["letters"]} <= {
        name.partition("@")[0] + "@" for name in times
    }

    # The index holds what the database says, object by object.
    checked = world.command("check_index", "--dry-run")
    assert "All is right." in checked, checked


def settled(world: World) -> dict | None:
    told = world.ask("judge")
    done = not (told["left"] or told["waiting"] or told["unmailed"])
    if not done:
        print(f"left: {told['left']}, letters {told['waiting']}, {told['errors']}")
        time.sleep(2)
    return told if done else None


def all_shown(readers: Readers, told: dict) -> bool:
    return all(
        set(told["numbers"][str(thread)]) <= shown
        for (_cookie, _port, thread), shown in zip(
            readers.plan, readers.shown, strict=True
        )
    )
