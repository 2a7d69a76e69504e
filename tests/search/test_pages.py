"""The search page as people meet it."""

import pytest
from django.test import Client

from network.audience import MEMBERS
from network.events import deliver_events
from search import engines
from search.engines.base import EngineDown
from tests.factories import (
    a_lesson,
    a_membership,
    a_partnership,
    a_staff,
    a_translation,
    an_article,
    an_organisation,
)
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member
from tests.search.helpers import suggested, titles
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client) -> Client:
    client.force_login(a_member())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def found(client, **params) -> list[str]:
    deliver_events()
    response = client.get("/search/", params)
    assert response.status_code == 200
    return titles(response)


def test_works_threads_and_people_stand_in_one_list_best_first(member):
    a_lesson(title="Host families need a plan")
    a_thread(title="Who pays for host families?", forum=a_forum(audience=MEMBERS))
    an_article(title="Something else", summary="A plan for host families.")
    a_member(name="Asha Host")
    hits = found(member, q="host families plan")
    assert hits[0] == "Host families need a plan"
    assert set(hits[:3]) == {
        "Host families need a plan", "Something else", "Who pays for host families?",
    }  # fmt: skip
    assert hits[3:] == ["Asha Host"]  # few have them all: then those with some
    assert found(member, q="asha") == ["Asha Host"]


def test_words_of_a_reply_find_the_thread(member):
    thread = a_thread(title="Kitchens")
    a_post(thread, markdown="Buy a **pressure cooker** first.")
    assert found(member, q="pressure cooker") == ["Kitchens"]


def test_a_theme_named_in_one_language_finds_works_in_others_and_can_be_removed(member):
    theme = a_theme(
        "gender-equality",
        names={
            "en": "Gender equality",
            "nn": "Likestilling",
            "pt": "Igualdade de género",
        },
    )
    a_lesson(title="Kven lagar maten?", language="nn", themes=[theme])
    an_article(title="Gender equality at the table")
    hits = found(member, q="igualdade de género")
    assert set(hits) == {"Gender equality at the table", "Kven lagar maten?"}
    page = member.get("/search/", {"q": "igualdade de género"}).content.decode()
    assert ">Gender equality</span>" in page and "plain=gender-equality" in page
    assert found(member, q="igualdade de género", plain="gender-equality") == []


def test_the_words_themselves_stand_before_what_a_theme_brings(member):
    theme = a_theme("trust", names={"en": "Trust", "nn": "Tillit"})
    for n in range(5):
        a_lesson(title=f"Noko heilt anna {n}", language="nn", themes=[theme])
    an_article(title="Notes", summary="It took a year before there was trust.")
    assert found(member, q="trust")[0] == "Notes"


def test_facets_narrow_and_chips_widen_again(member):
    theme = a_theme("water")
    a_lesson(title="Pumps", themes=[theme], context_to="TZ", context_from="NO")
    an_article(title="Wells", themes=[theme], countries=["NP"])
    a_lesson(title="Buses")
    assert set(found(member, theme="water")) == {"Pumps", "Wells"}
    assert found(member, theme="water", kind="lesson") == ["Pumps"]
    assert found(member, country="NP") == ["Wells"]
    page = member.get("/search/?theme=water&kind=lesson").content.decode()
    assert 'href="?kind=lesson"' in page and 'href="?theme=water"' in page


@pytest.mark.parametrize(
    "address",
    [
        "page=0", "page=x", "page=999999999999", "page=-1", "kind=dragon", "theme=%00",
        "country=ZZZ", "language=<script>", "sort=dragon", "q=" + "a" * 9000,
        "q=%22%28%5B", "plain=nothing", "kind=lesson&kind=lesson&kind=", "phase=never",
    ],
)  # fmt: skip
def test_no_address_is_an_error(member, address):
    a_lesson()
    deliver_events()
    assert member.get(f"/search/?{address}", follow=True).status_code == 200
    assert member.get(f"/search/suggest/?{address}").status_code == 200


def test_a_page_beyond_the_last_shows_the_last(member):
    for n in range(23):
        an_article(title=f"Trust {n}")
    assert len(found(member, q="trust")) == 20
    assert len(found(member, q="trust", page=2)) == 3
    assert len(found(member, q="trust", page=99)) == 3
    assert "23 results" in member.get("/search/?q=trust").content.decode()


