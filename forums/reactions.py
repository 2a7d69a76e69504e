"""Reactions: as a reader of the post sees them, and as its author is told of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models import Post, Reaction
from forums.targets import muted_with
from network.notifications.actions import notify
from network.notifications.kinds import Pace, register_kind
from network.notifications.models import Notification
from network.notifications.verbs import register_verb
from network.people.models import Profile

Kind = Reaction.Kind
ICONS = {
    Kind.THANKS: "heart",
    Kind.USED: "turn",
    Kind.ME_TOO: "metoo",
    Kind.DIFFERS: "differ",
}
CHOICES = [(str(kind), kind.label, ICONS[kind]) for kind in Kind]


@lru_cache
def choices(language: str | None) -> list[tuple[str, str, str]]:
    """As CHOICES, in words: each post names them."""
    return [(kind, str(label), icon) for kind, label, icon in CHOICES]


# What is read and answered again later is told again, but not more often than this.
AGAIN_AFTER = timedelta(days=1)


class Given(NamedTuple):
    """Those who gave one kind: names the reader may see, and how many others."""

    label: str
    icon: str
    people: list
    others: int


def given_to(post: Post, reader) -> list[Given]:
    rows = Reaction.objects.filter(post=post).order_by("-created_at", "-pk")
    by_kind = defaultdict(list)
    for kind, user in rows.values_list("kind", "user"):
        by_kind[kind].append(user)
    users = {user for some in by_kind.values() for user in some}
    shown = _shown(users, reader)
    found = []
    for kind, label, icon in CHOICES:
        people = [shown[user] for user in by_kind[kind] if user in shown]
        if by_kind[kind]:
            others = len(by_kind[kind]) - len(people)
            found.append(Given(label, icon, people, others))
    return found


def _shown(users: Iterable[int], reader) -> dict:
    """{user: their profile}, of those the reader may know of."""
    profiles = Profile.objects.visible_to(reader).filter(user__in=users)
    return {
        row.user_id: row.shown_to(reader) for row in profiles.select_related("user")
    }


# What the author is told. Each kind has a verb; what many give is one piece of news.

SENTENCES = {
    Kind.THANKS: (
        _("%(actor)s thanks you for what you wrote in “%(title)s”"),
        _("%(n)s people thank you for what you wrote in “%(title)s”"),
    ),
    Kind.USED: (
        _("%(actor)s has used what you wrote in “%(title)s”"),
        _("%(n)s people have used what you wrote in “%(title)s”"),
    ),
    Kind.ME_TOO: (
        _("%(actor)s knows the same as you in “%(title)s”"),
        _("%(n)s people know the same as you in “%(title)s”"),
    ),
    Kind.DIFFERS: (
        _("%(actor)s sees it differently than you in “%(title)s”"),
        _("%(n)s people see it differently than you in “%(title)s”"),
    ),
}


def verb_of(kind: str) -> str:
    return f"reacted_{kind}"


def _counter(kind: str):
    return lambda post: post.reactions.get(kind, 0)


for _kind, (_one, _many) in SENTENCES.items():
    register_verb(
        verb_of(_kind),
        _one,
        icon=ICONS[_kind],
        many=_many,
        count=_counter(_kind),
        follows=muted_with,
        direct=True,
    )

register_kind(
    "reactions",
    _("Thanks, and other answers in one press"),
    hint=_("To what you wrote, gathered: how many, not one by one"),
    icon="heart",
    rank=70,
    pace=Pace.NEVER,
    verbs=tuple(verb_of(kind) for kind in SENTENCES),
)


def tell_author(post: Post, user: int, kind: str) -> None:
    """Who was the first is named as long as they are the only one."""
    n, verb = post.reactions.get(kind, 0), verb_of(kind)
    news = Notification.objects.filter(
        recipient=post.author_id, verb=verb, target_kind="post", target_id=post.pk
    )
    given = Reaction.objects.filter(post=post, kind=kind)
    if n == 0:
        news.filter(read_at=None).delete()
        return
    last = given.filter(user=user).first()
    if last:
        before = min(last.created_at, timezone.now() - AGAIN_AFTER)
        news.exclude(read_at=None).filter(created_at__lt=before).delete()
        notify([post.author_id], verb, post, actor=last.user)
    if n > 1:
        news.update(actor=None)
