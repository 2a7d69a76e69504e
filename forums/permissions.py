"""Who may act. Each of these is asked of someone who may see the thread."""

from forums.models import Forum, Post, Thread, moderated_by
from network.audience import STAFF, audiences_of
from network.exchange.models import Partnership
from network.exchange.permissions import acting_for


def can_start(user, forum: Forum) -> bool:
    return bool(getattr(user, "is_member", False)) and forum.is_open


def can_reply(user, thread: Thread) -> bool:
    member = getattr(user, "is_member", False)
    is_open = thread.is_open and thread.forum.is_open
    return bool(member) and is_open and thread.hidden_at is None


def can_attach(user) -> bool:
    """Members send files; whether the post may be written is asked when it is."""
    return bool(getattr(user, "is_member", False))


def can_moderate(user, forum: Forum) -> bool:
    """The forum's moderators; staff wherever they may look."""
    return STAFF in audiences_of(user) or forum.pk in moderated_by(user)


def can_review(user) -> bool:
    """Whether there is anything they may be asked to look at."""
    return STAFF in audiences_of(user) or bool(moderated_by(user))


def can_flag(user, post: Post) -> bool:
    """Others' posts, while nobody has decided that they are hidden."""
    other = post.author_id is None or post.author_id != user.pk
    open_ = post.hidden_at is None or post.hidden_for_now
    return bool(getattr(user, "is_member", False)) and other and open_


def is_newcomer(user, forum: Forum, but: Post | None = None) -> bool:
    """Their next post waits: the forum asks so, and they have few that stand.

    In whichever forum those stand: whoever is known in one is known. `but` one that
    does not speak for itself. A query only in forums that ask.
    """
    if not forum.hold_newcomers or can_moderate(user, forum):
        return False
    stand = Post.objects.filter(author=user.pk, hidden_at=None).order_by()
    if but:
        stand = stand.exclude(pk=but.pk)
    return stand[: forum.hold_newcomers].count() < forum.hold_newcomers


def can_edit(user, post: Post) -> bool:
    """One's own words, while the thread is open and nobody has hidden them."""
    own = post.author_id is not None and post.author_id == user.pk
    return own and post.hidden_at is None and can_reply(user, post.thread)


def can_react(user, post: Post) -> bool:
    """To what others wrote and all may see, in a closed thread too."""
    own = post.author_id is not None and post.author_id == user.pk
    member = bool(getattr(user, "is_member", False))
    return member and not own and post.hidden_at is None


def can_bookmark(user) -> bool:
    return bool(getattr(user, "is_member", False))


def can_accept(user, thread: Thread) -> bool:
    """Whoever asked, and moderators."""
    if thread.kind != Thread.Kind.QUESTION or not getattr(user, "is_member", False):
        return False
    asked = thread.author_id is not None and thread.author_id == user.pk
    return asked or can_moderate(user, thread.forum)


def can_change(user, thread: Thread) -> bool:
    """Title, kind and themes: who began it, while it is open, and moderators."""
    own = thread.author_id is not None and thread.author_id == user.pk
    return (own and can_reply(user, thread)) or can_moderate(user, thread.forum)


def can_run_rooms(user) -> bool:
    """Make rooms, say who sees them, archive them."""
    return STAFF in audiences_of(user)


def can_open_room(user, partnership: Partnership) -> bool:
    """For a partnership or one of its rounds: who acts for a partner, and staff."""
    return bool(acting_for(user, partnership)) or can_run_rooms(user)
