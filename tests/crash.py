"""Workers that can be killed: a process of its own running the delivery lanes."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from network.models import Delivery

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The test's own database, as another process would be told of it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    given = connection.settings_dict
    port = given["PORT"] or 5432
    return f"postgres://{given['USER']}@{given['HOST']}:{port}/{quote(name)}"


class Worker:
    """`manage.py deliver` against the test's database; ready when it says so."""

    def __init__(self, **environment: str):
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "network.settings",
            "DATABASE_URL": database_url(),
            "VAR_DIR": str(settings.VAR),
            "SEARCH_INDEX": settings.SEARCH_INDEX,
            "ELASTICSEARCH_URL": settings.ELASTICSEARCH_URL,
            "REDIS_URL": settings.REDIS_URL,
            "LOG_LEVEL": "CRITICAL",
            **environment,
        }
        self.process = None

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "deliver", "--announce"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert self.process.stdout.readline().strip() == b"delivering"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def running(worker: Worker):
    worker.start()
    try:
        yield worker
    finally:
        worker.kill()


def wait_until(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not so within the time given"
        time.sleep(0.05)


def all_delivered(*lanes: str) -> bool:
    rows = Delivery.objects.open()
    return not (rows.filter(lane__in=lanes) if lanes else rows).exists()
