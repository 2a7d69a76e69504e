"""Files leave the site by one view, which asks; media is never a folder on the web."""

import mimetypes
import re
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, quote_etag

from cms.models import Document, Image, Rendition
from network.audience import STAFF, audiences_of

# What a browser may show by itself; anything else is handed over for saving.
SHOWN = {
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/pdf",
}
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHUNK = 64 * 1024


def find_file(name: str, user) -> FieldFile | None:
    """The stored file of that name, if `user` may see what it belongs to.

    Originals may hold where and when they were taken: only staff get them.
    """
    renditions = Rendition.objects.visible_to(user)
    documents = Document.objects.visible_to(user)
    originals = Image.objects.visible_to(user)
    if STAFF not in audiences_of(user):
        originals = originals.none()
    for rows in (renditions, documents, originals):
        row = rows.filter(file=name).first()
        if row is not None:
            return row.file
    return None


def send_file(request: HttpRequest, file: FieldFile) -> HttpResponseBase:
    """Whole, in part (one range), or not at all when the reader has it already."""
    size = file.size
    modified = int(default_storage.get_modified_time(file.name).timestamp())
    etag = quote_etag(f"{modified:x}-{size:x}")
    response = get_conditional_response(request, etag, modified)
    if response is None:
        response = _answer(request, file, size, etag)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


def _answer(request, file: FieldFile, size: int, etag: str) -> HttpResponseBase:
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return _dressed(FileResponse(file.open("rb")), file, size)
    first, last = _bounds(*asked.groups(), size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    length = last - first + 1
    part = StreamingHttpResponse(_read(file, first, length), status=206)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _dressed(part, file, length)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte of `bytes=first-last`; without first, the last so many."""
    if first:
        return int(first), min(int(last or size), size - 1)
    return (max(size - int(last), 0), size - 1) if last else (size, 0)


def _read(file: FieldFile, first: int, length: int) -> Iterator[bytes]:
    with file.open("rb") as content:
        content.seek(first)
        while length > 0 and (chunk := content.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _dressed(response, file: FieldFile, length: int):
    kind = mimetypes.guess_type(file.name)[0]
    shown = kind in SHOWN
    name = file.name.rpartition("/")[2]
    response["Content-Type"] = kind if shown else "application/octet-stream"
    response["Content-Length"] = length
    response["Content-Disposition"] = content_disposition_header(not shown, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
