"""Whether a document is what its name says, and nothing else besides.

Only a little of it is ever unpacked: what an archive claims to hold is bounded before
anything is read, and of what is read only so many bytes.
"""

import re
import struct
import zipfile
from zlib import error as ZlibError

import puremagic
from django.utils.translation import gettext as _

OFFICE = {
    "docx": b"wordprocessingml.document.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
}
OPEN = {
    "epub": b"application/epub+zip",
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}
TEXTS = {"csv", "md", "txt"}
DOCUMENTS = {"pdf", *OFFICE, *OPEN, *TEXTS}

HEAD = 2048
MOST_ENTRIES = 5000
MOST_UNPACKED = 500 * 2**20
LARGEST_DIRECTORY = 2**20
LARGEST_LISTING = 2**20
PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
MACROS = re.compile(r"vbaproject|vbadata|macrosheets|activex|^basic/|^scripts/", re.I)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class NotWhatItSays(Exception):
    """Looked into, it turned out to be something else, or broken."""


class HasMacros(Exception):
    """Somebody's program would travel with it."""


def check_document(suffix: str, file) -> str:
    """Why it is refused; nothing if it may be kept. `file` is rewound."""
    try:
        _check(suffix, file)
    except HasMacros:
        return _("Files with macros are not taken. Save it without them.")
    except UnicodeDecodeError:
        return _("The text is in a way of writing we do not know. Save it as UTF-8.")
    except NotWhatItSays:
        return _("The file is broken, or is not a %(kind)s file. Save it anew.") % {
            "kind": suffix.upper()
        }
    finally:
        file.seek(0)
    return ""


def _check(suffix: str, file) -> None:
    if suffix in TEXTS:
        _check_text(file)
    elif suffix == "pdf":
        _check_pdf(file)
    else:
        _check_archive(suffix, file)


def _check_text(file) -> None:
    if CONTROLS.search(file.read().decode("utf-8-sig")):
        raise NotWhatItSays


def _check_pdf(file) -> None:
    head = file.read(HEAD)
    if not head.startswith(b"%PDF-") or "pdf" not in sniffed(head):
        raise NotWhatItSays
    if b"%%EOF" not in _tail(file, 2048):  # cut off on its way
        raise NotWhatItSays


def sniffed(head: bytes) -> set[str]:
    """The endings of what begins like this."""
    try:
        return {one.extension.lstrip(".") for one in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _check_archive(suffix: str, file) -> None:
    head = file.read(HEAD)
    if not head.startswith(b"PK\x03\x04") or not sniffed(head) & {
        "zip",
        "docx",
        "epub",
    }:
        raise NotWhatItSays
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive)
            listing = "[Content_Types].xml" if suffix in OFFICE else "mimetype"
            with archive.open(listing) as content:
                _check_kind(suffix, content.read(LARGEST_LISTING))
    except (zipfile.BadZipFile, ZlibError, KeyError, EOFError, OSError) as error:
        raise NotWhatItSays from error
    except (NotImplementedError, RuntimeError, ValueError) as error:  # encrypted, odd
        raise NotWhatItSays from error


def _check_directory(file) -> None:
    """Before `zipfile` reads it all: how long is the list of what is inside?"""
    tail = _tail(file, 66_000)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22 or b"PK\x06\x07" in tail:
        raise NotWhatItSays
    entries, size = struct.unpack_from("<HI", tail, at + 10)
    if entries > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise NotWhatItSays


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise NotWhatItSays
    for one in entries:
        if one.compress_type not in PLAIN or one.flag_bits & 1:
            raise NotWhatItSays
        if MACROS.search(one.filename):
            raise HasMacros


def _check_kind(suffix: str, listing: bytes) -> None:
    """What the container says that it is; `listing` may be cut off, never endless."""
    if b"macroEnabled" in listing or b"vbaProject" in listing:
        raise HasMacros
    if suffix in OFFICE and OFFICE[suffix] not in listing:
        raise NotWhatItSays
    if suffix in OPEN and listing.strip() != OPEN[suffix]:
        raise NotWhatItSays


def _tail(file, length: int) -> bytes:
    file.seek(0, 2)
    file.seek(max(file.tell() - length, 0))
    return file.read()
