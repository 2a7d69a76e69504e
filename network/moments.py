"""When something happened: as one says it, and as an address carries it."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language


def when(at: datetime) -> str:
    """How long ago within a day, the weekday within a week, the date before that."""
    zone = timezone.get_current_timezone()
    now, at = timezone.now().astimezone(zone), at.astimezone(zone)
    if now - at < timedelta(days=1):
        return naturaltime(at)
    if now - at < timedelta(days=7):
        return _written(at.date(), "l", get_language())
    form = "MONTH_DAY_FORMAT" if at.year == now.year else "DATE_FORMAT"
    return _written(at.date(), form, get_language())


@lru_cache(maxsize=5000)
def _written(day: date, form: str, language: str | None) -> str:
    """A list names the same days again and again."""
    return date_format(day, form)


def moment(text: str):
    """An ISO time from an address, or None: people may have changed it."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and timezone.is_aware(at) else None
