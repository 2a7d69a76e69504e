"""What people send along with a post: what is taken, and as what it is kept."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from forums.documents import DOCUMENTS, check_document
from network.people.pictures import shrunk
from network.text import is_visible

MEGABYTE = 2**20
LARGEST_FILE = 10 * MEGABYTE
MOST_FILES = 10
LARGEST_POST = 30 * MEGABYTE
LARGEST_DAY = 200 * MEGABYTE
LONGEST_NAME = 100
LONGEST_SIDE = 2000
THUMB = (800, 1200)
PICTURES = {"gif", "heic", "heif", "jpeg", "jpg", "png", "webp"}
# Heic is left out: a telephone that is not offered it sends a JPEG by itself.
ACCEPT = ",".join(f".{one}" for one in sorted((PICTURES | DOCUMENTS) - {"heif"}))


@dataclass(frozen=True)
class Kept:
    """A file that was looked into: what is stored of it, under a name that agrees."""

    name: str
    suffix: str
    content: File
    thumb: File | None = None
    width: int | None = None
    height: int | None = None


def looked_into(upload: UploadedFile) -> Kept:
    """What to keep of a file that was sent; refused with what to do about it."""
    name = cleaned_name(upload.name)
    stem, _dot, suffix = name.rpartition(".")
    suffix = suffix.lower()
    _check_size(name, upload.size)
    if suffix in PICTURES:
        return _picture(name, stem, upload)
    if suffix not in DOCUMENTS:
        raise refused(name, _why_not(suffix))
    reason = check_document(suffix, upload)
    if reason:
        raise refused(name, reason)
    return Kept(name, suffix, upload)


def refused(name: str, reason: str) -> ValidationError:
    return ValidationError(f"{name}: {reason}", code="file")


def cleaned_name(name: str) -> str:
    """One line of visible characters, without folders; short, its ending kept."""
    name = unicodedata.normalize("NFC", name or "")
    name = re.split(r"[/\\]", name)[-1]
    shown = (one if is_visible(one) else " " for one in name)
    name = " ".join("".join(shown).split()).strip(". ")
    suffix = PurePosixPath(name).suffix[:12]
    stem = name.removesuffix(suffix)[: LONGEST_NAME - len(suffix)].strip()
    return f"{stem or 'file'}{suffix}"


def _check_size(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        most = filesizeformat(LARGEST_FILE)
        raise refused(name, _("The file is larger than %(most)s.") % {"most": most})
    if not size:
        raise refused(name, _("The file is empty."))


def _picture(name: str, stem: str, upload: UploadedFile) -> Kept:
    try:
        made = shrunk(upload, LONGEST_SIDE, THUMB)
    except ValidationError as error:
        raise refused(name, error.messages[0]) from None
    return Kept(
        f"{stem}.{made.suffix}",
        made.suffix,
        ContentFile(made.content),
        ContentFile(made.thumb),
        made.width,
        made.height,
    )


def _why_not(suffix: str) -> str:
    if suffix in {"svg", "svgz"}:
        return _("An SVG drawing can carry a program. Save it as PNG and send that.")
    if suffix in {"doc", "xls", "ppt", "rtf"}:
        return _("This is an old format. Save it as .docx, .xlsx, .pptx or PDF.")
    if suffix in {"docm", "xlsm", "pptm", "dotm", "xlsb"}:
        return _("Files with macros are not taken. Save it without them.")
    return _(
        "Files of this kind are not taken. Pictures, PDF, Word, Excel, PowerPoint, "
        "OpenDocument, EPUB and plain text are."
    )
