"""What of the forums can be followed, heard live and notified about."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from forums.actions.bookmarks import REMINDED
from forums.excerpts import set_words
from forums.models import Forum, Post, Thread
from network import presence
from network.live import LISTS, live
from network.notifications.kinds import Pace, register_kind
from network.notifications.targets import key_of, register_target
from network.notifications.verbs import register_verb

EXCERPT = 600


def excerpt_of(post: Post, reader) -> str:
    set_words([post], reader)
    return Truncator(post.words).chars(EXCERPT)


def followed_with(thread: Thread) -> list[str]:
    """Who follows any of these is told that the thread began."""
    rows = [thread.forum, *thread.themes.all()]
    if hasattr(thread.author, "profile"):
        rows.append(thread.author.profile)
    return [key_of(row) for row in rows]


def muted_with(row: Post | Thread) -> list[str]:
    """Who has muted any of these hears nothing, even of what concerns themselves."""
    thread = getattr(row, "thread", row)
    return [key_of(thread), f"forum.{thread.forum_id}"]


register_target("forum", "forums.Forum")
register_target(
    "thread",
    "forums.Thread",
    related=("forum", "author__profile"),
    prefetch=("themes",),
    title=lambda thread: thread.title,
    mailing_list=lambda thread: thread.forum,
)
register_target(
    "post",
    "forums.Post",
    related=("thread", "thread__forum"),
    title=lambda post: post.thread.title,
    excerpt=excerpt_of,
    within=lambda post: post.thread,
    mailing_list=lambda post: post.thread.forum,
)

register_target(
    "bookmark",
    "forums.Bookmark",
    related=("thread__forum", "post"),
    title=lambda row: row.thread.title,
    excerpt=lambda row, reader: row.note,
    within=lambda row: row.thread,
    mailing_list=lambda row: row.thread.forum,
)

STARTED, REPLIED, ACCEPTED = "started", "replied", "accepted"
MENTIONED = "mentioned"
ASKED = "asked"

register_verb(
    STARTED, _("%(actor)s began “%(title)s”"), icon="thread", follows=followed_with
)
register_verb(
    REPLIED,
    _("%(actor)s answered in “%(title)s”"),
    icon="reply",
    follows=lambda post: [key_of(post.thread)],
)
register_verb(
    ACCEPTED,
    _("%(actor)s accepted your answer in “%(title)s”"),
    icon="check",
    follows=muted_with,
    direct=True,
)
register_verb(
    MENTIONED,
    _("%(actor)s mentions you in “%(title)s”"),
    icon="person",
    follows=muted_with,
    direct=True,
)

register_verb(
    ASKED,
    _("%(actor)s asks for your experience: “%(title)s”"),
    icon="question",
    follows=lambda thread: [key_of(thread)],
    direct=True,
)
register_kind(
    "asked",
    _("Somebody asks for my experience"),
    hint=_("Because my themes or my exchange fit; only if I agreed to it"),
    icon="question",
    rank=15,
    pace=Pace.NOW,
    verbs=(ASKED,),
    over=("threads",),
)
register_verb(
    REMINDED,
    _("You asked to be reminded of “%(title)s”"),
    icon="bookmark",
    direct=True,
)

register_kind(
    "reminders",
    _("What I asked to be reminded of"),
    hint=_("On the day that I chose for a bookmark"),
    icon="bookmark",
    rank=35,
    pace=Pace.NOW,
    verbs=(REMINDED,),
)
register_kind(
    "mentions",
    _("Somebody mentions me"),
    hint=_("In a thread that you may read"),
    icon="person",
    rank=10,
    pace=Pace.NOW,
    verbs=(MENTIONED,),
    over=("answers", "threads"),
)
register_kind(
    "accepted",
    _("My answer helped"),
    hint=_("Whoever asked says so"),
    icon="check",
    rank=20,
    pace=Pace.NOW,
    verbs=(ACCEPTED,),
)
register_kind(
    "answers",
    _("Somebody answers"),
    hint=_("In threads that you began, answered in or follow"),
    icon="reply",
    rank=30,
    pace=Pace.NOW,
    verbs=(REPLIED,),
)
register_kind(
    "threads",
    _("A new thread"),
    hint=_("In forums and themes, and by people, that you follow"),
    icon="thread",
    rank=60,
    pace=Pace.WEEKLY,
    verbs=(STARTED,),
)


@live("thread")
def may_follow(user, thread_id: int) -> bool:
    """Asked when a page listens, and again whenever rights change."""
    return Thread.objects.visible_to(user).filter(pk=thread_id).exists()


@live("forum")
def may_follow_forum(user, forum_id: int) -> bool:
    return Forum.objects.visible_to(user).filter(pk=forum_id).exists()


# Threads of all forums: each nudge tells those who see the forum it comes from.
THREADS = "threads"
LISTS.add(THREADS)
presence.KINDS.add("thread")
