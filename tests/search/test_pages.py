"""The search page as people meet it."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network.audience import MEMBERS, STAFF
from network.events import deliver_events
from search import engines, widening
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
def test_the_page_asks_the_database_a_constant_number_of_times(client, staff):
    """With all kinds on it, for somebody who has all kinds of ties.

    The fewest of several visits: what a process remembers for a second, such as the
    themes, it asks for again on one of them.
    """
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
    asked = []
    for _visit in range(4):
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(client.get("/search/?q=trust"))) == 20
        asked.append(len(queries))
    assert min(asked) <= 12


def test_a_result_says_who_told_it_what_it_is_about_and_where_else_it_stands(client):
    theme = a_theme("hosting", names={"en": "Hosting", "nb": "Vertskap"})
    shy = a_member(name="Shy Person", reach={"name": "me"})
    known = a_member(name="Asha Moyo")
    lesson = a_lesson(
        title="Trust the host", themes=[theme], context_from="NO", context_to="MW"
    )
    for person in (shy, known):
        lesson.authors.create(person=person.profile)
    lesson.authors.create(name="Printed Name")
    lesson.save()
    other = a_translation(lesson, "fr", title="Faire confiance")
    a_lesson(title="Trust nobody", attribution="role", role="coordinator, Malawi")
    deliver_events()
    told = {}
    for viewer in (a_member(), shy, None):
        visitor = Client(headers={"Accept-Language": "en"})
        if viewer:
            visitor.force_login(viewer)
        page = visitor.get("/search/?q=trust+host").content.decode()
        told[viewer and viewer.get_full_name()] = page
        for line in lesson.bylines(viewer or AnonymousUser()):
            assert line.name in page
        assert ">Norway → Malawi</span>" in page and "Hosting" in page
        assert f'<a href="{other.url}" hreflang="fr" lang="fr">Français</a>' in page
        assert "coordinator, Malawi" in page
    assert "Shy Person" in told["Shy Person"].partition("results")[2]
    assert "Asha Moyo" not in told[None] and "Printed Name" in told[None]
    others = [page for name, page in told.items() if name != "Shy Person"]
    assert not any("Shy Person" in page for page in others)


def test_a_slip_is_put_right_and_can_be_left_as_it_was(member):
    an_article(title="Mentors in the workshop")
    deliver_events()
    page = member.get("/search/", {"q": "Mnetors <b> lang:en"}).content.decode()
    assert "Showing results for <b>mentors</b>" in page
    assert "Search only for “Mnetors &lt;b&gt;”" in page
    assert "exact=1" in page
    page = member.get("/search/", {"q": "mnetors", "exact": "1"}).content.decode()
    assert "Nobody has written about “mnetors”" in page
    assert 'href="?q=mnetors"' in page  # slips put right again


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("trust country:Xyz", "No country is called “Xyz”"),
        ("trust theme:Xyz", "No theme is called “Xyz”"),
        ("trust lang:Xyzish", "No language is called “Xyzish”"),
        ("trust after:whenever", "“whenever” is no date"),
        ("trust -after:2020", "“-after:2020” was left out"),
        ("the of and", "Words as common as these"),
        ("?!", "There is no word in this"),
        ("trust " * 300, "That was more than search can look for"),
    ],
)
def test_what_a_question_cannot_mean_is_told_with_what_to_do(member, words, told):
    an_article(title="Trust takes the time of the two")
    deliver_events()
    page = member.get("/search/", {"q": words})
    assert told in page.content.decode()
    assert "Trust takes the time of the two" in titles(page)
    assert told not in member.get("/search/?q=trust").content.decode()


def test_a_value_that_no_facet_has_is_told(member):
    an_article(title="Trust")
    assert "Trust" in found(member, kind="dragon")
    page = member.get("/search/?kind=dragon").content.decode()
    assert "“dragon” is none of the choices under Kind" in page


def test_what_was_typed_as_a_field_is_a_chip_that_takes_it_away(member):
    an_article(title="Trust in Nepal", countries=["NP"])
    deliver_events()
    page = member.get("/search/", {"q": "trust country:Nepal -lang:fr"})
    page = page.content.decode()
    assert 'href="?q=trust+-lang%3Afr">country:Nepal' in page
    assert 'href="?q=trust+country%3ANepal">-lang:fr' in page
    assert '<a class="small" href="?q=trust">Clear all</a>' in page


def ways(client, **params) -> dict[str, tuple[str, int]]:
    """What a page that found nothing leads on to: label -> (address, number)."""
    html = client.get("/search/", params).content.decode()
    rows = re.findall(r'<li><a href="([^"]+)">([^<]+)</a><b class="num">(\d+)', html)
    return {unescape(label): (unescape(url), int(n)) for url, label, n in rows}


def test_where_nothing_fits_each_step_back_says_what_it_finds(member):
    for n in range(3):
        an_article(title=f"Trust {n}", countries=["NP"])
    a_lesson(title="Something else")
    deliver_events()
    assert titles(member.get("/search/?q=trust&kind=lesson")) == []
    told = ways(member, q="trust country:Nepal", kind="lesson")
    assert {label: n for label, (_url, n) in told.items()} == {"Without “Lesson”": 3}
    told = ways(member, q="trust", kind="lesson")
    assert {label: n for label, (_url, n) in told.items()} == {
        "Without “Lesson”": 3, "Your choices, without the words": 1,
    }  # fmt: skip
    for url, number in told.values():
        assert len(titles(member.get(f"/search/{url}"))) == number


def test_steps_back_count_what_this_reader_sees_and_keep_within_the_queries(
    member, django_assert_max_num_queries
):
    an_article(title="Trust", audience=STAFF)
    a_lesson(title="Kitchens", audience=MEMBERS)
    deliver_events()
    assert ways(member, q="trust", kind="lesson") == {
        "Your choices, without the words": ("?kind=lesson", 1)
    }
    with django_assert_max_num_queries(12):
        ways(member, q="zeppelins by:Asha country:NP -money", kind="lesson", level="x")


def test_a_slow_engine_leaves_the_page_without_steps_not_without_an_answer(
    member, monkeypatch
):
    def away(*args):
        raise EngineDown("no answer in time")

    an_article(title="Trust")
    deliver_events()
    monkeypatch.setattr(widening, "total_of", away)
    page = member.get("/search/?q=trust&kind=lesson")
    assert "Nothing fits all of this" in page.content.decode()


def test_the_address_says_nothing_that_says_nothing(member):
    asked = "/search/?q=trust&kind=&country=NP&page=1&sort=best&country=NP"
    assert member.get(asked).url == "/search/?q=trust&country=NP"
    assert member.get("/search/?q=").url == "/search/"
    part = member.get("/search/?q=", headers={"HX-Request": "true"})
    assert part.status_code == 200


def test_facets_count_as_if_their_own_choice_were_not_made(member):
    for n in range(2):
        a_lesson(title=f"Pumps {n}", context_from="NO", context_to="TZ")
    an_article(title="Wells", countries=["NP", "KE"])
    deliver_events()
    page = member.get("/search/?kind=article").content.decode()
    assert counts(page, "kind") == {"article": 1, "lesson": 2, "person": 1}
    assert counts(page, "country") == {"NP": 1, "KE": 1}
    page = member.get("/search/?kind=article&kind=lesson").content.decode()
    assert counts(page, "country") == {"NP": 1, "KE": 1, "NO": 2, "TZ": 2}
    assert "(2 chosen)" in page


def counts(page: str, facet: str) -> dict[str, int]:
    boxes = rf'name="{facet}" value="(\w+)".*?<span class="n">(\d+)</span>'
    return {value: int(n) for value, n in re.findall(boxes, page)}


def test_a_narrower_theme_stands_below_the_wider_and_says_so(member):
    wide = a_theme("hosting", names={"en": "Hosting"})
    narrow = a_theme("host-family", parent=wide, names={"en": "Host family"})
    a_lesson(title="Trust", themes=[wide, narrow])
    deliver_events()
    page = member.get("/search/?q=trust").content.decode()
    assert page.index("f-theme-hosting") < page.index("f-theme-host-family")
    assert "part of Hosting" in page


def test_a_long_facet_keeps_the_rest_behind_a_door_and_chosen_ones_in_front(member):
    many, few = (
        ["NP", "TZ", "MW", "MZ", "KE", "MG", "UG", "BR"],
        ["CO", "GH", "RW", "ZM"],
    )
    for code in [*many, *many, *few]:
        an_article(title=f"Trust {code}", countries=[code])
    deliver_events()
    front, _door, rest = country_facet(member, "q=trust").partition('class="more"')
    assert {"NP", "BR"} <= values(front) and values(rest) == {"CO", "GH", "RW", "ZM"}
    front, _door, _rest = country_facet(member, "country=ZM").partition('class="more"')
    assert "ZM" in values(front)


def country_facet(client, query: str) -> str:
    page = client.get(f"/search/?{query}").content.decode()
    return page.partition('role="group" aria-label="Country"')[2].partition(
        'role="group"'
    )[0]


def values(html: str) -> set[str]:
    return set(re.findall(r'name="country" value="(\w+)"', html))


def test_when_the_engine_is_away_there_are_lists_of_what_the_reader_may_see(
    member, django_assert_max_num_queries
):
    class Away:
        def search(self, *args, **options):
            raise EngineDown("no answer")

        suggest = similar = unknown = search

    a_lesson(title="Open to members", audience=MEMBERS)
    an_article(title="For staff only", audience=STAFF)
    a_thread(title="Who cooks?", forum=a_forum(audience=MEMBERS))
    a_thread(title="Behind the door", forum=a_forum(audience=STAFF))
    deliver_events()
    with engines.using(Away()):
        member.get("/search/?q=trust")
        with django_assert_max_num_queries(12):
            page = member.get("/search/?q=trust").content.decode()
    assert "Open to members" in page and "Who cooks?" in page
    assert "For staff only" not in page and "Behind the door" not in page
