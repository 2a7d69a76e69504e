from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.versions import keep_version
from forums.actions.writing import add_post, locked, next_revision, sent_before
from forums.events import (
    PostChanged,
    ReplyPosted,
    ThreadChanged,
)
from forums.models import Post, ReadMark, Thread
from network.audience import of, restrict
from network.events import publish
from network.markdown import render
from network.notifications.models import Subscription
from network.people.models import User


@transaction.atomic
def post_reply(
    thread: Thread,
    author: User,
    markdown: str,
    *,
    language: str | None = None,
    token: str | None = None,
) -> Post:
    """Add a reply in Markdown; its author follows the thread from now on."""
    thread = locked(thread)
    if not (thread.is_open and thread.forum.is_open):
        raise ValidationError(_("This thread is closed."))
    sent = sent_before(author, token)
    if sent:
        return sent
    post = add_post(
        thread,
        author=author,
        markdown=markdown,
        language=language or thread.language,
        token=token,
    )
    Subscription.objects.follow(author, thread)
    ReadMark.objects.wrote(author, post)
    publish(ReplyPosted(post=post.pk))
    return post


@transaction.atomic
def edit_post(
    post: Post, markdown: str, language: str | None = None, version: int | None = None
) -> Post:
    """What it said stays in its history; `version` is the one that was changed.

    Raises EditedMeanwhile if another has been saved since.
    """
    thread = locked(post.thread)
    now = Post.objects.get(pk=post.pk)
    post.markdown, post.html = markdown, render(markdown)
    post.language, post.edits = language or now.language, now.edits
    if not keep_version(now, post, version):
        return post
    post.edited_at, post.revision = timezone.now(), next_revision(thread)
    post.save(
        update_fields=["markdown", "html", "language", "edited_at", "edits", "revision"]
    )
    publish(PostChanged(post=post.pk))
    return post


@transaction.atomic
def hide_post(post: Post) -> None:
    """Keep a post from all but its author and the moderators."""
    thread = locked(post.thread)
    if thread.accepted_post_id == post.pk:
        Thread.objects.filter(pk=thread.pk).update(accepted_post=None)
        publish(ThreadChanged(thread=thread.pk))
    restrict(of("thread", thread.pk))
    _set_hidden(post, thread, timezone.now())


@transaction.atomic
def restore_post(post: Post) -> None:
    _set_hidden(post, locked(post.thread), None)


def _set_hidden(post: Post, thread: Thread, moment) -> None:
    post.hidden_at, post.revision = moment, next_revision(thread)
    post.save(update_fields=["hidden_at", "revision"])
    publish(PostChanged(post=post.pk))
