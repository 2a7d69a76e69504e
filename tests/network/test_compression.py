import gzip

from django.core.files.base import ContentFile

from cms.models import Document
from network.audience import PUBLIC

BROWSER = {"Accept-Encoding": "gzip, br"}


def test_pages_travel_compressed(client, db):
    answer = client.get("/account/login/", headers=BROWSER)
    assert answer["Content-Encoding"] == "gzip"
    assert b"<main" in gzip.decompress(answer.content)


def test_files_are_sent_as_they_are(client, db):
    file = ContentFile(b"tea " * 500, "tea.txt")
    document = Document.objects.create(title="Tea", file=file, audience=PUBLIC)
    answer = client.get(document.url, headers=BROWSER)
    assert not answer.has_header("Content-Encoding")
    part = client.get(document.url, headers={**BROWSER, "Range": "bytes=0-2"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"tea")


def test_the_icon_is_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302 and "favicon-32" in answer.url
