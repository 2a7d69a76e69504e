"""Reporting posts."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.drafts import one_at_a_time
from forums.actions.hiding import hide
from forums.actions.reviews import opened
from forums.actions.writing import locked
from forums.events import PostHeldBack
from forums.limits import check_limit
from forums.models import Flag, Post, Review
from forums.permissions import can_moderate
from network.events import publish
from network.people.models import User

# So many reports by members who have been here for a while hide a post until a
# moderator has looked at it. One angry reader cannot, nor new accounts of one person,
# nor those who were shut out since.
ENOUGH = 3
SETTLED = timedelta(days=7)


@transaction.atomic
def flag_post(post: Post, by: User, reason: str, words: str = "") -> Flag:
    """Report a post to its forum's moderators: once each, and not one's own."""
    one_at_a_time(by)
    thread = locked(post.thread)
    post = Post.objects.select_related("author").get(pk=post.pk)
    if post.author_id == by.pk:
        raise ValidationError(_("This is your own post: you can edit it."))
    if Flag.objects.filter(post=post, by=by).exists():
        raise ValidationError(_("You have reported this post already."))
    if post.hidden_at and not post.hidden_for_now:
        raise ValidationError(_("This post is hidden already."))
    if not can_moderate(by, thread.forum):
        check_limit(by, "flags")
    review = opened(post)
    flag = Flag.objects.create(
        review=review, post=post, by=by, reason=reason, words=words
    )
    if not post.hidden_at and _is_enough(review, post):
        hide(post, thread, for_now=True)
        publish(PostHeldBack(review=review.pk))
    return flag


def _is_enough(review: Review, post: Post) -> bool:
    """Not where a moderator has found since it was last changed that it may stand."""
    written = post.edited_at or post.created_at
    looked_at = Review.objects.decided().filter(post=post, decided_at__gte=written)
    settled = timezone.now() - SETTLED
    heavy = review.flags.filter(by__date_joined__lte=settled, by__is_active=True)
    return heavy.count() >= ENOUGH and not looked_at.exists()