def test_nothing_found_offers_ways_on(member):
    a_theme("health", scheme="sector")
    page = member.get("/search/", {"q": "zeppelin", "kind": "lesson"}).content.decode()
    assert (
        "search everything" in page and "/forums/" in page and "/themes/health/" in page
    )


def test_nothing_found_leads_to_a_forum_about_it_with_the_words_as_a_title(member):
    theme = a_theme("water", names={"en": "Water"})
    a_forum(name="Anything")
    near = a_forum(name="Wells")
    near.themes.add(theme)
    page = member.get("/search/", {"q": "water & zeppelins"}).content.decode()
    link = f'href="/forums/{near.slug}/new/?title=water%20%26%20zeppelins"'
    assert link in page and page.index("Wells") < page.index("Anything")
    visitor = Client().get("/search/", {"q": "zeppelins"}).content.decode()
    assert 'href="/forums/"' in visitor and "/new/" not in visitor


def test_when_no_text_has_all_words_those_with_some_are_shown_and_it_says_so(member):
    an_article(title="Mentors")
    assert found(member, q="mentors zeppelins balloons") == ["Mentors"]
    page = member.get("/search/?q=mentors zeppelins balloons").content.decode()
    assert "Nothing has all of your words" in page


def test_a_work_in_several_languages_is_one_hit_in_the_readers_language(member):
    work = an_article(title="Trust takes time")
    a_translation(work, "pt", title="A confiança leva tempo")
    deliver_events()
    page = member.get("/search/", {"kind": "article"})
    assert titles(page) == ["Trust takes time"]
    assert "Portuguese" in page.content.decode()


def test_htmx_gets_the_results_alone(member):
    a_lesson(title="Trust")
    deliver_events()
    part = member.get("/search/?q=trust", headers={"HX-Request": "true"})
    assert titles(part) == ["Trust"]
    assert b"<html" not in part.content and b"hx-swap-oob" in part.content


def test_what_people_write_is_escaped_everywhere(member):
    bad = '<script>alert("x")</script> trust'
    a_thread(title=bad, markdown=bad)
    a_lesson(title=bad, summary=bad)
    deliver_events()
    for address in (
        "/search/?q=trust",
        "/search/?q=<script>alert</script>",
        "/search/suggest/?q=al",
    ):
        assert "<script>alert" not in member.get(address).content.decode()


def test_when_the_engine_is_away_the_page_says_so_and_offers_themes(member):
    class Away:
        def search(self, *args, **options):
            raise EngineDown("no answer")

        suggest = similar = unknown = search

    a_theme("health", scheme="sector")
    with engines.using(Away()):
        response = member.get("/search/?q=trust")
        assert response.status_code == 200
        assert "resting" in response.content.decode()
        assert "/themes/health/" in response.content.decode()
        assert member.get("/search/suggest/?q=trust").status_code == 200


def test_suggestions_are_grouped(member):
    a_theme("trust", names={"en": "Trust", "nn": "Tillit"})
    a_lesson(title="Trust takes two rounds")
    a_thread(title="Whom do you trust?")
    a_member(name="Trudy Trustworthy")
    deliver_events()
    asked = member.get("/search/suggest/?q=tru", headers={"Accept": "application/json"})
    assert suggested(asked) == {
        "people": ["Trudy Trustworthy"],
        "themes": ["Trust"],
        "knowledge": ["Trust takes two rounds"],
        "discussions": ["Whom do you trust?"],
    }
    html = member.get("/search/suggest/?q=tru").content.decode()
    assert 'role="option"' in html and "<mark>Tru</mark>st takes" in html


@pytest.mark.parametrize("staff", [False, True])
def test_the_page_asks_the_database_a_constant_number_of_times(
    client, staff, django_assert_max_num_queries
):
    """With all kinds on it, for somebody who has all kinds of ties."""
    reader, author, ours = a_staff() if staff else a_member(), a_member(), []
    for one in (reader, author):
        ours.append(an_organisation())
        a_membership(one, ours[-1])
    a_partnership(organisations=ours)
    forum = a_forum(moderators=[reader])
    for n in range(4):
        a_lesson(title=f"Trust {n}")
        a_thread(title=f"Trust {n}", forum=forum, author=author)
        a_member(name=f"Trust Person{n}")
        an_organisation(name=f"Trust Organisation {n}")
        a_partnership(name=f"Trust Partnership {n}", audience=MEMBERS)
    deliver_events()
    client.force_login(reader)
    client.get("/search/?q=trust")
    with django_assert_max_num_queries(12):
        assert len(titles(client.get("/search/?q=trust"))) == 20
