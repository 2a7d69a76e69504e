"""Forums, threads and posts as their reader sees them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import get_language

from forums.bylines import Byline, byline_of
from forums.models import (
    POSTS_A_PAGE,
    Attachment,
    Draft,
    Forum,
    Post,
    ReadMark,
    Thread,
    unheard_by,
)
from forums.own import BOOKMARK, Own, own_columns, own_of, read_own
from forums.permissions import (
    can_accept,
    can_bookmark,
    can_edit,
    can_flag,
    can_moderate,
    can_react,
)
from forums.reactions import choices
from forums.shown import texts_of
from forums.unread import with_cut, with_unread
from network.aggregates import Joined
from network.audience import PreparedFor
from network.notifications.models import Level, Notification, Subscription
from network.people.audiences import muted_by
from network.prepared import Prepared
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary


@dataclass(frozen=True)
class Entry:
    """One post with what its reader may know of its author and do with it."""

    post: Post
    author: Byline
    is_accepted: bool
    can_edit: bool
    can_hide: bool
    can_accept: bool
    can_flag: bool = False
    is_muted: bool = False
    files: tuple[Attachment, ...] = ()
    html: str = ""
    can_react: bool = False
    can_bookmark: bool = False
    kinds: Iterable[tuple[str, str, str]] = ()  # of reactions, in the reader's words
    own: frozenset[str] | set[str] = frozenset()

    @property
    def is_bookmarked(self) -> bool:
        return BOOKMARK in self.own

    @property
    def reactions(self) -> list[tuple]:
        """(kind, label, icon, how many, whether the reader is among them)."""
        counts = self.post.reactions
        return [
            (kind, label, icon, counts.get(kind, 0), kind in self.own)
            for kind, label, icon in self.kinds
        ]


def entries_of(thread: Thread, posts, reader) -> list[Entry]:
    moderates = can_moderate(reader, thread.forum)
    accepts, bookmarks = can_accept(reader, thread), can_bookmark(reader)
    kinds = choices(get_language())
    posts, muted = list(posts), muted_by(reader)
    files = files_below(posts)
    own = own_of(thread, posts, reader)
    texts = texts_of(posts, reader)
    bylines: dict[int | str, Byline] = {}
    entries = []
    for post in posts:
        post.thread = thread
        who = post.author_id or post.author_name
        if who not in bylines:
            bylines[who] = byline_of(post, reader)
        entries.append(
            Entry(
                post=post,
                author=bylines[who],
                is_accepted=post.pk == thread.accepted_post_id,
                can_edit=can_edit(reader, post),
                can_hide=moderates,
                can_accept=accepts and post.is_reply and post.hidden_at is None,
                can_flag=can_flag(reader, post),
                is_muted=post.author_id in muted,
                files=tuple(files.get(post.pk, ())),
                can_react=can_react(reader, post),
                can_bookmark=bookmarks,
                kinds=kinds,
                own=own.of(post.number),
                html=texts[post.pk],
            )
        )
    return entries


def posts_on_page(thread: Thread, page: int, reader) -> list[Post]:
    """As they are shown: without the text that was written, `markdown`."""
    first = (page - 1) * POSTS_A_PAGE
    return _posts_between(reader, thread.pk, first, first + POSTS_A_PAGE)


@PreparedFor
def _posts_between(reader, thread_id, after, until):
    """The numbers of posts above `after`, up to `until`."""
    posts = Post.objects.of(thread_id, reader).defer("markdown")
    return posts.filter(_within(after, until))


def _within(after, until) -> Q:
    return Q(number__gt=Value(after), number__lte=Value(until))


def changed_since(thread: Thread, revision: int, after: int, until: int, reader):
    """(numbers of posts above `after`, up to `until`, that changed; those they see)."""
    where = thread.pk, revision, after, until
    numbers = [number for (number,) in _changed_numbers(*where)]
    return numbers, _changed(reader, *where) if numbers else []


@Prepared
def _changed_numbers(thread_id, revision, after, until):
    posts = Post.objects.filter(_within(after, until), thread=thread_id)
    posts = posts.filter(revision__gt=Value(revision))
    return posts.values_list("number").order_by("number")


@PreparedFor
def _changed(reader, thread_id, revision, after, until):
    posts = Post.objects.of(thread_id, reader).defer("markdown")
    return posts.filter(_within(after, until), revision__gt=Value(revision))


def with_theme_ids(threads):
    """With `theme_ids`, a line each."""
    marked = Thread.themes.through.objects.filter(thread=OuterRef("pk"))
    joined = marked.values("thread").annotate(ids=Joined(F("theme"))).values("ids")
    return threads.annotate(theme_ids=Subquery(joined))


def themes_of(thread: Thread) -> list[Theme]:
    """Of one `with_theme_ids`, in the order of the vocabulary."""
    ids = {int(pk) for pk in (thread.theme_ids or "").splitlines()}
    return [theme for pk, theme in vocabulary().themes.items() if pk in ids]


def files_below(posts: list[Post]) -> dict[int, list[Attachment]]:
    """{id of a post: what stands below its text}, pictures first."""
    files = defaultdict(list)
    for row in _files_of([post.pk for post in posts if post.files_below]):
        files[row.post_id].append(row)
    return files


@Prepared
def _files_of(posts):
    files = Attachment.objects.filter(post__in=posts, in_text=False)
    return files.order_by("-kind", "pk")


class Standing(NamedTuple):
    """What a reader has to do with a thread.

    read_to: the last post they came to. cut: until when its forum is marked as read.
    level: how much they follow it. has_news: told of what is shown, not yet read.
    has_draft: they began an answer.
    """

    read_to: int | None = None
    cut: datetime | None = None
    level: str = Level.NORMAL
    has_news: bool = False
    has_draft: bool = False


def standing_in(thread: Thread, reader, first: int, last: int) -> Standing:
    """Sets `thread.own` too: what of the posts first to last is the reader's own."""
    thread.own = Own(first, last, {})
    if not getattr(reader, "is_authenticated", False):
        return Standing()
    found = _standing(reader.pk, thread.pk, first, last)[0]
    read_to, cut, level, has_news, has_draft, *own = found
    thread.own = read_own(first, last, *own)
    level = level or Level.NORMAL
    return Standing(read_to, _moment(cut), level, bool(has_news), bool(has_draft))


