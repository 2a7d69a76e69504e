"""Files: seen by who may see them, handed out by one view, never as a web page."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Picture

from cms.models import Document, Image
from network.audience import MEMBERS, PUBLIC, STAFF
from tests.people.factories import a_member, a_staff, a_superuser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_document(audience=MEMBERS, name="plan.pdf", content=b"0123456789") -> Document:
    file = ContentFile(content, name)
    return Document.objects.create(title="A plan", file=file, audience=audience)


def an_image(audience=PUBLIC) -> Image:
    content = BytesIO()
    Picture.new("RGB", (40, 30), "red").save(content, "PNG")
    file = ImageFile(content, "red.png")
    return Image.objects.create(title="Red", file=file, audience=audience)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_document_is_for_those_who_may_see_it(client):
    document = a_document(audience=MEMBERS)
    assert client.get(document.url).status_code == 404
    client.force_login(a_member())
    answer = client.get(document.url)
    assert (answer.status_code, body(answer)) == (200, b"0123456789")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    document.audience = STAFF
    document.save()
    assert client.get(document.url).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "options", "post"])
def test_a_closed_file_and_a_missing_one_answer_alike(client, method):
    closed = a_document(audience=STAFF).url
    missing = closed.replace("plan", "none")
    there, nowhere = (getattr(client, method)(url) for url in (closed, missing))
    assert there.status_code == nowhere.status_code
    assert dict(there.headers) == dict(nowhere.headers)


def test_a_size_of_a_picture_is_seen_by_who_may_see_the_picture(client):
    image = an_image(audience=MEMBERS)
    size = image.get_rendition("width-20")
    assert size.url.startswith("/file/")
    assert client.get(size.url).status_code == 404
    client.force_login(a_member())
    answer = client.get(size.url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_the_original_picture_is_for_staff(client):
    image = an_image(audience=PUBLIC)
    client.force_login(a_member())
    assert client.get(image.file.url).status_code == 404
    client.force_login(a_staff())
    assert client.get(image.file.url).status_code == 200


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "unknown.xyz"])
def test_nothing_runs_in_the_browser(client, name):
    document = a_document(audience=PUBLIC, name=name, content=b"<script></script>")
    answer = client.get(document.url)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_svg_and_html_are_refused():
    for name in ("drawing.svg", "page.html"):
        with pytest.raises(ValidationError):
            a_document(name=name).full_clean()


def test_a_drawing_with_script_is_no_picture(client):
    client.force_login(a_superuser())
    drawing = ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg")
    client.post(
        "/editor/images/add/",
        {"title": "A", "file": drawing, "audience": PUBLIC, "collection": 1},
    )
    assert not Image.objects.exists()


def test_what_the_reader_has_is_not_sent_again(client):
    url = a_document(audience=PUBLIC).url
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=20-", 416, b"", "bytes */10"),
        ("bytes=-", 416, b"", "bytes */10"),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_part_of_a_file(client, asked, status, content, said):
    url = a_document(audience=PUBLIC).url
    answer = client.get(url, headers={"Range": asked})
    assert answer.status_code == status
    assert answer.headers.get("Content-Range") == said
    assert (body(answer) if answer.streaming else answer.content) == content


@pytest.mark.parametrize(
    "name", ["../secret_key", "documents/../../x", "%00", "x" * 300]
)
def test_odd_names_are_just_missing(client, name):
    assert client.get(f"/file/{name}").status_code == 404
