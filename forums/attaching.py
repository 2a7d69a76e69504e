"""The part of a post's form that holds its files.

It works as plain form: files that come along are kept at once and named in the form by
hidden ids, so that neither a preview nor an error loses them.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.actions import keep_file
from forums.models import Attachment
from forums.models.attachments import LONGEST_ALT
from forums.pictures_in_text import words_in_text
from forums.uploads import (
    ACCEPT,
    LARGEST_FILE,
    LARGEST_POST,
    LONGEST_SIDE,
    MEGABYTE,
    MOST_FILES,
)

MOST_NAMED = 50


def _limits() -> str:
    said = _(
        "Pictures, PDF, Word, Excel, PowerPoint, OpenDocument and text. At most "
        "%(files)s files of %(file)s MB, %(post)s MB together."
    )
    return said % {
        "files": MOST_FILES,
        "file": LARGEST_FILE // MEGABYTE,
        "post": LARGEST_POST // MEGABYTE,
    }


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        super().__init__({"accept": ACCEPT, "multiple": True})


@dataclass(frozen=True)
class Listed:
    """A file in the form: with what was typed of it, and whether it is to go."""

    file: Attachment
    alt: str = ""
    removed: bool = False


class FilesForm(forms.Form):
    """Mixed into the form of a post; `writer` and `post` tell whose files it lists.

    Cleaned: `attachments`, {id: what it shows}, and `removed`, ids, as actions take
    them.
    """

    files = forms.Field(
        label=gettext_lazy("Pictures and files"),
        required=False,
        help_text=lazy(_limits, str)(),
        widget=SeveralFiles(),
    )
    # For the page, which says them beforehand.
    most_bytes, most_files = LARGEST_FILE, MOST_FILES
    longest_side, longest_alt = LONGEST_SIDE, LONGEST_ALT

    def __init__(self, *args, writer=None, post=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.writer, self.post = writer, post
        self.kept: list[int] = []

    def keep_files(self) -> None:
        """Keep what came along; what is refused is said beside the field."""
        sent = self.files.getlist("files") if self.is_bound and self.files else []
        for upload in sent[:MOST_FILES]:
            try:
                self.kept.append(keep_file(self.writer, upload).pk)
            except ValidationError as error:
                self.add_error("files", error)
        if len(sent) > MOST_FILES:
            most = _("Choose at most %(most)s files at a time.") % {"most": MOST_FILES}
            self.add_error("files", most)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("files", None)
        cleaned["attachments"] = {pk: self._alt(pk) for pk in self._ids("attachments")}
        cleaned["attachments"] |= dict.fromkeys(self.kept, "")
        cleaned["removed"] = self._ids("removed")
        return cleaned

    @cached_property
    def listed(self) -> list[Listed]:
        """The post's own files, and those named in the form that are its writer's."""
        ids = [*self._ids("attachments"), *self.kept]
        if not ids and self.post is None:
            return []
        mine = Q(pk__in=ids, post=None, uploader=self.writer.pk)
        named = Q(post=self.post) | mine if self.post else mine
        removed = self._ids("removed")
        return [
            Listed(row, self._alt(row.pk, row.alt), row.pk in removed)
            for row in Attachment.objects.filter(named)
        ]

    def pictures(self) -> dict[int, Attachment]:
        """Those a preview of the text may show."""
        return {
            one.file.pk: one.file
            for one in self.listed
            if one.file.is_picture and not one.removed
        }

    def below(self) -> list[Attachment]:
        """Those a preview shows below the text."""
        in_text = words_in_text(self.data.get("markdown", ""))
        rows = [one.file for one in self.listed if not one.removed]
        rows.sort(key=lambda row: not row.is_picture)
        return [row for row in rows if not (row.is_picture and row.pk in in_text)]

    def _ids(self, name: str) -> list[int]:
        if not self.is_bound:  # a form that goes on with a draft
            return self.initial.get(name, [])
        values = self.data.getlist(name)
        ids = [one for one in values if one.isascii() and one.isdecimal()]
        return [int(one) for one in ids[:MOST_NAMED] if len(one) < 18]

    def _alt(self, pk: int, saved: str = "") -> str:
        typed = self.initial.get("alts", {}).get(str(pk), saved)
        return " ".join(self.data.get(f"alt-{pk}", typed).split())[:LONGEST_ALT]
