from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from forums.models import Forum, ForumMark, Post, Thread
from network.notifications.actions import mark_read, mark_unread
from network.notifications.models import Notification
from network.notifications.verbs import known_verbs, verb
from network.people.models import User


@transaction.atomic
def mark_all_read(
    reader: User, forums: Iterable[Forum], seen: datetime | None = None
) -> datetime:
    """All that stood there when they were `seen` is read; the moment, for undoing."""
    now = timezone.now()
    at = min(seen or now, now)
    keys = [forum.pk for forum in forums]
    ForumMark.objects.all_read(reader, keys, at)
    mark_read(reader, _told_of(reader, keys, at), at)
    return at


@transaction.atomic
def unmark_all_read(reader: User, at: datetime) -> bool:
    mark_unread(reader, at)
    return bool(ForumMark.objects.undo(reader, at))


def _told_of(reader: User, forums: list[int], until: datetime):
    """News of what stood there; what concerns the reader themselves waits for them."""
    general = [name for name in known_verbs() if not verb(name).direct]
    told = Notification.objects.unread().filter(recipient=reader.pk, verb__in=general)
    kinds = {"thread": (Thread, "forum"), "post": (Post, "thread__forum")}
    stood = {}
    for kind, (model, forum) in kinds.items():
        keys = told.filter(target_kind=kind).values("target_id")
        rows = model.objects.filter(pk__in=keys, created_at__lte=until)
        stood[kind] = list(
            rows.filter(**{f"{forum}__in": forums}).values_list("pk", flat=True)
        )
    return told.about(stood)
