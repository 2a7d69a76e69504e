from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from forums.actions.writing import locked, next_revision
from forums.events import (
    AnswerAccepted,
    ThreadChanged,
)
from forums.models import Post, Thread
from network.events import publish
from network.people.models import User


@transaction.atomic
def accept_answer(post: Post, by: User) -> None:
    """Mark the reply that answered the question; another one before it is unmarked."""
    thread = locked(post.thread)
    post = thread.posts.get(pk=post.pk)
    if not post.is_reply or post.hidden_at:
        raise ValidationError(_("Only an answer can be accepted."))
    if thread.accepted_post_id == post.pk:
        return
    mark_answer(thread, post.pk)
    publish(AnswerAccepted(post=post.pk, by=by.pk))


@transaction.atomic
def unaccept_answer(post: Post) -> None:
    """Another one accepted meanwhile stays so."""
    thread = locked(post.thread)
    if thread.accepted_post_id == post.pk:
        mark_answer(thread, None)


def mark_answer(thread: Thread, accepted: int | None) -> None:
    """In a locked thread; open pages show both the old one and the new one anew."""
    revision = next_revision(thread)
    touched = [pk for pk in (thread.accepted_post_id, accepted) if pk]
    Post.objects.filter(pk__in=touched).update(revision=revision)
    Thread.objects.filter(pk=thread.pk).update(accepted_post=accepted)
    publish(ThreadChanged(thread=thread.pk))
