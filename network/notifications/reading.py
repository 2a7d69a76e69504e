"""Notifications as their reader sees them: sentence, title and address."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from network.audience import PreparedFor, register_query, unread_kinds_of
from network.notifications import targets
from network.notifications.kinds import kind_of
from network.notifications.models import Notification
from network.notifications.verbs import Verb, verb
from network.prepared import Prepared, Rows


class Told:
    """One notification with the row it is about, which its reader may see."""

    def __init__(self, notification: Notification, row: models.Model, reader):
        self.pk = notification.pk
        self.verb: Verb = verb(notification.verb)
        self.kind = kind_of(notification.verb)
        self.row = row
        self.at = notification.created_at
        self.is_read = notification.is_read
        self.by = notification.actor_id
        self.actor = name_of(notification.actor, reader)
        self.reader = reader
        self._target = targets.target_of_kind(notification.target_kind)

    @property
    def title(self) -> str:
        return self._target.title(self.row)

    @cached_property
    def excerpt(self) -> str:
        return self._target.excerpt(self.row, self.reader)

    @property
    def language(self) -> str:
        return getattr(self.row, "language", "")

    @property
    def sentence(self) -> str:
        n = self.verb.count(self.row)
        words = self.verb.many if n > 1 else self.verb.sentence
        return words % {"actor": self.actor, "title": self.title, "n": n}

    @property
    def lead(self) -> str:
        """Under a heading that names the thread or work: who it was is enough."""
        if self.verb.direct:
            return self.sentence
        return self.actor if self.by else ""

    @property
    def url(self) -> str:
        return self._target.url(self.row)

    @property
    def within(self) -> str:
        """The key of what it stands in: of an answer its thread."""
        return targets.key_of(self._target.within(self.row))

    @property
    def mailing_list(self) -> tuple[str, str]:
        """Name and key of the forum it stands in, or nothing."""
        row = self._target.mailing_list(self.row)
        return (str(row), targets.key_of(row)) if row else ("", "")


class Gathered(NamedTuple):
    """The newest of what came in one thread, and the rest, which can be unfolded."""

    first: Told
    more: list[Told]

    @property
    def unread(self) -> int:
        return sum(not one.is_read for one in self.more)


def gathered(news: Iterable[Told]) -> list[Gathered]:
    """In their order; what concerns the reader themselves stands by itself."""
    found: dict[object, list[Told]] = {}
    for one in news:
        alone = one.verb.direct or one.within == targets.key_of(one.row)
        key = one.pk if alone else (one.verb.name, one.within)
        found.setdefault(key, []).append(one)
    return [Gathered(first, more) for first, *more in found.values()]


def name_of(user, reader) -> str:
    """What the reader may see somebody be called."""
    profile = getattr(user, "profile", None)
    return profile.shown_to(reader).name if profile else _("A member")


def told(notifications: Iterable[Notification], reader) -> list[Told]:
    """In their order, one query a kind; without those about what cannot be seen."""
    notifications = list(notifications)
    keys = defaultdict(list)
    for one in notifications:
        keys[one.target_kind].append(one.target_id)
    rows = {kind: targets.rows_of(kind, pks, reader) for kind, pks in keys.items()}
    return [
        Told(one, rows[one.target_kind][one.target_id], reader)
        for one in notifications
        if one.target_id in rows[one.target_kind]
    ]


def news_for(user, unread: bool, verbs: list[str] | None) -> Rows | list:
    """What stands in the inbox: all, or what is unread; of all verbs, or of these."""
    kinds = tuple(sorted(kind for (kind,) in _kinds_told(user.pk)))
    if not kinds:
        return []
    asked = [user, verbs] if verbs else [user]
    return Rows(_inbox_of(kinds, unread), *asked)


@Prepared
def _kinds_told(user_id):
    rows = Notification.objects.filter(recipient=user_id).order_by()
    return rows.values_list("target_kind").distinct()


@lru_cache
def _inbox_of(kinds: tuple[str, ...], unread: bool) -> PreparedFor:
    def build(reader, verbs=()):
        rows = Notification.objects.in_inbox().select_related("actor__profile")
        rows = rows.unread() if unread else rows
        rows = rows.filter(verb__in=verbs) if verbs else rows
        return rows.visible_to(reader, kinds)

    return PreparedFor(build)


def unread_of(user) -> int:
    """Unread notifications of what the user may still see.

    Every page asks: what kinds there are comes with the reader's rights, and often
    there are none.
    """
    kinds = unread_kinds_of(user)
    counted = _unread_among(tuple(sorted(kinds)))(user) if kinds else []
    return counted[0][0] if counted else 0


@lru_cache
def _unread_among(kinds: tuple[str, ...]) -> PreparedFor:
    def build(reader):
        unread = Notification.objects.unread().in_inbox().order_by()
        mine = unread.visible_to(reader, kinds).values("recipient")
        return mine.annotate(n=Count("pk")).values_list("n")

    return PreparedFor(build)


@register_query("unread")
def kinds_of_unread(user_id):
    """«unread.post» where there is anything to be told of posts."""
    rows = Notification.objects.filter(recipient=user_id).unread().in_inbox()
    kind = Concat(Value("unread."), "target_kind")
    return rows.order_by().values("target_kind").distinct().annotate(key=kind)
