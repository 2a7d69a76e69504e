from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.actions.attachments import set_files
from forums.actions.drafts import drop_draft, one_at_a_time
from forums.actions.texts import keep_references, read_text
from forums.actions.versions import keep_version
from forums.actions.writing import add_post, locked, next_revision, sent_before
from forums.events import (
    PostChanged,
    ReplyPosted,
)
from forums.models import Post, ReadMark, Thread
from network.events import publish
from network.notifications.actions import follow_by_rule
from network.people.models import User


@transaction.atomic
def post_reply(
    thread: Thread,
    author: User,
    markdown: str,
    *,
    language: str | None = None,
    token: str | None = None,
    sequence: int | None = None,
    attachments: Mapping[int, str] | None = None,
    removed: Collection[int] = (),
) -> Post:
    """Add a reply in Markdown; its author follows the thread from now on."""
    one_at_a_time(author)
    thread = locked(thread)
    if not (thread.is_open and thread.forum.is_open):
        raise ValidationError(_("This thread is closed."))
    if thread.hidden_at:
        raise ValidationError(_("This thread is hidden: nobody can answer in it."))
    drop_draft(author, thread, token, sequence)
    sent = sent_before(author, token)
    if sent:
        return sent
    post = add_post(
        thread,
        author=author,
        markdown=markdown,
        language=language or thread.language,
        token=token,
    )
    follow_by_rule(author, thread, "answered")
    if attachments or removed:
        set_files(post, attachments, removed)
    ReadMark.objects.wrote(author, post)
    publish(ReplyPosted(post=post.pk))
    return post


@transaction.atomic
def edit_post(
    post: Post,
    markdown: str,
    language: str | None = None,
    version: int | None = None,
    *,
    token: str | None = None,
    sequence: int | None = None,
    attachments: Mapping[int, str] | None = None,
    removed: Collection[int] = (),
) -> Post:
    """What it said stays in its history; `version` is the one that was changed.

    Raises EditedMeanwhile if another has been saved since.
    """
    if post.author:
        one_at_a_time(post.author)
    thread = locked(post.thread)
    now = Post.objects.get(pk=post.pk)
    post.markdown, post.edits = markdown, now.edits
    post.language = language or now.language
    is_new = keep_version(now, post, version)
    if post.author:
        drop_draft(post.author, post, token, sequence)
    if not (is_new or attachments or removed):
        return post
    text = read_text(post).check()
    post.html = text.html
    post.edited_at, post.revision = timezone.now(), next_revision(thread)
    post.save(
        update_fields=["markdown", "html", "language", "edited_at", "edits", "revision"]
    )
    keep_references(post, text)
    set_files(post, attachments, removed)
    publish(PostChanged(post=post.pk))
    return post
