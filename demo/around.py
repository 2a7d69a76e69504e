"""What stands around the posts of a thread: reactions, reports, what is kept and waits.

Written as rows: it happened before anybody signed in, and nobody is told of it.
"""

from datetime import timedelta

from demo.rows import user, users
from forums.actions.reactions import recount
from forums.models import Bookmark, Flag, Held, Post, Reaction, Review, Thread
from network.markdown import render


def add_around(post: Post, row: dict) -> None:
    """All that the post's row in the content says of others."""
    _add_reactions(post, row.get("reactions", {}))
    for one in row.get("bookmarks", []):
        whose, note = user(one["by"]), one["note"]
        Bookmark.objects.create(user=whose, thread=post.thread, post=post, note=note)
    if "flags" in row:
        _add_flags(post, row["flags"], row.get("decided"))


def _add_reactions(post: Post, given: dict[str, list[str]]) -> None:
    for kind, people in given.items():
        Reaction.objects.bulk_create(
            Reaction(post=post, user=one, kind=kind, created_at=post.created_at)
            for one in users(people)
        )
    if given:
        recount(post)


def _add_flags(post: Post, flags: list[dict], decided: dict | None) -> None:
    """Reported within the hour, and decided the next day if it says so."""
    soon = post.created_at + timedelta(minutes=40)
    review = Review(post=post, opened_at=soon)
    if decided:
        review.decided_by = user(decided["by"])
        review.decided_at = soon + timedelta(days=1)
        review.outcome, review.note = decided["outcome"], decided["note"]
    review.save()
    for flag in flags:
        Flag.objects.create(
            review=review,
            post=post,
            by=user(flag["by"]),
            reason=flag["reason"],
            words=flag.get("words", ""),
            created_at=soon,
        )


def add_held(thread: Thread, row: dict) -> None:
    """A newcomer's answer, which waits for a moderator."""
    markdown = row["text"].strip()
    held = Held.objects.create(
        thread=thread,
        author=user(row["author"]),
        fields={"markdown": markdown, "language": row["language"]},
        html=render(markdown),
        created_at=row["at"],
    )
    Review.objects.create(held=held, opened_at=row["at"])
