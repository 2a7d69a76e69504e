"""What waits for review, as moderators and those concerned see it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from forums.audiences import HELD
from forums.excerpts import set_words
from forums.menu import RIGHT
from forums.models import Flag, Forum, Held, Post, Review, Thread
from forums.permissions import can_moderate
from forums.reading import Byline, byline_of
from forums.shown import held_texts
from network.audience import rights_of
from network.notifications.reading import name_of
from network.people.models import User

FOLDED = 600  # characters of a post in the list


@dataclass(frozen=True)
class Item:
    """A review with the names its reader may know.

    flags: (flag, by whom). holder, decider: names, empty where there is none.
    """

    review: Review
    author: Byline | None
    flags: list[tuple[Flag, str]]
    holder: str
    decider: str
    is_mine: bool
    is_own: bool

    @property
    def subject(self) -> Post | Held | None:
        return self.review.subject

    @property
    def title(self) -> str:
        return title_of(self.subject)

    @property
    def words(self) -> str:
        return self.subject.words if self.subject else ""

    @property
    def is_taken(self) -> bool:
        return bool(self.holder) and not self.is_mine


def title_of(subject: Post | Held | None) -> str:
    """Of the thread it stands in, or would begin; for those who may know it."""
    thread = getattr(subject, "thread", None)
    return thread.title if thread else getattr(subject, "title", "")


def with_all(reviews: QuerySet) -> QuerySet:
    """With what `items_of` needs, in two queries however many they are."""
    flags = Flag.objects.select_related("by__profile").order_by("pk")
    return reviews.select_related(
        "post__author__profile",
        "post__thread__forum",
        "held__author__profile",
        "held__thread__forum",
        "held__forum",
        "claimed_by__profile",
        "decided_by__profile",
    ).prefetch_related(Prefetch("flags", queryset=flags))


def items_of(reviews, reader) -> list[Item]:
    set_words((one.subject for one in reviews if one.subject), reader)
    return [_item(review, reader) for review in reviews]


def _item(review: Review, reader) -> Item:
    subject, in_hand = review.subject, review.claimed_until
    return Item(
        review=review,
        author=byline_of(subject, reader) if subject else None,
        flags=[(flag, name_of(flag.by, reader)) for flag in review.flags.all()],
        holder=name_of(review.claimed_by, reader) if in_hand else "",
        decider=name_of(review.decided_by, reader) if review.decided_by else "",
        is_mine=bool(in_hand) and review.claimed_by_id == reader.pk,
        is_own=bool(subject) and subject.author_id == reader.pk,
    )


def who_looks(forum: Forum, reader) -> str:
    """Who will look at what is reported here, as far as the reader may know."""
    people = User.objects.filter(moderated_forums=forum.pk).exclude(pk=reader.pk)
    found = list(people.select_related("profile").order_by("pk")[:3])
    if not found:
        return _("A moderator")
    if len(found) > 2:
        return _("One of the moderators")
    names = [name_of(one, reader) for one in found]
    both = _("{one} or {other}")
    return both.format(one=names[0], other=names[1]) if names[1:] else names[0]


def waiting_in(place: Thread | Forum, forum: Forum, reader) -> list[tuple]:
    """(post that waits, its author, its text) there: one's own, or all of moderators.

    A query only in forums where posts wait, or for whom some still do elsewhere.
    """
    if not getattr(reader, "is_member", False):
        return []
    waits = any(one.startswith((HELD, RIGHT)) for one in rights_of(reader))
    if not (forum.hold_newcomers or waits):
        return []
    rows = Held.objects.waiting().of(place)
    if not can_moderate(reader, forum):
        rows = rows.filter(author=reader.pk)
    rows = list(rows.select_related("author__profile", "review"))
    texts = held_texts(rows, reader)
    return [(row, byline_of(row, reader), texts[row.pk]) for row in rows]
