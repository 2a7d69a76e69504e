"""Servers and processes of one's own, each of which can be killed and comes back."""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from glob import glob
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
SEARCH_SERVER = Path(
    os.environ.get("SEARCH_SERVER")
    or ROOT.parent / "shared" / "search-server" / "server.py"
)
INSTALLED = bool(glob("/usr/lib/postgresql/*/bin/pg_ctl")) and bool(
    shutil.which("redis-server")
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds: float, what: str):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, what
        time.sleep(0.1)
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """start() returns when it works; kill() when it is dead."""

    name = ""
    process: subprocess.Popen | None = None

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()


class Postgres(Server):
    name = "postgres"

    def __init__(self, folder: Path):
        self.folder, self.port = folder / "pg", free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.bin = Path(sorted(glob("/usr/lib/postgresql/*/bin"))[-1])
        self.user = "postgres" if os.getuid() == 0 else None
        self.folder.mkdir()
        if self.user:
            shutil.chown(self.folder, self.user)
        options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
        command = [self.bin / "initdb", "-D", self.folder, *options]
        self._run(subprocess.run, command, check=True)

    def start(self) -> None:
        settings = ["listen_addresses=127.0.0.1", "max_connections=200"]
        options = [word for one in settings for word in ("-c", one)]
        command = [self.bin / "postgres", "-D", self.folder, "-p", str(self.port)]
        command += ["-k", self.folder, *options]

        def started() -> bool:
            if self.process is None or self.process.poll() is not None:
                self.process = self._run(subprocess.Popen, command)
            return self._answers()

        until(started, 60, "PostgreSQL does not come back")

    def fill(self, environment: dict) -> None:
        """Migrate, or take what an earlier run migrated: that takes a minute."""
        taken = hashlib.sha256()
        for path in sorted(ROOT.glob("*/**/migrations/*.py")):
            taken.update(path.read_bytes())
        kept = Path(tempfile.gettempdir()) / f"attende-crash-{taken.hexdigest()[:16]}"
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        if kept.exists():
            command = [self.bin / "psql", "-q", *where, "-f", kept]
        else:
            command = [self.bin / "pg_dump", *where, "-f", kept.with_suffix(".part")]
            migrate = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(migrate, env=environment, cwd=ROOT, check=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        if not kept.exists():
            kept.with_suffix(".part").rename(kept)

    def kill(self) -> None:
        """All of its processes: those of its connections too, in the middle of it."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
        )
        super().kill()
        for pid in map(int, found.stdout.split()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def _answers(self) -> bool:
        command = [
            self.bin / "pg_isready",
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        return subprocess.run(command).returncode == 0

    def _run(self, how, command, **options):
        if self.user:
            who = pwd.getpwnam(self.user)
            options |= {"user": who.pw_uid, "group": who.pw_gid, "cwd": "/"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return how([str(word) for word in command], **quiet, **options)


class Redis(Server):
    name = "redis"

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(lambda: listens(self.port), 20, "Redis does not come back")


class Elastic(Server):
    name = "elasticsearch"

    def __init__(self, folder: Path):
        self.port, self.home = free_port(), folder / "search"
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        own = {"SEARCH_SERVER_PORT": str(self.port), "SEARCH_SERVER_KEEP": "1"}
        own["SEARCH_SERVER_HOME"] = str(self.home)
        subprocess.run(
            [sys.executable, str(SEARCH_SERVER), "start"],
            env={**os.environ, **own},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        pid = int((self.home / "pid").read_text())
        os.kill(pid, signal.SIGKILL)
        until(lambda: not listens(self.port), 20, "Elasticsearch does not die")

    def stop(self) -> None:
        if listens(self.port):
            self.kill()


class Ours(Server):
    """A process of the site: `serve --no-deliver` with a port, `deliver` without."""

    def __init__(self, name: str, environment: dict, log: Path, web: bool):
        self.name, self.environment, self.log = name, environment, log
        self.port = free_port() if web else 0

    def start(self) -> None:
        command = ["serve", "--no-deliver", "--port", str(self.port)]
        words = command if self.port else ["deliver", "--announce"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), *words],
                env=self.environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL if self.port else subprocess.PIPE,
                stderr=log,
            )
        if self.port:
            until(lambda: listens(self.port), 60, "the web does not come back")
        else:
            self.process.stdout.readline()


def answers(url: str) -> bool:
    try:
        return urlopen(url, timeout=10).status == 200
    except HTTPError:
        return False
    except OSError:
        return False
