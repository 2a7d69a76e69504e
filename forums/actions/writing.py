"""Numbers, revisions and double sending: what every change to posts rests on.

Every change to a thread's posts is made with its row locked: numbers have no gaps,
and `revision` counts the changes, so that an open page can ask for all since.
"""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from forums.actions.texts import keep_references, read_text
from forums.models import Forum, Post, Thread
from network.people.models import User
from network.prepared import Prepared

# What somebody sends again within this time, from another window, they send once.
AGAIN = timedelta(minutes=5)


def add_post(thread: Thread, *, markdown: str, language: str, **fields) -> Post:
    """The next post of a locked thread, rendered; announces nothing: imports use it."""
    at = fields.setdefault("created_at", timezone.now())
    fields["token"] = fields.get("token") or None  # empty ones are not the same one
    thread.last_post_at = max(at, thread.last_post_at) if thread.last_number else at
    thread.last_number += 1
    thread.revision += 1
    thread.save(update_fields=["last_number", "last_post_at", "revision"])
    post = Post(
        thread=thread,
        number=thread.last_number,
        revision=thread.revision,
        markdown=markdown,
        language=language,
        **fields,
    )
    text = read_text(post).check()
    post.html = text.html
    post.save()
    if text.people or text.quotes:
        keep_references(post, text)
    return post


def locked(thread: Thread) -> Thread:
    """The thread as it is now, nobody else's until the transaction ends.

    On SQLite every transaction is the only writer; elsewhere the row is locked.
    """
    # Moved while one waited for it, it is not found in its former forum: asked anew.
    found = _locked(thread.pk) or _locked(thread.pk)
    if not found:
        raise Thread.DoesNotExist
    return found[0]


@Prepared
def _locked(pk):
    rows = Thread.objects.select_for_update(of=("self",)).select_related("forum")
    return rows.filter(pk=pk).order_by()


def next_revision(thread: Thread) -> int:
    Thread.objects.filter(pk=thread.pk).update(revision=F("revision") + 1)
    return thread.revision + 1


def sent_before(author: User, token: str | None) -> Post | None:
    """A form sent twice: the second time gives what the first one made."""
    if not token:
        return None
    posts = Post.objects.select_related("thread")
    return posts.filter(author=author, token=token).first()


def said_before(place: Thread | Forum, author: User, fields: dict) -> Post | None:
    """The same words with no other files, just now; nobody has answered since."""
    if isinstance(place, Thread):
        there = Q(thread=place, number=F("thread__last_number"), number__gt=1)
    else:
        there = Q(thread__forum=place, thread__title=fields.get("title"), number=1)
    just_now = timezone.now() - AGAIN
    posts = Post.objects.filter(there, author=author, created_at__gt=just_now)
    posts = posts.filter(markdown=fields.get("markdown", "").strip())
    same = posts.select_related("thread")
    post, files = same.order_by("pk").last(), set(fields.get("attachments") or ())
    if post and files:
        files -= set(post.attachments.values_list("pk", flat=True))
    return None if files else post
