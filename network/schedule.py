"""Jobs that come round: pruning, scheduled publishing, clearing sessions.

A job runs in one process each time it is due, however many run `deliver`.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connection

from network.events import prune
from network.models import PeriodicRun

logger = logging.getLogger(__name__)
_jobs: dict[str, tuple[Callable[[], object], timedelta]] = {}


def every(**interval):
    """Decorator: @every(minutes=1) runs the function about that often."""

    def keep(function):
        name = f"{function.__module__}.{function.__qualname__}"
        _jobs[name] = (function, timedelta(**interval))
        return function

    return keep


def run_due() -> None:
    for name, (function, interval) in _jobs.items():
        if PeriodicRun.take(name, interval):
            try:
                function()
            except Exception:  # a job may fail in any way: it comes round again
                logger.exception("periodic job %s failed", name)


def run_schedule(stop: threading.Event) -> None:
    """The schedule's thread, until `stop` is set."""
    while not stop.wait(5):
        close_old_connections()
        try:
            run_due()
        except DatabaseError:
            logger.exception("the schedule waits for the database")
    connection.close()


@every(hours=24)
def prune_outbox() -> None:
    prune()


@every(hours=24)
def clear_sessions() -> None:
    call_command("clearsessions")
