"""Which letter news goes with: decided in the transaction that tells it."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from network.events import publish_all
from network.notifications.events import LetterDue
from network.notifications.kinds import Pace, kind_of
from network.notifications.models import (
    Letter,
    MailSettings,
    Notification,
    Preference,
)

AT_ONCE = 500


def letters_for(paces: dict[int, str]) -> dict[int, int]:
    """{user: letter}: the open letter of each one's pace, begun where there is none.

    They are locked: until this transaction ends nobody closes and sends one without
    the news it is asked for. Ids in order, so that two of these never wait for each
    other.
    """
    users = sorted(user for user, pace in paces.items() if pace != Pace.NEVER)
    letters = Letter.objects.locked(users)
    missing = [user for user in users if (user, paces[user]) not in letters]
    if missing:
        now, reach = timezone.now(), MailSettings.objects.of(missing)
        new = [_begun(user, paces[user], reach[user], now) for user in missing]
        Letter.objects.bulk_create(new, ignore_conflicts=True)
        letters |= Letter.objects.locked(missing)
    return {user: letters[user, paces[user]] for user in users}


def _begun(user: int, pace: str, reach: MailSettings, now: datetime) -> Letter:
    at = reach.planned(pace, now)
    return Letter(recipient_id=user, pace=pace, created_at=now, planned_at=at)


@transaction.atomic
def plan_alone(notification_pk: int) -> None:
    """Plan news that has no letter yet, unless it was read or sent."""
    unread = Notification.objects.unread().filter(mailed_at=None, letter=None)
    for one in unread.select_for_update().filter(pk=notification_pk):
        letters = letters_for({one.recipient_id: Pace.NOW})
        unread.filter(pk=one.pk).update(letter=letters[one.recipient_id])


@transaction.atomic
def replan(user) -> None:
    """After other choices: what waits goes at the new pace and hour, or not at all.

    What is due by now is not put off to the next day or week.
    """
    chosen, by_pace = Preference.objects.paces(user), defaultdict(list)
    waiting = Notification.objects.filter(recipient=user.pk, letter__closed_at=None)
    letters = Letter.objects.locked([user.pk])
    for pk, verb in waiting.exclude(letter=None).values_list("pk", "verb"):
        kind = kind_of(verb)
        by_pace[chosen.get(kind.name, kind.pace)].append(pk)
    by_pace.pop(Pace.NEVER, None)  # it waits: asked when it goes, or wished for again
    for pace, news in by_pace.items():
        letter = letters_for({user.pk: pace}).get(user.pk)
        Notification.objects.filter(pk__in=news).update(letter=letter)
    reach = MailSettings.objects.of([user.pk])[user.pk]
    for letter in Letter.objects.open().filter(pk__in=letters.values()):
        due = min(letter.planned_at - timedelta.resolution, timezone.now())
        since = letter.created_at if letter.pace == Pace.NOW else due
        letter.planned_at, letter.queued_at = reach.planned(letter.pace, since), None
        letter.save(update_fields=["planned_at", "queued_at"])


@transaction.atomic
def queue_due() -> int:
    """Hand letters whose time has come to the lane `mail`; answers how many."""
    keys = list(Letter.objects.due().values_list("pk", flat=True)[:AT_ONCE])
    mine = Letter.objects.filter(pk__in=keys, queued_at=None).select_for_update()
    keys = list(mine.order_by("pk").values_list("pk", flat=True))
    Letter.objects.filter(pk__in=keys).update(queued_at=timezone.now())
    publish_all(LetterDue(letter=pk) for pk in keys)
    return len(keys)
