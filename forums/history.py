"""What changed from one text to the next, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from forums.bylines import Byline, byline_of
from forums.models import Post, PostVersion
from forums.shown import as_written
from network.moments import exactly

_WORDS = re.compile(r"\s*\S+|\s+$")


@dataclass(frozen=True)
class Part:
    """Some words that stayed (`""`), came (`ins`) or went (`del`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Step:
    """A version as it is shown: against the one before, or whole where it is first.

    number: None for what the post says now.
    """

    number: int | None
    at: datetime
    day: str
    by: Byline
    language: str
    removed: bool
    parts: list[Part]


def difference(before: str, after: str) -> list[Part]:
    """Words and the space before them; a common word counts for little in long texts,
    which also keeps the comparison fast."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    return list(_parts(old, new))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    for op, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if op == "equal":
            yield Part("", "".join(new[c:d]))
            continue
        if a < b:
            yield Part("del", "".join(old[a:b]))
        if c < d:
            yield Part("ins", "".join(new[c:d]))


def steps_of(
    post: Post, versions: list[PostVersion], reader, with_now: bool
) -> list[Step]:
    """Newest first; the oldest of a page is compared with the one before it."""
    author = byline_of(post, reader)
    rows: list = list(versions)
    if with_now:
        rows.insert(0, None)
    last = versions[-1].number if versions else 0
    before = post.versions.filter(number=last - 1).first()
    older = [*versions, before] if with_now else [*versions[1:], before]
    said = [row or post for row in rows] + ([before] if before else [])
    texts = as_written([row.markdown for row in said], reader)
    for row, text in zip(said, texts, strict=True):
        row.said = text
    return [
        _step(post, row, former, author)
        for row, former in zip(rows, older, strict=True)
    ]


def _step(
    post: Post, row: PostVersion | None, former: PostVersion | None, by: Byline
) -> Step:
    text = post.said if row is None else row.said
    removed = bool(row and row.removed_at)
    compared = former is not None and not former.removed_at and not removed
    at = (post.edited_at or post.created_at) if row is None else row.written_at
    return Step(
        number=row and row.number,
        at=at,
        day=exactly(at),
        by=by,
        language=row.language if row else post.language,
        removed=removed,
        parts=difference(former.said, text) if compared else [Part("", text)],
    )
