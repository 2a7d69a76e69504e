"""How much one may write: little in the first week, more than enough afterwards.

Counted in the database from what was written, so that it is the same in every process
and there is nothing to reset. Moderators in their forums, and staff, have none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.db.models.fields import PositiveIntegerField
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import Flag, Held, Mention, Post, PostVersion
from network.people.models import User

FIRST_WEEK = timedelta(days=7)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BURST = timedelta(minutes=10)

# Most of a kind within a time: (how many, how long), in the first week and later.
LIMITS = {
    "threads": ([(3, DAY)], [(20, DAY), (6, BURST)]),
    "posts": ([(20, DAY), (6, BURST)], [(200, DAY), (30, BURST)]),
    "edits": ([(30, DAY)], [(200, DAY), (30, BURST)]),
    "flags": ([(10, DAY)], [(40, DAY)]),
    "mentions": ([(15, HOUR)], [(60, HOUR)]),
}
TOLD = {
    "threads": gettext_lazy("You have begun many threads."),
    "posts": gettext_lazy("You have written much in a short time."),
    "edits": gettext_lazy("You have changed posts many times."),
    "flags": gettext_lazy("You have reported many posts."),
    "mentions": gettext_lazy(
        "You have mentioned many people in a short time. "
        "Leave their names out, or wait."
    ),
}


class TooSoon(ValidationError):
    """`wait`: seconds until the same is welcome."""

    def __init__(self, kind: str, until: datetime):
        now = timezone.now()
        self.wait = max(1, round((until - now).total_seconds()))
        again = _("You can go on in {time}.").format(time=_time_left(until, now))
        super().__init__(f"{TOLD[kind]} {again}", code="too_soon")


def check_limit(user: User, *kinds: str) -> None:
    """Refuse what is beyond the limits of any of these kinds: one query for each.

    Asked while what the user sends waits its turn (`one_at_a_time`).
    """
    if not settings.FORUM_LIMITS:
        return
    for kind in kinds:
        limits = _limits(kind, user)
        moments = MOMENTS[kind](user, max(count for count, _span in limits))
        _refuse(kind, sorted(moments, reverse=True), limits)


def check_mentions(user: User, begun: datetime) -> None:
    """Refuse what has been made since `begun`, for whoever then undoes all of it.

    Whom a text names is known when it has been read, not before.
    """
    if not settings.FORUM_LIMITS:
        return
    limits = [(count + 1, span) for count, span in _limits("mentions", user)]
    moments = _mentions(user, max(count for count, _span in limits))
    if moments and moments[0] >= begun:
        _refuse("mentions", moments, limits)


def _limits(kind: str, user: User) -> list[tuple[int, timedelta]]:
    return LIMITS[kind][timezone.now() - user.date_joined > FIRST_WEEK]


def _refuse(kind: str, moments: list[datetime], limits) -> None:
    until = max(_free_at(moments, limits), default=None)
    if until:
        raise TooSoon(kind, until)


def _free_at(moments: list[datetime], limits) -> Iterable[datetime]:
    """For each limit that is reached: when the oldest that counts no longer does."""
    now = timezone.now()
    for count, span in limits:
        if len(moments) >= count and moments[count - 1] + span > now:
            yield moments[count - 1] + span


def _written(user: User, most: int, **narrowed) -> list[datetime]:
    """Posts, and those that wait to be: what is refused was written all the same."""
    since = timezone.now() - DAY
    posts = Post.objects.filter(author=user, created_at__gt=since, **narrowed)
    held = Held.objects.filter(author=user, created_at__gt=since)
    if narrowed:
        held = held.exclude(forum=None)
    rows = posts.order_by().values_list("pk", "created_at", Value("post"))
    held = held.order_by().values_list("pk", "created_at", Value("held"))
    return [at for _pk, at, _kind in rows.union(held).order_by("-created_at")[:most]]


def _threads(user: User, most: int) -> list[datetime]:
    return _written(user, most, number=1)


def _edits(user: User, most: int) -> list[datetime]:
    """Each version was saved when it was written, the last one too."""
    since = timezone.now() - DAY
    number = PositiveIntegerField()
    last = Post.objects.filter(author=user, edited_at__gt=since, edits__gt=0)
    rows = last.annotate(n=Value(0, output_field=number), at=F("edited_at"))
    rows = rows.order_by().values_list("pk", "n", "at")
    before = PostVersion.objects.filter(
        post__author=user, written_at__gt=since, number__gt=1
    )
    replaced = before.order_by().annotate(at=F("written_at"))
    union = rows.union(replaced.values_list("post", "number", "at"))
    return [at for *_which, at in union.order_by("-at")[:most]]


def _flags(user: User, most: int) -> list[datetime]:
    since = timezone.now() - DAY
    flags = Flag.objects.filter(by=user, created_at__gt=since).order_by("-created_at")
    return list(flags.values_list("created_at", flat=True)[:most])


def _mentions(user: User, most: int) -> list[datetime]:
    since = timezone.now() - HOUR
    made = Mention.objects.filter(post__author=user, made_at__gt=since)
    return list(made.order_by("-made_at").values_list("made_at", flat=True)[:most])


MOMENTS = {"posts": _written, "threads": _threads, "edits": _edits, "flags": _flags}


def _time_left(until: datetime, now: datetime) -> str:
    """«12 minutes», never less than one: what is left of a minute counts whole."""
    return timeuntil(until + timedelta(seconds=59), now, depth=1)
