"""What of a page's posts is the reader's own: reactions and bookmarks.

They come as two more columns of what is read of the thread's reader anyway.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import CharField, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from forums.models import Bookmark, Post, Reaction, Thread
from network.aggregates import Joined
from network.prepared import Prepared

BOOKMARK = "bookmark"
NOTHING = frozenset()


@dataclass(frozen=True)
class Own:
    """{number of a post: kinds given, BOOKMARK} of the posts first to last.

    0 is the thread itself.
    """

    first: int
    last: int
    marks: dict[int, set[str]]

    def covers(self, posts: list[Post]) -> bool:
        return all(self.first <= post.number <= self.last for post in posts)

    def of(self, number: int) -> set[str] | frozenset[str]:
        return self.marks.get(number, NOTHING)


def own_columns(user_id, thread_id, first, last) -> tuple[Subquery, Subquery]:
    """`3.thanks` a line, for a query about one thread."""
    near = Q(post__number__range=(first, last))
    given = Reaction.objects.filter(near, user=user_id, post__thread=thread_id)
    kept = Bookmark.objects.filter(
        near | Q(post=None), user=user_id, thread=thread_id, removed_at=None
    )
    return _lines(given, F("kind")), _lines(kept, Value(BOOKMARK))


def _lines(rows: QuerySet, mark) -> Subquery:
    number = Cast(Coalesce("post__number", Value(0)), CharField())
    line = Concat(number, Value("."), mark, output_field=CharField())
    joined = rows.order_by().values("user").annotate(lines=Joined(line))
    return Subquery(joined.values("lines"))


def read_own(first: int, last: int, *columns: str | None) -> Own:
    marks = defaultdict(set)
    for line in "\n".join(filter(None, columns)).splitlines():
        number, _dot, mark = line.partition(".")
        marks[int(number)].add(mark)
    return Own(first, last, marks)


@Prepared
def _own(user_id, thread_id, first, last):
    thread = Thread.objects.filter(pk=thread_id)
    return thread.values_list(*own_columns(user_id, thread_id, first, last))


def own_of(thread: Thread, posts: list[Post], reader) -> Own:
    """As the thread's page has read it already, or read now."""
    known = getattr(thread, "own", None)
    if known and known.covers(posts):
        return known
    if not posts or not getattr(reader, "is_authenticated", False):
        return Own(0, 0, {})
    numbers = [post.number for post in posts]
    span = min(numbers), max(numbers)
    return read_own(*span, *_own(reader.pk, thread.pk, *span)[0])
