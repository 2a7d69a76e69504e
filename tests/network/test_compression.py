import gzip

from django.core.files.base import ContentFile
from django.urls import reverse

from cms.models import Document
from network.audience import PUBLIC
from tests.forums.factories import a_forum, a_post, a_thread

BROWSER = {"Accept-Encoding": "gzip, br"}


def test_pages_travel_compressed(client, db):
    answer = client.get("/account/login/", headers=BROWSER)
    assert answer["Content-Encoding"] == "gzip"
    assert b"<main" in gzip.decompress(answer.content)


def test_so_do_feeds_and_one_that_is_had_already_is_not_sent_again(client, db):
    post = a_post(a_thread(a_forum(audience=PUBLIC)), markdown="tea " * 500)
    address = reverse("forums:thread_feed", args=[post.thread_id])
    answer = client.get(address, headers=BROWSER)
    assert answer["Content-Encoding"] == "gzip" and len(answer.content) < 2000
    assert b"tea tea" in gzip.decompress(answer.content)
    assert b"tea tea" in client.get(address).content
    for had in (answer["ETag"], client.get(address)["ETag"]):
        again = client.get(address, headers={**BROWSER, "If-None-Match": had})
        assert (again.status_code, again.content) == (304, b"")


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
