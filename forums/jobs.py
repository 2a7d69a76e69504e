"""What nobody sent after all: old drafts, unposted files, files left by a crash."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from forums.actions.bookmarks import remind
from forums.models import Attachment, Bookmark, Draft
from forums.models.attachments import FOLDER
from network.schedule import every

DRAFTS_KEPT = timedelta(days=365)
DISCARDED = timedelta(days=1)
UNPOSTED = timedelta(days=7)
# A file is there a moment before its row: what is younger is no orphan yet.
ORPHANED = timedelta(days=1)


@every(hours=24)
def forget_old_drafts() -> None:
    """A year after they were last written in; discarded ones soon."""
    now = timezone.now()
    old = Q(saved_at__lt=now - DRAFTS_KEPT) | Q(discarded_at__lt=now - DISCARDED)
    Draft.objects.filter(old).delete()


@every(hours=24)
def forget_removed_bookmarks() -> None:
    """Until then it can be taken back."""
    before = timezone.now() - DISCARDED
    Bookmark.objects.filter(removed_at__lt=before).delete()


@every(minutes=5)
def remind_of_bookmarks() -> None:
    for row in Bookmark.objects.due().order_by("remind_at")[:500]:
        remind(row)


@every(hours=24)
def forget_unposted_files() -> None:
    """Those of a draft wait with it."""
    before = timezone.now() - UNPOSTED
    rows = list(Attachment.objects.filter(post=None, held=None, created_at__lt=before))
    drafts = Draft.objects.filter(fields__has_key="attachments")
    kept = set(
        chain.from_iterable(drafts.values_list("fields__attachments", flat=True))
    )
    for row in rows:
        if row.pk not in kept:
            row.delete()


@every(hours=24)
def delete_orphaned_files() -> None:
    before = timezone.now() - ORPHANED
    for name in _files_in(FOLDER):
        rows = Attachment.objects.filter(Q(file=name) | Q(thumb=name))
        if default_storage.get_modified_time(name) < before and not rows.exists():
            default_storage.delete(name)


def _files_in(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nobody has sent a file yet
        return
    for file in files:
        yield f"{folder}/{file}"
    for below in folders:
        yield from _files_in(f"{folder}/{below}")
