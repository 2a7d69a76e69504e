"""What a reader has not read yet, counted as they would see it.

A thread they have opened is *unread* while it holds posts of others after the last
they came to. One they never opened is *new* for a while, if it began after they came:
whoever joins, or comes back after a year, does not owe anybody a thousand threads.
"""

from datetime import timedelta

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from forums.models import Post, ReadMark, Thread, shown_to

NEW = timedelta(days=30)  # that a thread nobody opened counts as new
LASTING = timedelta(days=365)  # that what came after one's last post counts as unread


def with_unread(threads, reader):
    """Threads with `read_to`, None where never opened, and `unread`, a number."""
    if not getattr(reader, "is_authenticated", False):
        nothing = Value(None, output_field=ReadMark._meta.get_field("number"))
        return threads.annotate(read_to=nothing, unread=Value(0))
    later = _later(reader).order_by().values("thread").annotate(n=Count("pk"))
    threads = _with_mark(threads, reader)
    return threads.annotate(unread=Coalesce(Subquery(later.values("n")), 0))


def unread_only(threads, reader):
    """Opened before, and somebody has written since."""
    since = timezone.now() - LASTING
    opened = _with_mark(threads.filter(last_post_at__gte=since), reader)
    behind = opened.filter(last_number__gt=F("read_to"))
    return behind.filter(Exists(_later(reader)))


def new_only(threads, reader):
    """Never opened, by somebody else, and not from before the reader came."""
    since = max(timezone.now() - NEW, reader.date_joined)
    opened = ReadMark.objects.filter(user=reader.pk).values("thread")
    fresh = threads.filter(created_at__gte=since).exclude(author=reader.pk)
    return fresh.exclude(pk__in=opened)


def first_unread(thread: Thread, reader) -> Post | None:
    """The first post of others after the last the reader came to; None: none."""
    mark = ReadMark.objects.filter(user=reader.pk, thread=thread).first()
    later = thread.posts.filter(shown_to(reader), number__gt=mark.number if mark else 0)
    return later.filter(~Q(author=reader.pk)).order_by("number").first()


def _with_mark(threads, reader):
    """With `read_to`, in a join: there is at most one mark of a reader in a thread."""
    mine = FilteredRelation("read_marks", condition=Q(read_marks__user=reader.pk))
    return threads.annotate(mark=mine).annotate(read_to=F("mark__number"))


def _later(reader):
    """Posts of others that the reader is shown, after `read_to` of the outer thread."""
    return Post.objects.filter(
        shown_to(reader),
        ~Q(author=reader.pk),
        thread=OuterRef("pk"),
        number__gt=OuterRef("read_to"),
    )
