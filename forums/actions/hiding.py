"""Hiding posts and showing them again; the thread goes with its first post."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.reviews import not_ones_own, record
from forums.actions.writing import locked, next_revision
from forums.events import PostChanged, ThreadChanged, ThreadHidden
from forums.models import Post, Review, Thread
from network.audience import of, restrict
from network.events import publish
from network.people.models import User

Outcome = Review.Outcome


@transaction.atomic
def hide_post(post: Post, by: User | None = None, reason: str = "") -> None:
    """Keep a post from all but its author and the moderators.

    by: the moderator who decides so; its author and who reported it are told why,
    once: whoever comes second hears that it is done.
    """
    thread = locked(post.thread)
    hidden = _hidden(post)
    if by and hidden and not hidden.hidden_for_now:
        if hidden.hidden_by_id == by.pk:  # pressed twice
            return
        raise ValidationError(_("This post is hidden already."))
    hide(post, thread, by=by, reason=reason)
    if by:
        record(post, by, Outcome.HIDDEN, reason)


@transaction.atomic
def restore_post(post: Post, by: User | None = None) -> None:
    """One's own only where one has hidden it oneself."""
    thread = locked(post.thread)
    hidden = _hidden(post)
    if by and hidden and hidden.hidden_by_id != by.pk:
        not_ones_own(hidden, by)
    show(post, thread)
    if by and hidden:
        record(post, by, Outcome.SHOWN)


def hide(
    post: Post, thread: Thread, *, by=None, reason: str = "", for_now: bool = False
) -> None:
    """Inside an action that has locked the thread.

    for_now: until a moderator has looked at it; it may still be the accepted answer.
    """
    if thread.accepted_post_id == post.pk and not for_now:
        Thread.objects.filter(pk=thread.pk).update(accepted_post=None)
        publish(ThreadChanged(thread=thread.pk))
    restrict(of("thread", thread.pk))
    post.hidden_by, post.hidden_reason, post.hidden_for_now = by, reason, for_now
    _set_hidden(post, thread, timezone.now())


def show(post: Post, thread: Thread) -> None:
    post.hidden_by, post.hidden_reason, post.hidden_for_now = None, "", False
    _set_hidden(post, thread, None)


def _hidden(post: Post) -> Post | None:
    """The post as it is now, if it is hidden."""
    return Post.objects.filter(pk=post.pk).exclude(hidden_at=None).first()


def _set_hidden(post: Post, thread: Thread, moment) -> None:
    post.hidden_at, post.revision = moment, next_revision(thread)
    post.save(
        update_fields=[
            "hidden_at",
            "hidden_by",
            "hidden_reason",
            "hidden_for_now",
            "revision",
        ]
    )
    now = {"hidden_posts": thread.posts.exclude(hidden_at=None).count()}
    if not post.is_reply:
        now["hidden_at"] = moment
        publish(ThreadHidden(thread=thread.pk))
    Thread.objects.filter(pk=thread.pk).update(**now)
    publish(PostChanged(post=post.pk))
