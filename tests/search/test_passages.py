"""What was found in the middle of something long is opened there."""

import pytest

from network.audience import MEMBERS
from network.events import deliver_events
from tests.factories import a_lesson, an_article
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member

pytestmark = pytest.mark.django_db

RAIN = "It rained all day and we waited under the roof. " * 40


def address(client, title: str, **params) -> str:
    deliver_events()
    html = client.get("/search/", params).content.decode()
    before = html[: html.index(title)]
    return before.rpartition('href="')[2].partition('"')[0]


@pytest.fixture
def member(client):
    client.force_login(a_member())
    return client


def test_a_section_of_a_long_article_is_opened_at_the_passage(client):
    body = [
        ("text", f"<p>{RAIN}</p>"),
        ("markdown", f"{RAIN}\n\nThe concierge had the key."),
    ]
    an_article(title="A long report", summary="Two years.", body=body)
    url = address(client, "A long report", q="concierge")
    assert "#part-2:~:text=" in url
    page = client.get(url.partition("#")[0]).content.decode()
    assert 'id="part-2"' in page


def test_a_part_of_a_lesson_has_a_place_of_its_own(client):
    a_lesson(title="Kitchens need rules", why="The concierge decided who cooked.")
    url = address(client, "Kitchens need rules", q="concierge decided")
    assert url.partition("#")[2].startswith("why")
    assert 'id="why"' in client.get(url.partition("#")[0]).content.decode()


def test_a_heading_in_a_passage_stands_apart_from_what_follows(client):
    advice = [("step", {"who": "Host", "what": "Put the concierge first."})]
    a_lesson(title="Kitchens need rules", advice=advice)
    deliver_events()
    page = client.get("/search/", {"q": "concierge"}).content.decode()
    assert "Host · Put the <mark>concierge</mark> first." in page


def test_a_reply_in_a_thread_is_opened_where_it_stands(member):
    thread = a_thread(title="Kitchens", forum=a_forum(audience=MEMBERS))
    for _ in range(3):
        a_post(thread, markdown=RAIN)
    post = a_post(thread, markdown="Ask the concierge first.")
    url = address(member, "Kitchens", q="concierge")
    assert member.get(url).url.endswith(f"#post-{post.number}")


def test_what_the_title_says_opens_at_the_top(client):
    an_article(title="The concierge", body=[("text", f"<p>{RAIN}</p>")])
    assert "#" not in address(client, "concierge</mark>", q="concierge")
