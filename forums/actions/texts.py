"""The text of a post as it is kept: made into HTML once, when it is written."""

from collections.abc import Mapping

from forums.models import Attachment, Post
from network.markdown import render


def html_of(post: Post, pictures: Mapping[int, Attachment] | None = None) -> str:
    """`pictures`, by id, are those its text may show."""
    return render(post.markdown, pictures, docId=f"{post.thread_id}-{post.number}")
