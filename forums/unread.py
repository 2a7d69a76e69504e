"""What a reader has not read yet, counted as they would see it.

A thread they have opened is *unread* while it holds posts of others after the last
they came to. One they never opened is *new* for a while, if it began after they came:
whoever joins, or comes back after a year, does not owe anybody a thousand threads.
Who has marked a forum as read has come, in each thread that stood there, as far as it
went at that moment (`cut`); what moved in later is judged by itself.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from forums.models import ForumMark, Post, ReadMark, Thread, shown_to
from network.audience import PreparedFor
from network.news import Since
from network.people.audiences import muted_by
from network.people.models import User

NEW = timedelta(days=30)  # that a thread nobody opened counts as new
LASTING = timedelta(days=365)  # that what came after one's last post counts as unread
EVER = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())


def with_unread(threads, reader):
    """Threads with `read_to`, None where never opened, `cut`, `is_new` and `unread`."""
    if not getattr(reader, "is_authenticated", False):
        nothing = Value(None, output_field=ReadMark._meta.get_field("number"))
        never = Value(None, output_field=DateTimeField())
        unknown = {"read_to": nothing, "cut": never, "unread": Value(0)}
        return threads.annotate(**unknown, is_new=Value(False))
    later = _later(reader).order_by().values("thread").annotate(n=Count("pk"))
    threads = _with_mark(threads, reader)
    fresh = (
        Q(read_to=None, cut=None) & _since(NEW, "created_at") & _since_joining(reader)
    )
    counted = Coalesce(Subquery(later.values("n")), 0)
    return threads.annotate(
        unread=Case(When(_since(LASTING, "last_post_at"), then=counted), default=0),
        is_new=ExpressionWrapper(fresh & ~_own(reader), output_field=BooleanField()),
    )


def unread_only(threads, reader):
    """Opened or marked as read before, and somebody has written since."""
    marked = _with_mark(threads.filter(_since(LASTING, "last_post_at")), reader)
    opened = Q(last_number__gt=F("read_to"), cut=None)
    behind = opened | Q(last_post_at__gt=F("cut"))
    return marked.filter(behind, Exists(_later(reader)))


def new_only(threads, reader):
    """Never opened, by somebody else, and not from before the reader came."""
    opened = ReadMark.objects.filter(user=reader.pk).values("thread")
    lately = _since(NEW, "last_post_at", "created_at") & _since_joining(reader)
    fresh = threads.filter(lately).exclude(_own(reader)).exclude(pk__in=opened)
    return with_cut(fresh, reader.pk).filter(cut=None)


def news_of(forums: Iterable[int], reader) -> dict[int, int]:
    """{forum: threads that are new or unread}, of those where there are any."""
    if not getattr(reader, "is_authenticated", False):
        return {}
    found: dict[int, int] = {}
    for forum, n in _news(reader, list(forums)):
        found[forum] = found.get(forum, 0) + n
    return found


@PreparedFor
def _news(reader, forums):
    """(forum, threads) of those that are new, and of those that are unread."""
    seen = Thread.objects.visible_to(reader).filter(forum__in=forums)
    parts = [only(seen, reader).order_by() for only in (new_only, unread_only)]
    counted = [part.values("forum").annotate(n=Count("pk")) for part in parts]
    both = [part.values_list("forum", "n") for part in counted]
    return both[0].union(both[1], all=True)


def came(threads, reader, since: Since) -> tuple[int, int]:
    """Threads that began since, and older ones with posts since: of others, as seen."""
    heard = Post.objects.filter(
        shown_to(reader),
        since.unknown("number", key="thread"),
        thread=OuterRef("pk"),
        created_at__gt=since.at,
    )
    if getattr(reader, "is_authenticated", False):
        heard = heard.filter(~_own(reader))
    later = threads.filter(since.unknown("last_number"), last_post_at__gt=since.at)
    later = later.filter(Exists(heard)).order_by()
    began = Count("pk", filter=Q(created_at__gt=since.at) & ~Q(pk__in=since.known))
    counted = later.aggregate(began=began, all=Count("pk"))
    return counted["began"], counted["all"] - counted["began"]


def first_unread(thread: Thread, reader) -> Post | None:
    """The first post of others after the last the reader came to; None: none."""
    own = _with_mark(Thread.objects.filter(pk=thread.pk), reader)
    read_to, cut = own.values_list("read_to", "cut").get()
    later = thread.posts.filter(shown_to(reader), number__gt=read_to or 0)
    if cut:
        later = later.filter(created_at__gt=cut)
    return later.filter(~_own(reader)).order_by("number").first()


def keep_read(thread: Thread) -> None:
    """Before it moves: how far those came who marked its forum as read stays so."""
    posts = sorted(thread.posts.values_list("created_at", "number"))
    moments = [at for at, _number in posts]
    since = max(thread.created_at, thread.moved_at or thread.created_at)
    marked = ForumMark.objects.filter(forum=thread.forum_id, at__gte=since)
    known = dict(thread.read_marks.values_list("user", "number"))
    reached = {
        user: max((n for _at, n in posts[: bisect_right(moments, at)]), default=0)
        for user, at in marked.values_list("user", "at")
    }
    ReadMark.objects.bulk_create(
        (
            ReadMark(user_id=user, thread=thread, number=number)
            for user, number in reached.items()
            if number > known.get(user, 0)
        ),
        update_conflicts=True,
        unique_fields=["user", "thread"],
        update_fields=["number", "at"],
    )


def _since(ago: timedelta, *fields: str) -> Q:
    """By days, so that a query can be kept for as long as the day lasts."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(**{f"{field}__gte": today - ago for field in fields})


def _since_joining(reader) -> Q:
    joined = User.objects.filter(pk=reader.pk).values("date_joined")
    return Q(created_at__gte=Subquery(joined))


def _own(reader) -> Q:
    """One's own, and of whom one would rather not hear: no news.

    Imported threads have no author: they are nobody's own.
    """
    return Q(author__isnull=False, author__in=[reader.pk, *muted_by(reader)])


def _with_mark(threads, reader):
    """With `read_to`, in a join: there is at most one mark of a reader in a thread."""
    mine = FilteredRelation("read_marks", condition=Q(read_marks__user=reader.pk))
    threads = with_cut(threads, reader.pk).annotate(mark=mine)
    start = Coalesce("mark__number", Case(When(cut__isnull=False, then=0)))
    return threads.annotate(read_to=F("mark__number"), start=start)


def with_cut(threads, user_id: int):
    """With `cut`: until when its forum is marked as read, if it stood there by then."""
    mine = FilteredRelation("forum__marks", condition=Q(forum__marks__user=user_id))
    stood = Q(moved_at=None) | Q(moved_at__lte=F("forum_mark__at"))
    begun = Q(created_at__lte=F("forum_mark__at"))
    cut = Case(When(begun & stood, then=F("forum_mark__at")))
    return threads.annotate(forum_mark=mine).annotate(cut=cut)


def _later(reader):
    """Posts of others that the reader is shown, after what they have read."""
    return Post.objects.filter(
        shown_to(reader),
        ~_own(reader),
        thread=OuterRef("pk"),
        number__gt=OuterRef("start"),
        created_at__gt=Coalesce(OuterRef("cut"), EVER),
    )
