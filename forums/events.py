"""What the forums announce."""

from network.events import Event


class ForumChanged(Event):
    """Its name, description or themes: all that stands in it reads differently."""

    forum: int


class ForumMade(Event):
    """Those it is for follow it from now on."""

    forum: int


class ForumAudienceChanged(Event):
    forum: int


class ThreadStarted(Event):
    thread: int


class ThreadImported(Event):
    """Brought in from elsewhere, or brought up to date: search hears, people do not."""

    thread: int


class ThreadChanged(Event):
    """Closed, reopened, an answer accepted: its posts stay as they are."""

    thread: int


class ThreadMoved(Event):
    thread: int


class ThreadHidden(Event):
    """Hidden or shown again with its first post: who may hear of it has changed."""

    thread: int


class ReplyPosted(Event):
    post: int


class PostChanged(Event):
    """Edited, hidden or restored."""

    post: int


class PeopleAsked(Event):
    """Whoever began a question asked people for their experience."""

    thread: int


class ReactionChanged(Event):
    """Given or taken back."""

    post: int
    user: int
    reaction: str


class AnswerAccepted(Event):
    post: int
    by: int


class ReviewOpened(Event):
    """A post was reported, or waits: moderators are told."""

    review: int


class PostHeldBack(Event):
    """Enough people reported it: hidden until a moderator has looked."""

    review: int


class ReviewDecided(Event):
    review: int
