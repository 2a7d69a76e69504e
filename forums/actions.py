"""What can be done in the forums. Whether somebody may is asked in permissions.py.

Every change to a thread's posts is made with its row locked: numbers have no gaps,
and `revision` counts the changes, so that an open page can ask for all since.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forums.events import (
    AnswerAccepted,
    ForumAudienceChanged,
    PostChanged,
    ReplyPosted,
    ThreadChanged,
    ThreadMoved,
    ThreadStarted,
)
from forums.models import Forum, Post, ReadMark, Thread
from network.audience import allows, of, restrict
from network.events import publish
from network.markdown import render
from network.notifications.models import Level, Subscription
from network.people.models import User
from network.themes.models import Theme


@transaction.atomic
def start_thread(
    forum: Forum,
    author: User,
    *,
    title: str,
    markdown: str,
    kind: str = Thread.Kind.DISCUSSION,
    language: str,
    themes: Iterable[Theme] = (),
    token: str | None = None,
) -> Thread:
    """Begin a thread with its first post; its author hears of every answer."""
    if not Forum.objects.select_for_update().get(pk=forum.pk).is_open:
        raise ValidationError(_("This forum is closed."))
    sent = _sent_before(author, token)
    if sent:
        return sent.thread
    thread = Thread.objects.create(
        forum=forum,
        author=author,
        kind=kind,
        title=title,
        slug=slug_of(title),
        language=language,
    )
    thread.themes.set(themes)
    add_post(thread, author=author, markdown=markdown, language=language, token=token)
    Subscription.objects.follow(author, thread, Level.WATCHING)
    ReadMark.objects.read_to(author, thread, 1)
    publish(ThreadStarted(thread=thread.pk))
    return thread


@transaction.atomic
def post_reply(
    thread: Thread,
    author: User,
    markdown: str,
    *,
    language: str | None = None,
    token: str | None = None,
) -> Post:
    """Add a reply in Markdown; its author follows the thread from now on."""
    thread = _locked(thread)
    if not (thread.is_open and thread.forum.is_open):
        raise ValidationError(_("This thread is closed."))
    sent = _sent_before(author, token)
    if sent:
        return sent
    post = add_post(
        thread,
        author=author,
        markdown=markdown,
        language=language or thread.language,
        token=token,
    )
    Subscription.objects.follow(author, thread)
    ReadMark.objects.wrote(author, post)
    publish(ReplyPosted(post=post.pk))
    return post


@transaction.atomic
def edit_post(post: Post, markdown: str, language: str | None = None) -> Post:
    revision = _next_revision(_locked(post.thread))
    post.markdown, post.html = markdown, render(markdown)
    post.language = language or post.language
    post.edited_at, post.revision = timezone.now(), revision
    post.save(update_fields=["markdown", "html", "language", "edited_at", "revision"])
    publish(PostChanged(post=post.pk))
    return post


@transaction.atomic
def hide_post(post: Post) -> None:
    """Keep a post from all but its author and the moderators."""
    thread = _locked(post.thread)
    if thread.accepted_post_id == post.pk:
        Thread.objects.filter(pk=thread.pk).update(accepted_post=None)
        publish(ThreadChanged(thread=thread.pk))
    restrict(of("thread", thread.pk))
    _set_hidden(post, thread, timezone.now())


@transaction.atomic
def restore_post(post: Post) -> None:
    _set_hidden(post, _locked(post.thread), None)


@transaction.atomic
def close_thread(thread: Thread) -> None:
    _set_closed(thread, timezone.now())


@transaction.atomic
def reopen_thread(thread: Thread) -> None:
    _set_closed(thread, None)


@transaction.atomic
def accept_answer(post: Post, by: User) -> None:
    """Mark the reply that answered the question; another one before it is unmarked."""
    if not post.is_reply or post.hidden_at:
        raise ValidationError(_("Only an answer can be accepted."))
    thread = _locked(post.thread)
    if thread.accepted_post_id == post.pk:
        return
    _mark(thread, post.pk)
    publish(AnswerAccepted(post=post.pk, by=by.pk))


@transaction.atomic
def unaccept_answer(thread: Thread) -> None:
    thread = _locked(thread)
    if thread.accepted_post_id:
        _mark(thread, None)


@transaction.atomic
def move_thread(thread: Thread, forum: Forum) -> None:
    """Into another forum, and so under its audience from this moment."""
    thread = _locked(thread)
    if thread.forum_id == forum.pk:
        return
    restrict(of("thread", thread.pk))
    Thread.objects.filter(pk=thread.pk).update(
        forum=forum, revision=_next_revision(thread)
    )
    publish(ThreadMoved(thread=thread.pk))


@transaction.atomic
def set_forum_audience(forum: Forum, audience: str) -> None:
    """Change who sees a forum; the forums below it become as narrow at least."""
    forum = Forum.objects.select_for_update().get(pk=forum.pk)
    if forum.parent and not allows(forum.parent.audience, audience):
        raise ValidationError(_("Wider than the audience of the forum above."))
    below = [one for one in forum.children.all() if not allows(audience, one.audience)]
    for one in [forum, *below]:
        if one.audience != audience:
            restrict(of("forum", one.pk))
            Forum.objects.filter(pk=one.pk).update(audience=audience)
            publish(ForumAudienceChanged(forum=one.pk))


def add_post(thread: Thread, *, markdown: str, language: str, **fields) -> Post:
    """The next post of a locked thread, rendered; announces nothing: imports use it."""
    at = fields.setdefault("created_at", timezone.now())
    thread.last_post_at = max(at, thread.last_post_at) if thread.last_number else at
    thread.last_number += 1
    thread.revision = _next_revision(thread)
    thread.save(update_fields=["last_number", "last_post_at"])
    return thread.posts.create(
        number=thread.last_number,
        revision=thread.revision,
        markdown=markdown,
        html=render(markdown),
        language=language,
        **fields,
    )


def slug_of(title: str) -> str:
    return slugify(title)[:80].strip("-") or "thread"


def _locked(thread: Thread) -> Thread:
    """The thread as it is now, nobody else's until the transaction ends.

    On SQLite every transaction is the only writer; elsewhere the row is locked.
    """
    rows = Thread.objects.select_for_update(of=("self",)).select_related("forum")
    return rows.get(pk=thread.pk)


def _next_revision(thread: Thread) -> int:
    Thread.objects.filter(pk=thread.pk).update(revision=F("revision") + 1)
    return thread.revision + 1


def _sent_before(author: User, token: str | None) -> Post | None:
    """A form sent twice: the second time gives what the first one made."""
    if not token:
        return None
    posts = Post.objects.select_related("thread")
    return posts.filter(author=author, token=token).first()


def _set_hidden(post: Post, thread: Thread, moment) -> None:
    post.hidden_at, post.revision = moment, _next_revision(thread)
    post.save(update_fields=["hidden_at", "revision"])
    publish(PostChanged(post=post.pk))


def _set_closed(thread: Thread, moment) -> None:
    _next_revision(_locked(thread))
    Thread.objects.filter(pk=thread.pk).update(closed_at=moment)
    publish(ThreadChanged(thread=thread.pk))


def _mark(thread: Thread, accepted: int | None) -> None:
    revision = _next_revision(thread)
    touched = [pk for pk in (thread.accepted_post_id, accepted) if pk]
    Post.objects.filter(pk__in=touched).update(revision=revision)
    Thread.objects.filter(pk=thread.pk).update(accepted_post=accepted)
    publish(ThreadChanged(thread=thread.pk))
