"""What there is already, while somebody writes a question."""

import re

import pytest

from network.audience import STAFF
from network.events import deliver_events
from search.engines import get_engine
from search.engines.base import EngineError
from tests import factories as make
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member


@pytest.fixture
def page(client, db):
    client.force_login(a_member())
    return client


def offered(page, title: str, markdown: str = "") -> str:
    sent = {"title": title, "markdown": markdown}
    answer = page.post("/forums/similar/", sent, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    return re.sub("</?mark>", "", answer.content.decode())


def test_threads_and_lessons_about_the_same_are_offered(page):
    a_thread(title="How do you prepare the colleagues who stay?")
    a_thread(title="Where to buy mosquito nets")
    make.a_lesson(title="Prepare the colleagues who stay behind")
    deliver_events()
    text = offered(page, "Preparing colleagues before somebody comes")
    assert text.count("colleagues who stay") == 2
    assert "mosquito" not in text


def test_nothing_is_offered_of_what_one_may_not_see(page):
    a_thread(a_forum(STAFF), title="Preparing colleagues in secret")
    deliver_events()
    assert offered(page, "Preparing colleagues").strip() == ""


def test_a_title_that_says_little_is_helped_by_the_text(page):
    a_thread(title="Mosquito nets for the host family")
    deliver_events()
    text = offered(page, "Help", "Where do we find mosquito nets for host families?")
    assert "Mosquito nets" in text


def test_words_of_every_sentence_offer_nothing(page):
    a_thread(title="How do you keep a shared garden alive?")
    make.a_lesson(title="Une réunion sans interprète a décidé sans nous", language="fr")
    a_thread(title="Our savings group begins")
    deliver_events()
    text = offered(page, "How do you start a savings group?")
    assert "savings" in text and "garden" not in text and "interprète" not in text


ODD = ["", "   ", "-", '"', "theme:", "x" * 5000, "-a OR b*"]


@pytest.mark.parametrize("title", ODD)
def test_whatever_is_typed_is_no_error(page, title):
    offered(page, title)


def test_without_javascript_the_preview_offers_it(page):
    a_thread(title="Preparing colleagues who stay")
    deliver_events()
    forum = a_forum()
    sent = {"title": "Preparing colleagues", "markdown": "How?", "preview": "1"}
    text = page.post(f"/forums/{forum.slug}/new/", sent).content.decode()
    assert "Perhaps somebody has written about this" in text
    assert "colleagues who stay" in re.sub("</?mark>", "", text)


def test_a_search_that_is_away_does_not_keep_anybody_from_writing(page, monkeypatch):
    def away(*args, **kwargs):
        raise EngineError("away")

    monkeypatch.setattr(type(get_engine()), "search", away)
    assert offered(page, "Preparing colleagues").strip() == ""


def test_visitors_are_not_asked(client, db):
    assert client.post("/forums/similar/", {"title": "x"}).status_code == 302
