"""Files of posts: kept when they are sent, attached when the post is written."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.texts import read_text
from forums.models import Attachment, Post
from forums.models.attachments import LONGEST_ALT
from forums.pictures_in_text import with_words, words_in_text
from forums.uploads import (
    LARGEST_DAY,
    LARGEST_POST,
    MOST_FILES,
    Kept,
    looked_into,
    refused,
)
from network.people.models import User


def keep_file(uploader: User, upload: UploadedFile) -> Attachment:
    """Look into a file and keep what may be kept, for a post yet to be written."""
    _check_day(uploader, upload)  # before the work of decoding …
    kept = looked_into(upload)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=uploader.pk)
        _check_day(uploader, upload)  # … and when nobody else sends in their name
        return _store(uploader, kept)


def _store(uploader: User, kept: Kept) -> Attachment:
    kinds = Attachment.Kind
    row = Attachment(
        uploader=uploader,
        kind=kinds.PICTURE if kept.thumb else kinds.DOCUMENT,
        name=kept.name,
        width=kept.width,
        height=kept.height,
        size=kept.content.size,
    )
    row.file.save(f"file.{kept.suffix}", kept.content, save=False)
    if kept.thumb:
        row.thumb.save("thumb.webp", kept.thumb, save=False)
    row.save()
    return row


def _check_day(uploader: User, upload: UploadedFile) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    sent = Attachment.objects.filter(uploader=uploader, created_at__gt=yesterday)
    used = sent.aggregate(bytes=Sum("size"))["bytes"] or 0
    if used + upload.size > LARGEST_DAY:
        most = filesizeformat(LARGEST_DAY)
        reason = _("You have sent %(most)s in a day, which is all. Try again tomorrow.")
        raise refused(upload.name, reason % {"most": most})


def set_files(
    post: Post, attachments: Mapping[int, str] | None, removed: Collection[int]
) -> None:
    """Give a post its files, inside an action that has locked the thread.

    attachments: {id: what it shows}, its author's unposted ones and those it has.
    removed: ids of those to take away. What is named in neither stays as it is.
    """
    shows = {pk: alt for pk, alt in (attachments or {}).items() if pk not in removed}
    rows = _files_of(post, [*shows, *removed])
    if not (rows or shows):
        return
    if not shows.keys() <= rows.keys():
        raise ValidationError(
            {"files": _("A file is no longer there. Choose it once more.")}
        )
    gone = rows.keys() & set(removed)
    for pk in gone:
        rows.pop(pk).delete()
    post.markdown = with_words(post.markdown, dict.fromkeys(gone))
    _check_post(rows.values())
    _write(post, rows, shows)


def _files_of(post: Post, named: Iterable[int]) -> dict[int, Attachment]:
    own = Q(pk__in=named, post=None, uploader=post.author_id)
    rows = Attachment.objects.select_for_update().filter(Q(post=post) | own)
    return {row.pk: row for row in rows}


def _check_post(rows: Collection[Attachment]) -> None:
    if len(rows) > MOST_FILES:
        most = {"most": MOST_FILES}
        message = _("A post takes at most %(most)s files. Remove some.") % most
        raise ValidationError({"files": message})
    if sum(row.size for row in rows) > LARGEST_POST:
        most = {"most": filesizeformat(LARGEST_POST)}
        message = _("The files are more than %(most)s together. Remove some.") % most
        raise ValidationError({"files": message})


def _write(post: Post, rows: dict[int, Attachment], shows: Mapping[int, str]) -> None:
    """The text names its pictures by what they show; the rest stands below it."""
    in_text = words_in_text(post.markdown)
    for pk, row in rows.items():
        row.post, row.alt = post, _what_it_shows(row, shows.get(pk), in_text.get(pk))
    pictures = {pk: row for pk, row in rows.items() if row.is_picture}
    words = {pk: row.alt for pk, row in pictures.items()}
    post.markdown = with_words(post.markdown, words)
    post.html = read_text(post, pictures).html
    for row in rows.values():
        row.in_text = row.is_picture and row.thumb_url in post.html
    post.files_below = sum(not row.in_text for row in rows.values())
    Attachment.objects.bulk_update(rows.values(), ["post", "alt", "in_text"])
    post.save(update_fields=["markdown", "html", "files_below"])


def _what_it_shows(row: Attachment, told: str | None, in_text: str | None) -> str:
    """Of field and text whichever was changed, the field first."""
    if told is not None and told != row.alt:
        return told[:LONGEST_ALT]
    return (in_text or row.alt)[:LONGEST_ALT]
