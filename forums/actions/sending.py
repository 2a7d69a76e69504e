"""What members send from a form: within their limits; a newcomer's may have to wait."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from forums.actions.drafts import drop_draft, one_at_a_time
from forums.actions.posts import edit_post, post_reply
from forums.actions.reviews import opened
from forums.actions.texts import read_text
from forums.actions.threads import start_thread
from forums.actions.writing import said_before, sent_before
from forums.events import ReviewOpened
from forums.limits import check_limit, check_mentions
from forums.mentions import people_named
from forums.models import Attachment, Forum, Held, Post, Review, Thread
from forums.permissions import can_moderate, can_reply, can_start, is_newcomer
from network.events import publish
from network.markdown import render
from network.people.models import User


@transaction.atomic
def send_reply(thread: Thread, author: User, **fields) -> Post | Held:
    """An answer, or what becomes one when a moderator has read it."""
    before = _prepare(thread, author, fields, "posts")
    if before:
        return before
    if can_reply(author, thread) and is_newcomer(author, thread.forum):
        return _hold(author, fields, thread=thread)
    with _few_mentions(thread.forum, author, fields):
        return post_reply(thread, author, **fields)


@transaction.atomic
def send_thread(forum: Forum, author: User, **fields) -> Thread | Held:
    before = _prepare(forum, author, fields, "threads", "posts")
    if before:
        return before.thread if isinstance(before, Post) else before
    if can_start(author, forum) and is_newcomer(author, forum):
        return _hold(author, fields, forum=forum)
    with _few_mentions(forum, author, fields):
        return start_thread(forum, author, **fields)


@transaction.atomic
def send_edit(post: Post, author: User, **fields) -> Post:
    """What a newcomer changes in a post that waited stands, and is looked at again."""
    one_at_a_time(author)
    forum, was = post.thread.forum, post.edited_at
    if not can_moderate(author, forum):
        check_limit(author, "edits")
    with _few_mentions(forum, author, fields):
        post = edit_post(post, **fields)
    if post.edited_at != was and is_newcomer(author, forum, but=post):
        opened(post)
    return post


def _prepare(
    place: Thread | Forum, author: User, fields: dict, *kinds
) -> Post | Held | None:
    """What was sent before, by the same form or in the same words, if it was; else

    within the limits.
    """
    one_at_a_time(author)
    token = fields.get("token")
    before = sent_before(author, token) or _held_before(author, token)
    if not before and (before := said_before(place, author, fields)):
        drop_draft(author, place, token, fields.get("sequence"))
    forum = place.forum if isinstance(place, Thread) else place
    if not (before or can_moderate(author, forum)):
        check_limit(author, *kinds)
    return before


@contextmanager
def _few_mentions(forum: Forum, author: User, fields: dict) -> Iterator[None]:
    """What is made within is undone if it names too many, too soon."""
    begun = timezone.now()
    yield
    if "@" in fields["markdown"] and not can_moderate(author, forum):
        check_mentions(author, begun)


def _held_before(author: User, token: str | None) -> Held | None:
    return Held.objects.filter(author=author, token=token).first() if token else None


def _hold(author: User, fields: dict, **place: Thread | Forum) -> Held:
    (where,) = place.values()
    waits = _waits_already(where, author, fields)
    if waits:
        drop_draft(author, where, fields.get("token"), fields.get("sequence"))
        return waits
    thread = where if isinstance(where, Thread) else Thread(forum=where)
    _check_text(fields["markdown"], author, thread)
    sequence, files = fields.pop("sequence", None), fields.pop("attachments", None)
    token = fields.pop("token", None) or None
    removed = fields.pop("removed", ())
    files = {pk: alt for pk, alt in (files or {}).items() if pk not in set(removed)}
    own = Attachment.objects.unposted_of(author).select_for_update()
    rows = {row.pk: row for row in own.filter(pk__in=files, held=None)}
    pictures = {pk: row for pk, row in rows.items() if row.is_picture}
    kept = {name: value for name, value in fields.items() if value}
    if "themes" in kept:
        kept["themes"] = [theme.pk for theme in kept["themes"]]
    kept["attachments"] = {str(pk): alt for pk, alt in files.items() if pk in rows}
    people = people_named(fields["markdown"], author, thread.forum)
    held = Held.objects.create(
        author=author,
        fields=kept,
        html=render(fields["markdown"], pictures, people=people, lines=True),
        token=token,
        **place,
    )
    Attachment.objects.filter(pk__in=rows).update(held=held)
    drop_draft(author, where, token, sequence)
    review = Review.objects.create(held=held, opened_at=held.created_at)
    publish(ReviewOpened(review=review.pk))
    return held


def _waits_already(place: Thread | Forum, author: User, fields: dict) -> Held | None:
    """The same words with no other files, from another window."""
    if fields.get("attachments"):
        return None
    named = filter(fields.get, ("markdown", "title"))
    words = {f"fields__{name}": fields[name] for name in named}
    return Held.objects.waiting().of(place).filter(author=author, **words).first()


def _check_text(markdown: str, author: User, thread: Thread) -> None:
    """What it may not say is told now, not when a moderator comes to it."""
    read_text(Post(author=author, thread=thread, number=0, markdown=markdown)).check()
