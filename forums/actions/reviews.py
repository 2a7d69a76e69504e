"""Reviews: taken by one moderator at a time, decided once, told to both sides."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.events import ReviewDecided, ReviewOpened
from forums.models import Held, Post, Review
from network.events import publish
from network.people.models import User


@transaction.atomic
def claim_review(review: Review, by: User) -> bool:
    """Take it in hand for a while; False if somebody else has it, or decided it.

    One update asks and takes: of two moderators who press at once, one gets it. Whoever
    wrote it keeps it from nobody.
    """
    if review.subject.author_id == by.pk:
        return False
    free = Review.objects.free_for(by).filter(pk=review.pk)
    return bool(free.update(claimed_by=by, claimed_at=timezone.now()))


@transaction.atomic
def release_review(review: Review, by: User) -> bool:
    mine = Review.objects.waiting().filter(pk=review.pk, claimed_by=by)
    return bool(mine.update(claimed_by=None, claimed_at=None))


def opened(post: Post) -> Review:
    """The post's waiting review, begun where there is none; its thread is locked."""
    review, is_new = Review.objects.get_or_create(post=post, decided_at=None)
    if is_new:
        publish(ReviewOpened(review=review.pk))
    return review


def record(post: Post, by: User, outcome: str, note: str = "") -> Review:
    """What a moderator did to a post settles its waiting review, or is one itself.

    Inside an action that has locked the thread.
    """
    review = Review.objects.waiting().filter(post=post).first()
    if review:
        not_ones_own(post, by)
    settle(review or Review(post=post), by, outcome, note)
    return review


def settle(review: Review, by: User, outcome: str, note: str = "") -> None:
    review.decided_by, review.decided_at = by, timezone.now()
    review.outcome, review.note = outcome, note
    review.claimed_by = review.claimed_at = None
    review.save()
    publish(ReviewDecided(review=review.pk))


def in_hand(review: Review, by: User) -> Review:
    """The review, nobody else's until the transaction ends; refuses what is not theirs.

    Deciding takes it in hand: nobody need claim first.
    """
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    review = rows.select_related("post", "held").get(pk=review.pk)
    if review.decided_at:
        raise ValidationError(_("Another moderator has decided this meanwhile."))
    if not Review.objects.free_for(by).filter(pk=review.pk).exists():
        raise ValidationError(_("Another moderator is looking at this."))
    not_ones_own(review.subject, by)
    return review


def not_ones_own(subject: Post | Held, by: User) -> None:
    if subject.author_id == by.pk:
        raise ValidationError(_("Somebody else must look at your own post."))
