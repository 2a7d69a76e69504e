from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.attachments import set_files
from forums.actions.drafts import drop_draft, one_at_a_time
from forums.actions.writing import add_post, locked, next_revision, sent_before
from forums.events import (
    ThreadChanged,
    ThreadMoved,
    ThreadStarted,
)
from forums.models import Forum, ReadMark, Thread
from forums.unread import keep_read
from network.audience import of, restrict
from network.events import publish
from network.notifications.actions import follow_by_rule
from network.people.models import User
from network.text import slugify
from network.themes.models import Theme


@transaction.atomic
def start_thread(
    forum: Forum,
    author: User,
    *,
    title: str,
    markdown: str,
    kind: str = Thread.Kind.DISCUSSION,
    language: str,
    themes: Iterable[Theme] = (),
    token: str | None = None,
    sequence: int | None = None,
    attachments: Mapping[int, str] | None = None,
    removed: Collection[int] = (),
    about: str = "",
) -> Thread:
    """Begin a thread with its first post; its author follows it from now on.

    about: the key of what it is about, «work.12», if anything.
    """
    one_at_a_time(author)
    if not Forum.objects.select_for_update().get(pk=forum.pk).is_open:
        raise ValidationError(_("This forum is closed."))
    drop_draft(author, forum, token, sequence)
    sent = sent_before(author, token)
    if sent:
        return sent.thread
    thread = Thread.objects.create(
        forum=forum,
        author=author,
        kind=kind,
        title=title,
        slug=slug_of(title),
        language=language,
        about=about,
    )
    thread.themes.set(themes)
    post = add_post(
        thread, author=author, markdown=markdown, language=language, token=token
    )
    if attachments or removed:
        set_files(post, attachments, removed)
    follow_by_rule(author, thread, "started")
    ReadMark.objects.read_to(author, thread, 1)
    publish(ThreadStarted(thread=thread.pk))
    return thread


@transaction.atomic
def close_thread(thread: Thread, note: str = "") -> None:
    """Closed to answers; the note says why, to all who read it."""
    _set_closed(thread, timezone.now(), note)


@transaction.atomic
def reopen_thread(thread: Thread) -> None:
    _set_closed(thread, None)


@transaction.atomic
def move_thread(thread: Thread, forum: Forum) -> None:
    """Into another forum, and so under its audience from this moment."""
    thread = locked(thread)
    if thread.forum_id == forum.pk:
        return
    restrict(of("thread", thread.pk))
    keep_read(thread)
    Thread.objects.filter(pk=thread.pk).update(
        forum=forum,
        revision=next_revision(thread),
        moved_at=timezone.now(),
        pinned_at=None,
    )
    publish(ThreadMoved(thread=thread.pk))


def slug_of(title: str) -> str:
    return slugify(title)[:80].strip("-") or "thread"


def _set_closed(thread: Thread, moment, note: str = "") -> None:
    next_revision(locked(thread))
    Thread.objects.filter(pk=thread.pk).update(closed_at=moment, closing_note=note)
    publish(ThreadChanged(thread=thread.pk))
