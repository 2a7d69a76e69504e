"""/themes/ and a theme's page: for everyone, counted for each reader."""

import re

import pytest
from django.urls import reverse

from cms.actions import set_audience
from network.events import deliver_events
from network.themes.overview import level, overview
from search import queries
from search.engines.base import EngineDown
from tests.factories import (
    a_lesson,
    a_member,
    a_partnership,
    a_staff,
    an_article,
    an_organisation,
)
from tests.forums.factories import a_forum, a_thread
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db
LIST = "/themes/"


def page(client, address, user=None, language="en") -> str:
    client.logout()
    if user:
        client.force_login(user)
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def count_of(theme, html: str) -> str:
    """The number beside the theme in the map; empty for none yet."""
    link = re.search(rf'href="{theme.get_absolute_url()}".*?</a>', html, re.DOTALL)
    found = re.search(r'class="heap[^>]*>(\d*)', link.group())
    return found.group(1)


@pytest.mark.parametrize(
    ("language", "name", "heading"),
    [("nn", "Sjukepleie", "nn"), ("nb", "Sykepleie", "nb"), ("en", "Nursing", "en")],
)
def test_both_pages_in_the_languages_of_the_interface(client, language, name, heading):
    names = {"nn": "Sjukepleie", "nb": "Sykepleie", "en": "Nursing"}
    theme = a_theme("nursing", scheme="sector", names=names)
    assert name in page(client, LIST, language=language)
    html = page(client, theme.get_absolute_url(), language=language)
    assert f'<html lang="{heading}"' in html
    assert f'<h1 class="h1">{name}</h1>' in html


def test_names_in_other_languages_say_which_language_they_are(client):
    names = {"nb": "Bolig", "nn": "Bustad", "fr": "Logement", "en": "Housing"}
    theme = a_theme("housing", names=names, also=[("en", "where to live")])
    html = page(client, theme.get_absolute_url())
    assert '<span lang="fr">Logement</span>' in html
    assert '<span lang="en">' not in html
    assert "where to live" in html


def test_of_many_words_that_find_a_theme_some_are_shown_and_the_rest_on_demand(client):
    words = [f"word {n:02}" for n in range(1, 12)]
    theme = a_theme("housing", also=[("en", one) for one in words])
    html = page(client, theme.get_absolute_url())
    first, rest = re.search(
        r"<details class=\"also.*?<summary>(.*?)</summary>(.*?)</details>", html, re.S
    ).groups()
    assert "word 08" in first and "3 more" in first and "word 09" not in first
    assert "word 09, word 10, word 11" in rest
    few = a_theme("hosting", also=[("en", one) for one in words[:10]])
    assert '<details class="also' not in page(client, few.get_absolute_url())


def test_an_unknown_theme_is_not_found(client):
    assert client.get("/themes/nothing/").status_code == 404
    assert client.post(reverse("themes:theme_list")).status_code == 405


def test_every_theme_stands_in_the_map_once_below_its_wider_one(client):
    health = a_theme("health", scheme="sector")
    nursing = a_theme("nursing", scheme="sector", parent=health)
    home = a_theme("coming-home", phase="after")
    goal = a_theme("sdg-5", scheme="sdg", code="5")
    html = page(client, LIST)
    for theme in (health, nursing, home, goal):
        assert html.count(f'href="{theme.get_absolute_url()}"') == 1
    found = overview({})
    assert [one.theme for one in found.schemes["sector"][0].below] == [nursing]
    after = found.phases[2]
    assert (after.key, [one.theme for one in after.entries]) == ("after", [home])


def test_a_theme_gathers_what_there_is_on_it(client):
    theme, other = a_theme("housing"), a_theme("visas")
    writer = a_member("Amina Kileo", themes=[theme])
    a_lesson(title="Ask before you rent", themes=[theme])
    an_article(title="Two rooms and a goat", themes=[theme])
    an_article(title="Stamped at last", themes=[other])
    an_organisation(name="Kisima Homes", themes=[theme], audience="public")
    deliver_events()
    html = page(client, theme.get_absolute_url(), writer)
    for told in ("Ask before you rent", "Two rooms and a goat", "Kisima Homes"):
        assert told in html
    assert "Amina Kileo" in html
    assert "Stamped at last" not in html


def test_an_empty_theme_says_who_could_fill_it(client):
    theme = a_theme("visas")
    html = page(client, theme.get_absolute_url(), a_member())
    assert "Whoever has been through it can" in html
    assert reverse("forums:forum_list") in html
    assert reverse("people:profile_edit") in html


def test_a_member_can_follow_a_theme_and_a_visitor_is_not_asked_to(client):
    theme = a_theme("visas")
    follow = f'name="target" value="theme.{theme.pk}"'
    assert follow in page(client, theme.get_absolute_url(), a_member())
    assert follow not in page(client, theme.get_absolute_url())


def test_counts_and_lists_never_tell_of_what_the_reader_may_not_see(client):
    theme, partnership = a_theme("housing"), a_partnership(audience="members")
    insider, outsider, staff = a_member(of=partnership), a_member(), a_staff()
    closed = f"partnership.{partnership.pk}"
    an_article(closed, title="The landlord’s name", themes=[theme])
    an_article("members", title="Rooms for members", themes=[theme])
    deliver_events()
    address = theme.get_absolute_url()
    seen = {
        who: (count_of(theme, page(client, LIST, user)), page(client, address, user))
        for who, user in (
            ("anonymous", None),
            ("outsider", outsider),
            ("staff", staff),
            ("insider", insider),
        )
    }
    counts = {who: count for who, (count, _html) in seen.items()}
    assert counts == {"anonymous": "", "outsider": "1", "staff": "1", "insider": "2"}
    told = {who for who, (_count, html) in seen.items() if "landlord" in html}
    assert told == {"insider"}
    assert "Rooms for members" not in seen["anonymous"][1]


def test_what_is_restricted_is_counted_no_longer_before_it_is_indexed_anew(client):
    theme = a_theme("housing")
    article = an_article("public", title="Open for now", themes=[theme])
    deliver_events()
    assert count_of(theme, page(client, LIST)) == "1"
    set_audience(article, "staff")
    assert count_of(theme, page(client, LIST)) == ""
    assert "Open for now" not in page(client, theme.get_absolute_url())


def test_without_search_the_pages_stand_without_numbers(client, monkeypatch):
    theme = a_theme("housing")

    def away():
        raise EngineDown("no answer")

    monkeypatch.setattr(queries, "get_engine", away)
    assert "heap" not in page(client, LIST).replace("heap-key", "")
    assert "Search does not answer" in page(client, theme.get_absolute_url())


def test_the_map_and_a_theme_take_few_queries_however_much_there_is(
    client, django_assert_max_num_queries
):
    user, parent = a_member(), a_theme("housing")
    theme = a_theme("rooms", parent=parent)
    forum = a_forum()
    for number in range(6):
        a_theme(f"step-{number}", parent=parent)
        an_article(themes=[theme])
        a_lesson(themes=[theme])
        a_member(themes=[theme])
        an_organisation(themes=[theme], audience="public")
        a_thread(forum=forum, themes=[theme])
    deliver_events()
    client.force_login(user)
    for address in (LIST, parent.get_absolute_url(), theme.get_absolute_url()):
        client.get(address)
        with django_assert_max_num_queries(12):
            html = client.get(address).content.decode()
    assert html.count('<li class="item') == 12


def test_the_scale_grows_with_the_counts():
    assert [level(count, 100) for count in (0, 1, 4, 30, 100)] == [0, 1, 2, 3, 4]
    assert level(1, 1) == 4
