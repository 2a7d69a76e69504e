"""Numbers, revisions and double sending: what every change to posts rests on.

Every change to a thread's posts is made with its row locked: numbers have no gaps,
and `revision` counts the changes, so that an open page can ask for all since.
"""

from django.db.models import F
from django.utils import timezone

from forums.actions.texts import keep_references, read_text
from forums.models import Post, Thread
from network.people.models import User
from network.prepared import Prepared


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
