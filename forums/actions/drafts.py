"""What is being written is kept, and goes when it has been sent.

A draft may be saved from several windows, and late: `sequence` tells what a page has
seen, `token` which form it was. Neither brings back what was sent or discarded.
"""

import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from forums.actions.writing import said_before
from forums.models import Draft, Held, Post
from forums.models.drafts import Place, kind_of
from network.people.models import User
from network.prepared import Prepared


class StaleDraft(Exception):
    """Something newer is kept than the page knows of; `draft` is that."""

    def __init__(self, draft: Draft):
        super().__init__()
        self.draft = draft


class DoneWith(Exception):
    """The form was sent, or its draft discarded; `same`: with the words it has now."""

    def __init__(self, same: bool):
        super().__init__()
        self.same = same


@transaction.atomic
def save_draft(
    author: User, place: Place, fields: dict, sequence: int = 0, token: str = ""
) -> int:
    """Keep what the form holds; answers the new sequence, 0 where nothing is kept.

    `sequence` is the last one the page has seen. From the same form it may be an
    older one: its own savings do not wait for each other when the page is left.
    """
    one_at_a_time(author)
    row = Draft.objects.of(author, place).first()
    kept = row if row and not row.discarded_at else None
    done_with = _done_with(author, row, token)
    if done_with is not None:
        raise DoneWith(done_with.strip() == fields.get("markdown", "").strip())
    if not kept and not isinstance(place, Post) and said_before(place, author, fields):
        raise DoneWith(same=True)
    if isinstance(place, Post) and _is_edited_since(place, token):
        raise StaleDraft(_as_it_stands(place, kept))
    if kept and _is_newer(kept, fields, sequence, token):
        raise StaleDraft(kept)
    if _is_nothing(place, fields):
        Draft.objects.of(author, place).filter(discarded_at=None).delete()
        return 0
    new = {
        "fields": fields,
        "sequence": max(int(time.time() * 1000), row.sequence + 1 if row else 0),
        "token": token,
        "saved_at": timezone.now(),
        "discarded_at": None,
    }
    return Draft.objects.update_or_create(
        author=author, **{kind_of(place): place}, defaults=new
    )[0].sequence


@transaction.atomic
def save_beside(
    author: User, place: Place, fields: dict, sequence: int = 0, token: str = ""
) -> None:
    """As save_draft, where nobody can be asked: a newer text stands above this one."""
    try:
        save_draft(author, place, fields, sequence, token)
    except StaleDraft as stale:
        newer = stale.draft
        told = newer.token if isinstance(place, Post) else token
        save_draft(author, place, _both(newer, fields), newer.sequence, told)
    except DoneWith:
        pass


def _both(newer: Draft, fields: dict) -> dict:
    """One draft of two, with the files of both; a second title stands over its text."""
    title, text = fields.get("title", ""), fields.get("markdown", "")
    if newer.title and title not in ("", newer.title):
        text = f"{title}\n\n{text}"
    files = [*newer.fields.get("attachments", []), *fields.get("attachments", [])]
    both = {
        "markdown": "\n\n* * *\n\n".join(filter(None, [newer.markdown, text])),
        "attachments": list(dict.fromkeys(files)),
        "alts": {**fields.get("alts", {}), **newer.fields.get("alts", {})},
    }
    both = {name: value for name, value in both.items() if value}
    return {**fields, **newer.fields, **both}


@transaction.atomic
def discard_draft(author: User, place: Place, token: str = "") -> None:
    """It can be taken back for a while. A late saving of that form is not heard."""
    one_at_a_time(author)
    drafts = Draft.objects.of(author, place).filter(discarded_at=None)
    drafts.update(discarded_at=timezone.now(), token=token)


@transaction.atomic
def restore_draft(author: User, place: Place) -> None:
    drafts = Draft.objects.of(author, place).standing()
    drafts.update(discarded_at=None, token="")


def drop_draft(
    author: User, place: Place, token: str | None = None, sequence: int | None = None
) -> None:
    """It was sent. What another window has kept since `sequence` stays a draft."""
    drafts = Draft.objects.of(author, place)
    if sequence is not None:
        own = Q(token=token) if token else Q()
        seen = Q(sequence__lte=sequence) | Q(discarded_at__isnull=False)
        drafts = drafts.filter(seen | own)
    drafts.delete()


def one_at_a_time(author: User) -> None:
    """Savings and sendings of one person wait for each other until each is committed.

    Asked for before any thread or forum is locked, so that none waits in a ring.
    """
    if not _locked(author.pk):
        raise User.DoesNotExist


@Prepared
def _locked(pk):
    users = User.objects.select_for_update(no_key=True).filter(pk=pk)
    return users.order_by().values_list("pk")


def edit_stamp(post: Post) -> str:
    """Which version of a post a form shows: the first part of that form's token."""
    return str(int(post.edited_at.timestamp() * 1000)) if post.edited_at else "0"


def _done_with(author: User, row: Draft | None, token: str) -> str | None:
    """The text of the form that was sent, or whose draft was discarded."""
    if not token:
        return None
    if row is not None and row.discarded_at and row.token == token:
        return row.markdown
    for kind in (Post, Held):
        sent = kind.objects.filter(author=author, token=token).first()
        if sent:
            return sent.markdown
    return None


def _is_newer(kept: Draft, fields: dict, sequence: int, token: str) -> bool:
    """Saved since the page looked, by another form, and saying something else."""
    return (
        kept.sequence != sequence
        and not (token and kept.token == token)
        and kept.fields != fields
    )


def _is_edited_since(post: Post, token: str) -> bool:
    return bool(token) and token.partition(".")[0] != edit_stamp(post)


def _as_it_stands(post: Post, kept: Draft | None) -> Draft:
    """The post's own words as what is newer than the page's."""
    return Draft(
        post=post,
        fields={"markdown": post.markdown, "language": post.language},
        sequence=kept.sequence if kept else 0,
        token=f"{edit_stamp(post)}.taken",
        saved_at=post.edited_at,
    )


def _is_nothing(place: Place, fields: dict) -> bool:
    if isinstance(place, Post) and fields.get("markdown", "").strip() == place.markdown:
        return fields.get("language", place.language) == place.language
    return not (fields.get("markdown", "").strip() or fields.get("title", "").strip())
