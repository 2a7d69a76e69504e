from forums.models.attachments import Attachment
from forums.models.drafts import Draft
from forums.models.forum_marks import ForumMark
from forums.models.forums import Forum, moderated_by
from forums.models.marks import ReadMark
from forums.models.posts import Post, shown_to
from forums.models.reactions import Reaction
from forums.models.threads import POSTS_A_PAGE, Thread, unheard_by
from forums.models.versions import PostVersion

__all__ = [
    "POSTS_A_PAGE",
    "Attachment",
    "Draft",
    "Forum",
    "ForumMark",
    "Post",
    "PostVersion",
    "Reaction",
    "ReadMark",
    "Thread",
    "moderated_by",
    "shown_to",
    "unheard_by",
]
