"""What moderators, those who report and those who are reported are told.

All of it is news of the review: its page says to each what concerns them.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forums.events import PostHeldBack, ReviewDecided, ReviewOpened, ThreadMoved
from forums.models import Forum, Review
from network.audience import MEMBERS, PUBLIC, STAFF
from network.events import subscribe
from network.exchange.models import OrganisationMembership
from network.notifications.actions import mark_read, notify
from network.notifications.models import Notification
from network.notifications.targets import register_target
from network.notifications.verbs import register_verb
from network.people.models import User

Outcome = Review.Outcome
Role = OrganisationMembership.Role

WAITS, HELD_BACK = "review_waits", "held_back"

# (outcome, whom it is told): verb and sentence. The flaggers' name no title: what is
# hidden has none for them.
TO_AUTHOR = {
    Outcome.HIDDEN: (
        "post_hidden",
        _("A moderator has hidden your post in “%(title)s”"),
    ),
    Outcome.CHANGE: (
        "change_asked",
        _("A moderator asks you to change your post in “%(title)s”"),
    ),
    Outcome.STANDS: ("post_stands", _("Your post in “%(title)s” is shown again")),
    Outcome.SHOWN: ("post_shown", _("Your post in “%(title)s” is shown again")),
    Outcome.PUBLISHED: ("held_published", _("Your post in “%(title)s” is published")),
    Outcome.REFUSED: (
        "held_refused",
        _("Your post in “%(title)s” was not published. It is among your drafts"),
    ),
}
TO_FLAGGERS = {
    Outcome.HIDDEN: ("flag_hidden", _("A post that you reported is hidden. Thank you")),
    Outcome.CHANGE: (
        "flag_change",
        _("The author of a post that you reported is asked to change it. Thank you"),
    ),
    Outcome.STANDS: (
        "flag_stands",
        _("A moderator has looked at a post that you reported: it stands"),
    ),
}
TO_FLAGGERS[Outcome.SHOWN] = TO_FLAGGERS[Outcome.STANDS]

RELATED = ("post__thread__forum", "held__thread__forum", "held__forum")

register_target(
    "review",
    "forums.Review",
    related=RELATED,
    title=lambda review: review.title,
    excerpt=lambda review, reader: review.note,
)
register_verb(WAITS, _("A post in “%(title)s” waits for a moderator"), icon="warn")
register_verb(
    HELD_BACK,
    _("Several people reported your post in “%(title)s”. A moderator looks at it"),
    icon="lock",
    direct=True,
)
for told in (TO_AUTHOR, TO_FLAGGERS):
    for name, sentence in told.values():
        register_verb(name, sentence, icon="check", direct=True)


@subscribe(ReviewOpened)
def tell_moderators(event):
    review = _found(event)
    if review and review.decided_at is None:
        notify(_moderators_of(review.room), WAITS, review)


@subscribe(ThreadMoved)
def tell_moderators_there(event):
    """What waits in a thread goes with it, to others' hands."""
    there = Q(post__thread=event.thread) | Q(held__thread=event.thread)
    for review in Review.objects.waiting().filter(there).select_related(*RELATED):
        notify(_moderators_of(review.room), WAITS, review)


@subscribe(PostHeldBack)
def tell_author(event):
    review = _found(event)
    if review and review.decided_at is None and review.subject.author_id:
        notify([review.subject.author_id], HELD_BACK, review)


@subscribe(ReviewDecided)
def tell_both_sides(event):
    """The author of a post that stands heard of it only if it had been held back."""
    review = _found(event)
    if review is None or review.subject is None:
        return
    flaggers = list(review.flags.values_list("by", flat=True))
    if review.outcome in TO_FLAGGERS:
        notify(flaggers, TO_FLAGGERS[review.outcome][0], review)
    if review.outcome != Outcome.STANDS or _was_held_back(review):
        author = review.subject.author_id
        notify([author] if author else [], TO_AUTHOR[review.outcome][0], review)


@subscribe(ReviewDecided)
def nothing_waits(event):
    """What one moderator has decided, no other need look at."""
    told = Notification.objects.unread().filter(verb=WAITS)
    told = told.about({"review": [event.review]})
    for moderator in User.objects.filter(pk__in=told.values("recipient")):
        mark_read(moderator, told)


def _found(event) -> Review | None:
    rows = Review.objects.select_related(*RELATED)
    return rows.filter(pk=event.review).first()


def _was_held_back(review: Review) -> bool:
    told = Notification.objects.filter(verb=HELD_BACK, target_kind="review")
    return told.filter(target_id=review.pk).exists()


def _moderators_of(forum: Forum):
    """Its own; where it has none, staff, if it is one that they see."""
    own = Q(moderated_forums=forum.pk)
    if forum.partnership_id:
        acts = OrganisationMembership.objects.current().filter(
            role__in=[Role.ADMINISTRATOR, Role.COORDINATOR],
            organisation__partnerships=forum.partnership_id,
        )
        own |= Q(pk__in=acts.values("person"))
    found = set(User.objects.filter(own).values_list("pk", flat=True))
    if not found and forum.audience in (PUBLIC, MEMBERS, STAFF):
        found = set(User.objects.filter(is_staff=True).values_list("pk", flat=True))
    return found
