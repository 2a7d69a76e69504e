"""What the writing forms need so that no text is lost, and who may keep what.

Each form carries, beside its fields, a `writer`: signed when the form was rendered,
it says who writes and what for. A text that comes when that person's session has
ended is kept as their draft. A `writer` that is sent again, by whoever, can do no
more than that: it opens nothing, posts nothing, and names only the one it was made
for, who is asked anew whether they may still see the place and write.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.core import signing
from django.http import QueryDict
from django.urls import reverse

from forums.actions.drafts import edit_stamp, save_beside
from forums.forms import LONGEST_POST, MOST_THEMES, new_token
from forums.models import Draft, Forum, Post, Thread
from forums.models.attachments import LONGEST_ALT
from forums.models.drafts import KINDS, Place, kind_of
from forums.permissions import can_edit, can_reply, can_start
from forums.uploads import MOST_FILES
from network.languages import content_language_choices
from network.people.models import User
from network.prepared import Prepared
from network.text import number_in

SALT = "forums.writer"
LASTS = 14 * 24 * 60 * 60  # seconds that a form may lie open
LONGEST_DRAFT = 5 * LONGEST_POST  # too long to post is not too long to keep
LONGEST_TITLE = 1000

# What is read with a place to know who may write there.
ALONGSIDE = {"thread": ["forum"], "forum": [], "post": ["thread__forum"]}


@dataclass
class Desk:
    """What stands round the fields of a writing form; see forums/_draft.jinja."""

    place: Place
    writer: str
    draft: Draft | None = None
    newer: Draft | None = None  # written in another window, not what the form shows
    sequence: int = 0
    is_kept: bool = False  # what was just sent, and comes back in its form
    token: str = ""  # instead of the form's own, which an edit has left behind
    fields: dict = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return kind_of(self.place)


def open_desk(user: User, place: Place) -> Desk:
    """For a fresh form: with the draft there is, whose fields it begins with."""
    standing = getattr(place, "standing", None)  # what its page has read of it
    kept = []
    if standing is None or standing.has_draft:
        kept = _of(kind_of(place))(user.pk, place.pk)
    draft = next((one for one in kept if one.stands), None)
    desk = Desk(place, writer_for(user, place), draft)
    if draft and not draft.discarded_at:
        desk.sequence, desk.fields = draft.sequence, draft.fields
    return desk


@lru_cache
def _of(kind: str) -> Prepared:
    return Prepared(
        lambda author, pk: Draft.objects.filter(author=author, **{kind: pk})
    )


def find_place(user, kind: str, pk: int) -> Place | None:
    """What the address names, if this person may see it."""
    if kind not in KINDS:
        return None
    rows = KINDS[kind].objects.visible_to(user).select_related(*ALONGSIDE[kind])
    return rows.filter(pk=pk).first()


def may_send(user, place: Place) -> bool:
    may = {Thread: can_reply, Forum: can_start, Post: can_edit}[type(place)]
    return may(user, place)


def may_keep(user, place: Place) -> bool:
    """A text for what was closed meanwhile is kept too: it may still be copied."""
    own = not isinstance(place, Post) or place.author_id == user.pk
    return bool(getattr(user, "is_member", False)) and own


def form_address(place: Place) -> str:
    """Where the form stands; the draft is in it."""
    if isinstance(place, Thread):
        return reverse("forums:thread_reply", args=[place.pk])
    if isinstance(place, Forum):
        return reverse("forums:thread_new", args=[place.slug])
    return reverse("forums:post_edit", args=[place.thread_id, place.number])


def fields_of(sent: QueryDict, files: Iterable[int] = ()) -> dict:
    """What a form holds, as it is kept: not checked, only made storable.

    files: ids of what came along with it.
    """
    text = {
        name: sent.get(name, "").replace("\0", "") for name in ("markdown", "title")
    }
    files = [*_numbers(sent, "attachments"), *files][:MOST_FILES]
    alts = {str(pk): sent.get(f"alt-{pk}", "").replace("\0", "") for pk in files}
    fields = {
        "markdown": text["markdown"].replace("\r\n", "\n"),
        "title": text["title"][:LONGEST_TITLE],
        "kind": sent.get("kind") if sent.get("kind") in Thread.Kind.values else "",
        "language": sent.get("language", ""),
        "themes": _numbers(sent, "themes")[: MOST_THEMES * 4],
        "attachments": files,
        "alts": {pk: alt[:LONGEST_ALT] for pk, alt in alts.items() if alt},
    }
    if fields["language"] not in dict(content_language_choices()):
        fields["language"] = ""
    return {name: value for name, value in fields.items() if value}


def _numbers(sent: QueryDict, name: str) -> list[int]:
    found = (number_in(one, digits=17) for one in sent.getlist(name))
    return [one for one in found if one is not None]


def sequence_of(sent: QueryDict) -> int:
    return number_in(sent.get("sequence", ""), digits=15) or 0


def token_of(sent: QueryDict) -> str:
    return sent.get("token", "").replace("\0", "")[:40]


def edit_token(post: Post) -> str:
    """Marks one form for a post, and the version of the post that it shows."""
    return f"{edit_stamp(post)}.{new_token()}"


def writer_for(user: User, place: Place) -> str:
    return signing.dumps([user.pk, kind_of(place), place.pk], salt=SALT)


def claims_in(sent: QueryDict) -> list:
    """[who, kind, id] for which the form was made; empty where nothing proves it."""
    try:
        return signing.loads(sent.get("writer", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return []


def is_form_of(user: User, place: Place, sent: QueryDict) -> bool:
    """Not one that somebody else left open in this browser."""
    return claims_in(sent) == [user.pk, kind_of(place), place.pk]


def writer_in(sent: QueryDict) -> tuple[User, Place] | None:
    """Who wrote and what for, if they may still see it and write; else None."""
    claims = claims_in(sent)
    writer = User.objects.filter(pk=claims[0]).first() if claims else None
    place = writer and find_place(writer, *claims[1:])
    return (writer, place) if place and may_keep(writer, place) else None


def keep_for_writer(sent: QueryDict) -> str:
    """A text whose writer is signed out becomes their draft; where it then stands.

    Never anything but a draft, and never anybody's but the writer's.
    """
    found = writer_in(sent)
    fields = fields_of(sent)
    if found is None or len(fields.get("markdown", "")) > LONGEST_DRAFT:
        return ""
    writer, place = found
    save_beside(writer, place, fields, sequence_of(sent), token_of(sent))
    return form_address(place)
