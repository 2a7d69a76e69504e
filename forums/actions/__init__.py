"""What can be done in the forums. Whether somebody may is asked in permissions.py."""

from forums.actions.answers import accept_answer, unaccept_answer
from forums.actions.asks import agree_to_be_asked, ask_people
from forums.actions.attachments import keep_file
from forums.actions.bookmarks import (
    add_bookmark,
    change_bookmark,
    remove_bookmark,
    restore_bookmark,
)
from forums.actions.deciding import decide
from forums.actions.drafts import discard_draft, restore_draft, save_draft
from forums.actions.feeds import renew_feeds
from forums.actions.flags import flag_post
from forums.actions.forums import set_forum_audience
from forums.actions.hiding import hide_post, restore_post
from forums.actions.marks import mark_all_read, unmark_all_read
from forums.actions.posts import edit_post, post_reply
from forums.actions.reactions import react, unreact
from forums.actions.reviews import claim_review, release_review
from forums.actions.rooms import (
    archive_forum,
    room_of_country,
    room_of_partnership,
    room_of_round,
    save_forum,
    set_moderators,
    unarchive_forum,
)
from forums.actions.sending import send_edit, send_reply, send_thread
from forums.actions.settings import change_thread, pin_thread, unpin_thread
from forums.actions.threads import (
    close_thread,
    move_thread,
    reopen_thread,
    slug_of,
    start_thread,
)
from forums.actions.versions import EditedMeanwhile, remove_version
from forums.actions.writing import add_post

__all__ = [
    "EditedMeanwhile",
    "accept_answer",
    "add_bookmark",
    "add_post",
    "agree_to_be_asked",
    "archive_forum",
    "ask_people",
    "change_bookmark",
    "change_thread",
    "claim_review",
    "close_thread",
    "decide",
    "discard_draft",
    "edit_post",
    "flag_post",
    "hide_post",
    "keep_file",
    "mark_all_read",
    "move_thread",
    "pin_thread",
    "post_reply",
    "react",
    "release_review",
    "remove_bookmark",
    "remove_version",
    "renew_feeds",
    "reopen_thread",
    "restore_bookmark",
    "restore_draft",
    "restore_post",
    "room_of_country",
    "room_of_partnership",
    "room_of_round",
    "save_draft",
    "save_forum",
    "send_edit",
    "send_reply",
    "send_thread",
    "set_forum_audience",
    "set_moderators",
    "slug_of",
    "start_thread",
    "unaccept_answer",
    "unarchive_forum",
    "unmark_all_read",
    "unpin_thread",
    "unreact",
]
