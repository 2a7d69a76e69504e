"""What a moderator decides of something that waits for review."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from forums.actions.drafts import save_beside
from forums.actions.hiding import hide, show
from forums.actions.posts import post_reply
from forums.actions.reviews import in_hand, settle
from forums.actions.threads import start_thread
from forums.actions.writing import locked
from forums.models import Held, Post, Review
from network.people.models import User
from network.themes.models import Theme

Outcome = Review.Outcome
OF_POSTS = (Outcome.HIDDEN, Outcome.CHANGE, Outcome.STANDS)
OF_HELD = (Outcome.PUBLISHED, Outcome.REFUSED)


@transaction.atomic
def decide(review: Review, by: User, outcome: str, note: str = "") -> None:
    """Once, and by one: whoever comes second is told so. Both sides are told after."""
    if review.post_id:
        thread = locked(review.post.thread)
        review = in_hand(review, by)
        _check(outcome, OF_POSTS)
        _decide_post(review.post, thread, by, outcome, note)
    else:
        review = in_hand(review, by)
        _check(outcome, OF_HELD)
        if outcome == Outcome.PUBLISHED:
            review.post = _publish(review.held)
            review.held.delete()
            review.held = None
        else:
            _give_back(review.held)
    settle(review, by, outcome, note)


def _check(outcome: str, known: tuple) -> None:
    if outcome not in known:
        raise ValidationError(_("Choose what is to be done."))


def _decide_post(post: Post, thread, by: User, outcome: str, note: str) -> None:
    if outcome == Outcome.HIDDEN:
        hide(post, thread, by=by, reason=note)
    elif post.hidden_for_now:
        show(post, thread)


def _publish(held: Held) -> Post:
    """As if its author wrote it now: numbered, announced and unread from here on."""
    if not held.author.is_member:
        raise ValidationError(_("Its author is not a member any more."))
    fields = held.fields
    alts = {int(pk): alt for pk, alt in fields.get("attachments", {}).items()}
    sent = {
        "markdown": fields["markdown"],
        "language": fields.get("language"),
        "token": held.token,
        "sequence": 0,  # what they are writing there by now stays their draft
        "attachments": alts,
    }
    if held.thread_id:
        return post_reply(held.thread, held.author, **sent)
    thread = start_thread(
        held.forum,
        held.author,
        title=fields["title"],
        kind=fields["kind"],
        themes=Theme.objects.filter(pk__in=fields.get("themes", [])),
        about=fields.get("about", ""),
        **sent,
    )
    return thread.posts.get(number=1)


def _give_back(held: Held) -> None:
    """Its text is its author's draft again, its files with it."""
    held.attachments.update(held=None)
    kept = {name: held.fields.get(name) for name in ("markdown", "title", "kind")}
    kept |= {name: held.fields.get(name) for name in ("language", "themes")}
    alts = held.fields.get("attachments", {})
    kept |= {"attachments": [int(pk) for pk in alts], "alts": alts}
    fields = {name: value for name, value in kept.items() if value}
    save_beside(held.author, held.place, fields)
