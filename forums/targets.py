"""What of the forums can be followed, heard live and notified about."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from forums.models import Post, Thread
from network.live import live
from network.notifications.targets import key_of, register_target
from network.notifications.verbs import register_verb

EXCERPT = 600


def excerpt_of(post: Post) -> str:
    return Truncator(post.plain_text).chars(EXCERPT)


def followed_with(thread: Thread) -> list[str]:
    """Who follows any of these is told that the thread began."""
    rows = [thread.forum, *thread.themes.all()]
    if hasattr(thread.author, "profile"):
        rows.append(thread.author.profile)
    return [key_of(row) for row in rows]


register_target("forum", "forums.Forum")
register_target(
    "thread", "forums.Thread", related=("forum",), title=lambda thread: thread.title
)
register_target(
    "post",
    "forums.Post",
    related=("thread", "thread__forum"),
    title=lambda post: post.thread.title,
    excerpt=excerpt_of,
)

STARTED, REPLIED, ACCEPTED = "started", "replied", "accepted"

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
    follows=lambda post: [key_of(post.thread)],
    direct=True,
)


@live("thread")
def may_follow(user, thread_id: int) -> bool:
    """Asked when a page listens, and again whenever rights change."""
    return Thread.objects.visible_to(user).filter(pk=thread_id).exists()
