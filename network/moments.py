"""When something happened: as one says it, and as an address carries it."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language


class Clock(NamedTuple):
    """What tells how a time is written: now, and in which language."""

    now: datetime
    language: str | None

    @classmethod
    def read(cls) -> "Clock":
        return cls(timezone.now(), get_language())


# Of the part that is being made: to ask Django for each post of a page takes long.
clock: ContextVar[Clock | None] = ContextVar("clock", default=None)

# Who asked for the page, and, set by network.notifications, the zone they are in.
reader: ContextVar = ContextVar("reader", default=None)
zone_of: Callable | None = None


def zone_here() -> tzinfo:
    """Where the reader is; of visitors nothing is known: UTC."""
    user = reader.get()
    return zone_of(user) if getattr(user, "is_authenticated", False) else UTC


def when(at: datetime) -> str:
    """How long ago within a day, the weekday within a week, the date before that."""
    now, language = clock.get() or Clock.read()
    if now - at < timedelta(days=1):
        return naturaltime(at)
    zone = zone_here()
    here, there = now.astimezone(zone), at.astimezone(zone)
    if now - at < timedelta(days=7):
        return _written(there.date(), "l", language)
    form = "MONTH_DAY_FORMAT" if there.year == here.year else "DATE_FORMAT"
    return _written(there.date(), form, language)


def exactly(at: datetime) -> str:
    """Day and hour as it is here; in UTC, where nobody knows the zone, it says so."""
    zone = zone_here()
    written = date_format(at.astimezone(zone), "DATETIME_FORMAT")
    return f"{written} UTC" if zone is UTC else written


@lru_cache(maxsize=5000)
def _written(day: date, form: str, language: str | None) -> str:
    """A list names the same days again and again."""
    return date_format(day, form)


def moment(text: str):
    """An ISO time from an address, or None: people may have changed it."""
    try:
        at = parse_datetime(text)
        return at.astimezone(UTC) if at and timezone.is_aware(at) else None
    except (ValueError, OverflowError):  # no such day, or none that UTC has
        return None
