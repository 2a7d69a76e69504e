"""Telling people, and what they do about it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from network.events import publish, publish_all
from network.notifications import targets
from network.notifications.events import InboxRead, Notified
from network.notifications.kinds import (
    Pace,
    kind_of,
    shown_kinds,
    stronger_than,
    weaker_than,
)
from network.notifications.kinds import kind as kind_named
from network.notifications.models import (
    Level,
    MailSettings,
    Notification,
    Preference,
    Subscription,
)
from network.notifications.planning import letters_for, replan
from network.notifications.verbs import verb
from network.notifications.zones import known_zones
from network.people.models import Mute, User


@transaction.atomic
def notify(
    recipients: Iterable[int], name: str, row: models.Model, actor=None
) -> set[int]:
    """Tell members (ids) what `actor` did to `row`: each once, however often it runs.

    By the ways they chose for the verb's kind; who mutes is not told. Whether they
    may see `row` is asked when it is read, and again when a letter goes. Answers who
    is told now.
    """
    _one_at_a_time(name, row)
    levels = Subscription.objects.levels(verb(name).follows(row))
    about = {"target_kind": targets.kind_of(row), "target_id": row.pk}
    told = _members(recipients) - _told_before(name, about)
    told -= {user for user, level in levels.items() if level == Level.MUTED}
    told.discard(actor and actor.pk)
    if actor and told:
        told -= _who_muted(actor, told)
    if told:
        _tell(told, name, about, actor, levels)
    return told


def _one_at_a_time(name: str, row: models.Model) -> None:
    """Two processes that tell of one row, each as it knows, would tell it twice."""
    if stronger_than(name) or weaker_than(name):
        mine = type(row)._base_manager.select_for_update(no_key=True)
        mine.filter(pk=row.pk).values_list("pk").first()


def _who_muted(actor: User, told: set[int]) -> set[int]:
    rows = Mute.objects.filter(muted=actor.pk, muter__in=told)
    return set(rows.values_list("muter", flat=True))


def _members(recipients: Iterable[int]) -> set[int]:
    approved = {"status": User.Status.APPROVED, "is_active": True}
    people = User.objects.filter(pk__in=recipients, **approved)
    return set(people.values_list("pk", flat=True))


def _told_before(name: str, about: dict) -> set[int]:
    """By this verb, or by one that says more: a mention in an answer is no two news."""
    said = [name, *stronger_than(name)]
    known = Notification.objects.filter(verb__in=said, **about)
    return set(known.values_list("recipient", flat=True))


def _tell(told: set[int], name: str, about: dict, actor, levels: dict) -> None:
    kind = kind_of(name)
    ways = Preference.objects.ways(kind, told)
    ways = {user: ways.get(user, (True, kind.pace)) for user in told}
    paces = {
        user: pace if wants_mail(name, levels.get(user)) else Pace.NEVER
        for user, (_inbox, pace) in ways.items()
    }
    letters = letters_for(paces)
    rows = [
        Notification(
            recipient_id=user,
            actor=actor,
            verb=name,
            in_inbox=ways[user][0],
            letter_id=letters.get(user),
            **about,
        )
        for user in sorted(told)
        if ways[user][0] or user in letters
    ]
    weaker = weaker_than(name)
    if weaker:
        less = Notification.objects.filter(recipient__in=told, verb__in=weaker)
        less.filter(**about).delete()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    publish(Notified(verb=name, **about))


@transaction.atomic
def take_back(told: models.QuerySet) -> set[int]:
    """It is so no longer: no inbox and no letter says it. Answers who never knew.

    Whoever has read it or had it by e-mail is not told again should it come back.
    """
    people = set(told.values_list("recipient", flat=True))
    unknown = told.unread().filter(mailed_at=None)
    never_knew = set(unknown.values_list("recipient", flat=True))
    unknown.delete()
    read_at = Coalesce("read_at", timezone.now())
    told.update(in_inbox=False, letter=None, read_at=read_at)
    publish_all(InboxRead(user=user) for user in sorted(people))
    return never_knew


def notify_followers(
    name: str, row: models.Model, actor=None, among: set[int] | None = None
) -> None:
    """Tell those who follow what `row` belongs to, as the verb's `follows` says."""
    levels = Subscription.objects.levels(verb(name).follows(row))
    loud = (Level.WATCHING, Level.TRACKING)
    followers = {user for user, level in levels.items() if level in loud}
    notify(followers if among is None else followers & among, name, row, actor)


