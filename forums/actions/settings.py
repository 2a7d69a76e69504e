"""What a thread is called and where it stands in its forum."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.answers import mark_answer
from forums.actions.threads import slug_of
from forums.actions.writing import locked, next_revision
from forums.events import ThreadChanged
from forums.models import Forum, Thread
from network.events import publish
from network.themes.models import Theme

MOST_PINNED = 5


@transaction.atomic
def change_thread(
    thread: Thread, *, title: str, kind: str, language: str, themes: Iterable[Theme]
) -> Thread:
    """Another title, kind, language or themes; old addresses lead to the new one."""
    thread = locked(thread)
    thread.title, thread.slug = title, slug_of(title)
    thread.kind, thread.language = kind, language
    if kind != Thread.Kind.QUESTION and thread.accepted_post_id:
        mark_answer(thread, None)
        thread.accepted_post = None
    thread.revision = next_revision(thread)
    thread.save(update_fields=["title", "slug", "kind", "language"])
    thread.themes.set(themes)
    publish(ThreadChanged(thread=thread.pk))
    return thread


@transaction.atomic
def pin_thread(thread: Thread) -> None:
    """First in its forum, with at most a few others."""
    thread = locked(thread)  # before its forum, as where it is moved
    forum = Forum.objects.select_for_update(no_key=True).get(pk=thread.forum_id)
    pinned = forum.threads.exclude(pinned_at=None).exclude(pk=thread.pk)
    if pinned.count() >= MOST_PINNED:
        raise ValidationError(
            _("{n} threads are pinned already: unpin one first.").format(n=MOST_PINNED)
        )
    _set_pinned(thread, timezone.now())


@transaction.atomic
def unpin_thread(thread: Thread) -> None:
    _set_pinned(locked(thread), None)


def _set_pinned(thread: Thread, moment) -> None:
    next_revision(thread)
    Thread.objects.filter(pk=thread.pk).update(pinned_at=moment)
    publish(ThreadChanged(thread=thread.pk))
