from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from forums.models import Bookmark, Post, Thread
from network.moments import zone_here
from network.notifications.actions import notify
from network.notifications.models import MailSettings, Notification
from network.people.models import User

REMINDED = "reminded"


@transaction.atomic
def add_bookmark(user: User, thread: Thread, post: Post | None = None) -> Bookmark:
    """Made once; one that was removed comes back as it was."""
    mine = Bookmark.objects.on(user, thread, post)
    row = mine.select_for_update().first()
    if row is None:
        new = Bookmark(user=user, thread=thread, post=post)
        Bookmark.objects.bulk_create([new], ignore_conflicts=True)
        return mine.get()
    if row.removed_at:
        _change(row, removed_at=None)
    return row


@transaction.atomic
def change_bookmark(row: Bookmark, note: str, remind_on: date | None) -> None:
    """Reminded on that day, at the hour at which the person's daily e-mail comes."""
    remind_at = remind_on and _morning(row.user_id, remind_on)
    if remind_at != row.remind_at:
        _news_of(row).delete()
        _change(row, remind_at=remind_at, reminded_at=None)
    _change(row, note=note)


@transaction.atomic
def remove_bookmark(row: Bookmark) -> None:
    _change(row, removed_at=timezone.now())


@transaction.atomic
def restore_bookmark(row: Bookmark) -> None:
    _change(row, removed_at=None)


@transaction.atomic
def remind(row: Bookmark) -> None:
    """Told once, whoever else runs this at the same time."""
    due = Bookmark.objects.due().filter(pk=row.pk)
    if due.update(reminded_at=timezone.now()):
        notify([row.user_id], REMINDED, row)


def set_days(rows: list[Bookmark]) -> None:
    """`remind_on`: the day of each reminder, where the reader is."""
    zone = zone_here()
    for row in rows:
        row.remind_on = row.remind_at and row.remind_at.astimezone(zone).date()


def _morning(user: int, day: date) -> datetime:
    reach = MailSettings.objects.of([user])[user]
    return datetime.combine(day, time(reach.daily_hour), reach.zone)


def _news_of(row: Bookmark):
    return Notification.objects.filter(
        recipient=row.user_id,
        verb=REMINDED,
        target_kind="bookmark",
        target_id=row.pk,
    )


def _change(row: Bookmark, **fields) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=fields)