def wants_mail(name: str, level: str | None) -> bool:
    if verb(name).direct:
        return level != Level.MUTED
    return level == Level.WATCHING


def follow_by_rule(user, row: models.Model, rule: str) -> None:
    """Follow what one began, answered or is mentioned in, as far as one wishes.

    rule: started, answered or mentioned. A choice made for that very row stands.
    """
    mine = MailSettings.objects.filter(user=user.pk).first() or MailSettings()
    level = getattr(mine, f"when_{rule}")
    if level != Level.NORMAL:
        Subscription.objects.follow(user, row, level)


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
def change_ways(user, ways: dict[str, tuple[bool, str]]) -> None:
    """{kind: (in the inbox, pace)}; what is as for everybody leaves no row."""
    for name, (inbox, pace) in ways.items():
        chosen = Preference(user_id=user.pk, kind=name, inbox=inbox, pace=pace)
        own = {"user_id": user.pk, "kind": name}
        if chosen.is_default:
            Preference.objects.filter(**own).delete()
        else:
            given = {"inbox": inbox, "pace": pace}
            Preference.objects.update_or_create(**own, defaults=given)
    replan(user)


@transaction.atomic
def change_mail_settings(user, **chosen) -> None:
    """Hours, zone, pause, rules: only the fields given."""
    MailSettings.objects.update_or_create(user_id=user.pk, defaults=chosen)
    replan(user)


@transaction.atomic
def guess_zone(user, zone: str) -> None:
    """What the browser says, where the person has chosen nothing."""
    if zone in known_zones():
        mine, _new = MailSettings.objects.get_or_create(user_id=user.pk)
        if not mine.time_zone:
            change_mail_settings(user, time_zone=zone)


@transaction.atomic
def stop_mail(user, kinds: Iterable[str] = (), keys: Iterable[str] = ()) -> dict:
    """From the link in a letter: none of these kinds, or of these targets any more.

    The inbox goes on. Answers what was so before, for `resume_mail`. What had stopped
    already, pressed twice or first by a mail program, was as the letter shows it.
    """
    kinds = [one.name for one in shown_kinds() if one.name in set(kinds)]
    chosen = {one.kind: one for one in Preference.objects.filter(user=user.pk)}
    before = {}
    for name in kinds:
        own = chosen.get(name) or Preference(kind=name, pace=kind_named(name).pace)
        pace = kind_named(name).pace if own.pace == Pace.NEVER else own.pace
        before[name] = [own.inbox, pace]
    change_ways(
        user, {name: (inbox, Pace.NEVER) for name, (inbox, _) in before.items()}
    )
    watched = Subscription.objects.filter(user=user.pk, target__in=list(keys))
    watched = watched.filter(level__in=[Level.WATCHING, Level.TRACKING])
    stopped = list(watched.values_list("target", flat=True))
    watched.update(level=Level.TRACKING)
    return {"kinds": before, "keys": stopped}


@transaction.atomic
def resume_mail(user, before: dict) -> None:
    """Undo of `stop_mail`."""
    change_ways(user, {name: tuple(ways) for name, ways in before["kinds"].items()})
    tracked = Subscription.objects.filter(user=user.pk, target__in=before["keys"])
    tracked.filter(level=Level.TRACKING).update(level=Level.WATCHING)
