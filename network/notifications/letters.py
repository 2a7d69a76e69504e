"""Sending what has gathered: each letter once, all of it asked again when it goes.

Nothing here holds a transaction while the mail server is spoken to. Killed between
the server's yes and our note of it, the same letter goes again under the same
Message-ID; news is in one letter only, so none is told twice by different ones.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from network.notifications import mail
from network.notifications.actions import wants_mail
from network.notifications.kinds import Pace
from network.notifications.models import (
    LOUDNESS,
    Letter,
    Level,
    MailSettings,
    Notification,
    Preference,
    Subscription,
)
from network.notifications.reading import Told, told

LEASE = timedelta(minutes=2)
LATE = timedelta(minutes=10)  # after its hour: we, or the mail server, were away
READ_AT_MOST = 200


class BeingSent(Exception):
    """Another process has it in hand; asked again later, should that one have died."""


def send(letter_pk: int) -> None:
    letter = take(letter_pk)
    if letter is None:
        return
    try:
        _send(letter)
    except Exception:  # whatever it was, the outbox tries again: do not wait for us
        Letter.objects.filter(pk=letter.pk).update(leased_until=None)
        raise


@transaction.atomic
def take(letter_pk: int) -> Letter | None:
    """The letter, ours for a while and closed: what comes now begins the next one.

    None if it was sent, or has been put off since it was queued.
    """
    letter = Letter.objects.waiting().select_for_update().filter(pk=letter_pk).first()
    now = timezone.now()
    if letter is None or (letter.closed_at is None and letter.planned_at > now):
        return None
    if letter.leased_until and letter.leased_until > now:
        raise BeingSent(str(letter))
    if now - letter.planned_at > LATE and _is_put_off(letter, now):
        return None
    letter.closed_at, letter.leased_until = letter.closed_at or now, now + LEASE
    letter.save(update_fields=["closed_at", "leased_until"])
    return letter


def _is_put_off(letter: Letter, now: datetime) -> bool:
    """What was held up until its reader's quiet hours goes when they end."""
    reach = MailSettings.objects.of([letter.recipient_id])[letter.recipient_id]
    at = reach.after_quiet(now)
    if at > now:
        letter.planned_at, letter.queued_at = at, None
        letter.save(update_fields=["planned_at", "queued_at"])
    return at > now


def _send(letter: Letter) -> None:
    reader = letter.recipient
    news, more = news_for(letter) if reader.is_member else ([], 0)
    if not news:
        letter.delete()
        return
    zone = MailSettings.objects.of([reader.pk])[reader.pk].zone
    language = reader.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone):
        mail.message(letter, news, more).send()
    _note(letter, news)


@transaction.atomic
def _note(letter: Letter, news: list[Told]) -> None:
    now = timezone.now()
    sent = [one.pk for one in news]
    Notification.objects.filter(pk__in=sent).update(mailed_at=now)
    Letter.objects.filter(pk=letter.pk).update(
        sent_at=now, size=len(news), leased_until=None
    )


def news_for(letter: Letter) -> tuple[list[Told], int]:
    """What its reader has not read, may see and still wants, and how much beyond.

    The first ones, oldest first, where there is too much for a letter.
    """
    reader = letter.recipient
    unread = Notification.objects.unread().filter(letter=letter, mailed_at=None)
    kinds = unread.order_by().values_list("target_kind", flat=True).distinct()
    seen = unread.visible_to(reader, list(kinds)).order_by("created_at", "pk")
    rows, n = seen.select_related("actor__profile"), seen.count()
    levels = Subscription.objects.mine(reader)
    paces = Preference.objects.paces(reader)
    wanted: list[Told] = []
    for start in range(0, n, READ_AT_MOST):
        if len(wanted) >= READ_AT_MOST:
            return wanted, n - start
        some = told(rows[start : start + READ_AT_MOST], reader)
        wanted += [one for one in some if _is_wanted(one, levels, paces)]
    return wanted, 0


def _is_wanted(news: Told, levels: dict[str, str], paces: dict[str, str]) -> bool:
    if paces.get(news.kind.name, news.kind.pace) == Pace.NEVER:
        return False
    found = [levels[key] for key in news.verb.follows(news.row) if key in levels]
    level = max(found, key=LOUDNESS.index, default=Level.NORMAL)
    return level != Level.MUTED and wants_mail(news.verb.name, level)
