"""Files as people, and those who wish us ill, send them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from forums.actions import keep_file
from forums.models import Attachment
from tests.people.factories import a_member

CONTENT_TYPES = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": f"{CONTENT_TYPES}wordprocessingml.document.main+xml",
    "xlsx": f"{CONTENT_TYPES}spreadsheetml.sheet.main+xml",
    "pptx": f"{CONTENT_TYPES}presentationml.presentation.main+xml",
}
OPEN = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


def sent(name: str, content: bytes, claims: str = "") -> SimpleUploadedFile:
    """As a browser sends it; what it claims the file to be is believed by nobody."""
    return SimpleUploadedFile(name, content, claims or "application/octet-stream")


def picture(kind="PNG", size=(40, 30), colour="red", **options) -> bytes:
    out = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, colour).save(out, kind, **options)
    return out.getvalue()


def archive(
    *entries: tuple[str, bytes | str], compression=zipfile.ZIP_DEFLATED
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)  # always of the same day: ids of tests
            entry.compress_type = compression
            made.writestr(entry, content)
    return out.getvalue()


def office(suffix: str, *more: tuple[str, bytes], says: str = "") -> bytes:
    listing = f'<Types><Override ContentType="{says or MAIN[suffix]}"/></Types>'
    return archive(("[Content_Types].xml", listing), *more)


def open_document(suffix: str, *more: tuple[str, bytes]) -> bytes:
    return archive(("mimetype", OPEN[suffix]), *more)


def an_attachment(uploader=None, name="photo.png", content=None) -> Attachment:
    content = content or (PDF if name.endswith(".pdf") else picture())
    return keep_file(uploader or a_member(), sent(name, content))
