from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from forums.models import Forum, ForumMark
from network.people.models import User


@transaction.atomic
def mark_all_read(
    reader: User, forums: Iterable[Forum], seen: datetime | None = None
) -> datetime:
    """All that stood there when they were `seen` is read; the moment, for undoing."""
    now = timezone.now()
    at = min(seen or now, now)
    ForumMark.objects.all_read(reader, [forum.pk for forum in forums], at)
    return at


@transaction.atomic
def unmark_all_read(reader: User, at: datetime) -> bool:
    return bool(ForumMark.objects.undo(reader, at))
