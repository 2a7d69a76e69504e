from forums.models.asks import Answerer, Ask
from forums.models.attachments import Attachment
from forums.models.bookmarks import Bookmark
from forums.models.drafts import Draft
from forums.models.feeds import FeedAddress
from forums.models.forum_marks import ForumMark
from forums.models.forums import Forum, moderated_by
from forums.models.held import Held
from forums.models.marks import ReadMark
from forums.models.posts import Post, shown_to
from forums.models.reactions import Reaction
from forums.models.references import Mention, Quote
from forums.models.reviews import Flag, Review
from forums.models.threads import (
    POSTS_A_PAGE,
    Thread,
    not_hidden_from,
    unheard_by,
)
from forums.models.versions import PostVersion

__all__ = [
    "POSTS_A_PAGE",
    "Answerer",
    "Ask",
    "Attachment",
    "Bookmark",
    "Draft",
    "FeedAddress",
    "Flag",
    "Forum",
    "ForumMark",
    "Held",
    "Mention",
    "Post",
    "PostVersion",
    "Quote",
    "Reaction",
    "ReadMark",
    "Review",
    "Thread",
    "moderated_by",
    "not_hidden_from",
    "shown_to",
    "unheard_by",
]
