from django.db import transaction

from forums.events import ReactionChanged
from forums.models import Post, Reaction
from network.events import publish
from network.people.models import User


@transaction.atomic
def react(post: Post, user: User, kind: str) -> Post:
    """Given twice, from two windows or by a double click, it is there once."""
    return _set(post, user, kind, True)


@transaction.atomic
def unreact(post: Post, user: User, kind: str) -> Post:
    return _set(post, user, kind, False)


def _set(post: Post, user: User, kind: str, given: bool) -> Post:
    """Counted anew with the post's row locked, so that what is kept is what there is.

    The thread's revision stays: no open page fetches a post for a count.
    """
    locked = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    mine = Reaction.objects.filter(post=post, user=user, kind=kind)
    if given == mine.exists():
        post.reactions = locked.reactions
        return post
    if given:
        Reaction.objects.create(post=post, user=user, kind=kind)
    else:
        mine.delete()
    recount(post)
    publish(ReactionChanged(post=post.pk, user=user.pk, reaction=kind))
    return post


def recount(post: Post) -> None:
    post.reactions = Reaction.objects.counts(post)
    Post.objects.filter(pk=post.pk).update(reactions=post.reactions)