def _moment(value: datetime | str | None) -> datetime | None:
    """As the database gives it: SQLite has no times, only text."""
    return (
        datetime.fromisoformat(value).replace(tzinfo=UTC)
        if isinstance(value, str)
        else value
    )


@Prepared
def _standing(user_id, thread_id, first, last):
    mark = ReadMark.objects.filter(user=user_id, thread=OuterRef("pk"))
    target = Concat(Value("thread."), Cast(OuterRef("pk"), CharField()))
    wish = Subscription.objects.filter(user=user_id, target=target)
    posts = Post.objects.filter(thread=thread_id, number__range=(first, last))
    shown = Q(target_id__in=posts.values("pk")) | Q(
        target_id=OuterRef("accepted_post_id")
    )
    about = Q(target_kind="thread", target_id=OuterRef("pk"))
    about |= Q(shown, target_kind="post")
    news = Notification.objects.unread().filter(about, recipient=user_id)
    thread = with_cut(Thread.objects.filter(pk=thread_id), user_id)
    return thread.values_list(
        Subquery(mark.values("number")),
        "cut",
        Subquery(wish.values("level")),
        Exists(news),
        Exists(Draft.objects.filter(author=user_id, thread=OuterRef("pk"))),
        *own_columns(user_id, thread_id, first, last),
    )


def answer_first(entries: list[Entry]) -> list[Entry]:
    """The accepted answer right after the post that asked."""
    return sorted(entries, key=lambda one: (one.post.is_reply, not one.is_accepted))


def with_replies(threads, reader):
    """Threads with `replies`, the number of those the reader may see.

    Numbers have no gaps, so only what is kept from them need be counted.
    """
    unseen = Post.objects.kept_from(reader).filter(thread=OuterRef("pk"), number__gt=1)
    counted = unseen.order_by().values("thread").annotate(n=Count("pk")).values("n")
    return threads.annotate(
        replies=F("last_number") - 1 - Coalesce(Subquery(counted), 0)
    )


def count_replies(threads: list[Thread], reader) -> None:
    """Set `replies` as above, without a query where nothing can be kept from them."""
    apart = unheard_by(reader)
    doubtful = [one.pk for one in threads if apart or one.hidden_posts]
    kept: dict[int, int] = {}
    if doubtful:
        unseen = Post.objects.kept_from(reader).filter(
            thread__in=doubtful, number__gt=1
        )
        counted = unseen.order_by().values_list("thread").annotate(n=Count("pk"))
        kept = dict(counted)
    for thread in threads:
        thread.replies = thread.last_number - 1 - kept.get(thread.pk, 0)


def with_threads(forums, reader):
    """Forums with `shown_threads`, those the reader may see, and `newest`, an id."""
    seen = Thread.objects.visible_to(reader)
    there = seen.filter(forum=OuterRef("pk"))
    counted = there.order_by().values("forum").annotate(n=Count("pk"))
    newest = there.order_by("-last_post_at", "-pk")
    return forums.annotate(
        shown_threads=Coalesce(Subquery(counted.values("n")), 0),
        newest=Subquery(newest.values("pk")[:1]),
    )


def latest_threads(forums: list[Forum]) -> dict[int, Thread]:
    """{id: thread} of the forums' newest threads."""
    ids = [forum.newest for forum in forums if forum.newest]
    return {thread.pk: thread for thread in _threads(ids)}


@Prepared
def _threads(ids):
    return Thread.objects.filter(pk__in=ids)


def listed(ids: list[int], reader) -> list[Thread]:
    """In this order, as a list shows them: answers, what is unread, who began."""
    found = {thread.pk: thread for thread in _listed(reader, ids)}
    threads = [found[pk] for pk in ids if pk in found]
    count_replies(threads, reader)
    for thread in threads:
        thread.byline = byline_of(thread, reader)
    return threads


@PreparedFor
def _listed(reader, ids):
    threads = with_unread(Thread.objects.filter(pk__in=ids), reader)
    return threads.select_related("forum", "author__profile")


def tree(forums: list[Forum]) -> list[tuple[Forum, list[Forum]]]:
    """Forums with those below them; one whose parent is not shown stands alone."""
    shown = {forum.pk for forum in forums}
    below: dict[int, list[Forum]] = {}
    for forum in forums:
        if forum.parent_id in shown:
            below.setdefault(forum.parent_id, []).append(forum)
    return [
        (forum, below.get(forum.pk, []))
        for forum in forums
        if forum.parent_id not in shown
    ]


def elided(number: int, pages: int) -> list[int | None]:
    """Pages to link to: the ends and the nearest, None where some are left out."""
    near = {1, number - 1, number, number + 1, pages}
    shown: list[int | None] = []
    for page in sorted(page for page in near if 1 <= page <= pages):
        if shown and page > shown[-1] + 1:
            shown.append(None)
        shown.append(page)
    return shown
