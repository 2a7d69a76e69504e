"""What can be done in the forums. Whether somebody may is asked in permissions.py."""

from forums.actions.answers import accept_answer, unaccept_answer
from forums.actions.attachments import keep_file
from forums.actions.drafts import discard_draft, restore_draft, save_draft
from forums.actions.forums import set_forum_audience
from forums.actions.posts import edit_post, hide_post, post_reply, restore_post
from forums.actions.threads import (
    close_thread,
    move_thread,
    reopen_thread,
    slug_of,
    start_thread,
)
from forums.actions.writing import add_post

__all__ = [
    "accept_answer",
    "add_post",
    "close_thread",
    "discard_draft",
    "edit_post",
    "hide_post",
    "keep_file",
    "move_thread",
    "post_reply",
    "reopen_thread",
    "restore_draft",
    "restore_post",
    "save_draft",
    "set_forum_audience",
    "slug_of",
    "start_thread",
    "unaccept_answer",
]
