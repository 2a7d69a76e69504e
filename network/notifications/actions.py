"""Telling people, and what they do about it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from network.events import publish
from network.notifications import targets
from network.notifications.events import InboxRead, MailDue, Notified
from network.notifications.models import Level, Notification, Subscription
from network.notifications.verbs import verb
from network.people.models import User


@transaction.atomic
def notify(recipients: Iterable[int], name: str, row: models.Model, actor=None) -> None:
    """Tell members (ids) what `actor` did to `row`: each once, however often it runs.

    Who mutes is not told. Whether they may see `row` is asked when it is read.
    """
    levels = Subscription.objects.levels(verb(name).follows(row))
    people = User.objects.filter(
        pk__in=recipients, status=User.Status.APPROVED, is_active=True
    )
    about = {"verb": name, "target_kind": targets.kind_of(row), "target_id": row.pk}
    known = Notification.objects.filter(**about).values_list("recipient", flat=True)
    told = set(people.values_list("pk", flat=True)) - set(known)
    told -= {user for user, level in levels.items() if level == Level.MUTED}
    told.discard(actor and actor.pk)
    if told:
        rows = [Notification(recipient_id=pk, actor=actor, **about) for pk in told]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        publish(Notified(**about))
        _mail(name, told, about, levels)


def notify_followers(name: str, row: models.Model, actor=None) -> None:
    """Tell those who follow what `row` belongs to, as the verb's `follows` says."""
    levels = Subscription.objects.levels(verb(name).follows(row))
    loud = (Level.WATCHING, Level.TRACKING)
    followers = [user for user, level in levels.items() if level in loud]
    notify(followers, name, row, actor)


def wants_mail(name: str, level: str | None) -> bool:
    if verb(name).direct:
        return level != Level.MUTED
    return level == Level.WATCHING


def _mail(name: str, told: set[int], about: dict, levels: dict[int, str]) -> None:
    loud = [pk for pk in told if wants_mail(name, levels.get(pk))]
    rows = Notification.objects.filter(recipient__in=loud, **about)
    for pk in rows.values_list("pk", flat=True):
        publish(MailDue(notification=pk))


@transaction.atomic
def set_level(user, row: models.Model, level: str) -> None:
    """As the person chose: it stands against anything done on their behalf."""
    Subscription.objects.update_or_create(
        user=user, target=targets.key_of(row), defaults={"level": level}
    )


@transaction.atomic
def mark_read(user, rows: models.QuerySet, at: datetime | None = None) -> None:
    """Mark the user's notifications among `rows` as read; other open pages hear it."""
    unread = rows.filter(recipient=user.pk, read_at=None)
    if unread.update(read_at=at or timezone.now()):
        publish(InboxRead(user=user.pk))


@transaction.atomic
def mark_unread(user, at: datetime) -> None:
    """Undo: what was marked read at just that moment."""
    rows = Notification.objects.filter(recipient=user.pk, read_at=at)
    if rows.update(read_at=None):
        publish(InboxRead(user=user.pk))


def read_about(user, rows: dict[str, Iterable[int]]) -> None:
    """The user reads rows ({kind: ids}): what told of them is read."""
    mark_read(user, Notification.objects.about(rows))


@transaction.atomic
def stop_mail(notification: Notification) -> None:
    """From the link in a letter: no more of this sort; the inbox goes on."""
    what = verb(notification.verb)
    target = targets.target_of_kind(notification.target_kind)
    row = target.model._default_manager.filter(pk=notification.target_id).first()
    for key in what.follows(row) if row else []:
        own = {"user_id": notification.recipient_id, "target": key}
        if what.direct:
            muted = {"level": Level.MUTED}
            Subscription.objects.update_or_create(**own, defaults=muted)
        else:
            watched = Subscription.objects.filter(**own, level=Level.WATCHING)
            watched.update(level=Level.TRACKING)
