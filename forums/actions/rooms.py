"""Rooms that staff run, and rooms that come of facts: partnerships, rounds, countries.

One asked for twice is made once: the database holds that.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.forums import set_forum_audience
from forums.events import ForumAudienceChanged, ForumChanged, ForumMade
from forums.models import Forum, Review
from forums.models.reviews import standing_in
from network.audience import MEMBERS, allows
from network.events import publish
from network.exchange.models import Partnership, Round
from network.languages import country_name
from network.people.models import User
from network.people.slugs import free_slug
from network.text import slugify

# First words of the forums' own addresses, which would stand in a room's way.
RESERVED = {
    "asks", "attachment", "bookmarks", "decisions", "discuss", "drafts", "feeds",
    "read", "review", "rooms", "similar", "thread", "threads",
}  # fmt: skip


def room_slug(wished: str, but: Forum | None = None) -> str:
    """Numbered where it is taken: by what, is not told."""
    base = slugify(wished)[:50].strip("-") or "room"
    return free_slug(Forum, base, RESERVED, but)


@transaction.atomic
def save_forum(
    forum: Forum,
    *,
    audience: str | None = None,
    themes: Iterable = (),
    moderators: Iterable[User] | None = None,
) -> Forum:
    """Make or change a room; a new audience goes down to the rooms below it."""
    is_new = forum.pk is None
    if is_new:
        forum.audience = audience or ""
    else:
        forum.audience = Forum.objects.select_for_update().get(pk=forum.pk).audience
    forum.save()
    forum.themes.set(themes)
    if moderators is not None:
        set_moderators(forum, moderators)
    if audience is not None and audience != forum.audience:
        set_forum_audience(forum, audience)
    publish(ForumMade(forum=forum.pk) if is_new else ForumChanged(forum=forum.pk))
    return forum


@transaction.atomic
def set_moderators(forum: Forum, moderators: Iterable[User]) -> None:
    """Open pages ask again: whoever moderates sees the room.

    What those who do so no more had taken in hand is free for others.
    """
    before = set(forum.moderators.values_list("pk", flat=True))
    forum.moderators.set(moderators)
    gone = before - {one.pk for one in moderators}
    if gone:
        theirs = Review.objects.waiting().filter(standing_in([forum]))
        theirs.filter(claimed_by__in=gone).update(claimed_by=None, claimed_at=None)
        publish(ForumAudienceChanged(forum=forum.pk))


@transaction.atomic
def archive_forum(forum: Forum) -> None:
    _set_archived(forum, timezone.now())


@transaction.atomic
def unarchive_forum(forum: Forum) -> None:
    _set_archived(forum, None)


def _set_archived(forum: Forum, moment) -> None:
    Forum.objects.filter(pk=forum.pk).update(archived_at=moment)
    publish(ForumChanged(forum=forum.pk))


def room_of_partnership(partnership: Partnership) -> Forum:
    """The partners' own room: seen by them alone, moderated by their coordinators."""
    made_for = {"partnership": partnership, "round": None}
    return _made_once(
        made_for,
        name=partnership.name[:120],
        language=partnership.language,
        audience=partnership.own_audience,
        themes=list(partnership.themes.all()),
    )


def room_of_round(round_: Round) -> Forum:
    """Below the partnership's room, and like it seen by all in the partnership."""
    partnership = round_.partnership
    return _made_once(
        {"round": round_},
        partnership=partnership,
        parent=room_of_partnership(partnership),
        name=f"{partnership.name[:60]}: {round_}"[:120],
        language=round_.language,
        audience=partnership.own_audience,
        themes=list(partnership.themes.all()),
    )


def room_of_country(code: str, language: str, parent: Forum | None = None) -> Forum:
    """For members, about a country; whoever was there or is from there follows it."""
    if parent and not allows(parent.audience, MEMBERS):
        raise ValidationError(_("Wider than the audience of the forum above."))
    fields = {"name": country_name(code, language), "language": language}
    return _made_once({"country": code}, audience=MEMBERS, parent=parent, **fields)


def _made_once(made_for: dict, *, themes=(), name: str, **fields) -> Forum:
    room = Forum.objects.filter(**made_for).first()
    if room:
        return room
    try:
        with transaction.atomic():
            slug = room_slug(name)
            room = Forum.objects.create(name=name, slug=slug, **{**fields, **made_for})
            room.themes.set(themes)
            publish(ForumMade(forum=room.pk))
            return room
    except IntegrityError:  # somebody else pressed at the same moment
        return Forum.objects.get(**made_for)
