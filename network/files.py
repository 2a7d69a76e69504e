"""Files leave the site by one view, which asks; media is never a folder on the web."""

import re
from collections.abc import Callable, Iterator

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, quote_etag
from django.views.decorators.http import require_safe

# What a browser may show by itself …
SHOWN = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "webp": "image/webp",
}
# … and what is handed over for saving, by the name that opens it on a phone.
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
SAVED = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "epub": "application/epub+zip",
    "md": "text/markdown",
    "odp": f"{_OPEN}.presentation",
    "ods": f"{_OPEN}.spreadsheet",
    "odt": f"{_OPEN}.text",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "txt": "text/plain",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHUNK = 64 * 1024

Finder = Callable[[str, object], FieldFile | None]
_finders: list[Finder] = []


def register_files(finder: Finder) -> Finder:
    """Decorator: finder(name, user) is the stored file, if `user` may see its row.

    An attribute `saved_as` on that file is the name under which it is saved.
    """
    _finders.append(finder)
    return finder


def find_file(name: str, user) -> FieldFile | None:
    """The stored file of that name, if `user` may see what it belongs to."""
    found = (finder(name, user) for finder in _finders)
    return next((file for file in found if file is not None), None)


def file_url(file: FieldFile) -> str:
    """Its address here, wherever the storage keeps it."""
    return reverse("file", args=[file.name])


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture, one of its sizes or a document, for whoever may see it."""
    found = find_file(name, request.user)
    if found is None:
        raise Http404
    return send_file(request, found)


def send_file(request: HttpRequest, file: FieldFile) -> HttpResponseBase:
    """Whole, in part (one range), or not at all when the reader has it already."""
    try:
        size = file.size
        modified = int(default_storage.get_modified_time(file.name).timestamp())
    except FileNotFoundError:  # deleted between the question and the answer
        raise Http404 from None
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
    stored = file.name.rpartition("/")[2]
    suffix = stored.rpartition(".")[2].lower()
    kind = SHOWN.get(suffix) or SAVED.get(suffix, "application/octet-stream")
    name = getattr(file, "saved_as", stored)
    response["Content-Type"] = kind
    response["Content-Length"] = length
    response["Content-Disposition"] = content_disposition_header(
        suffix not in SHOWN, name
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
