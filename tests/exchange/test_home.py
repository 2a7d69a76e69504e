"""The front page begins with the member's own exchange in time."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from network.exchange.models import Placement
from tests.cms.factories import a_home
from tests.exchange.factories import a_partnership, a_placement, a_round
from tests.people.factories import a_member

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    a_home()


def the_front_page(client, member) -> str:
    client.force_login(member)
    return client.get("/").content.decode()


def greeting(page: str) -> str:
    return " ".join(re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1].split())


def current_station(page: str) -> str:
    """The station marked as where they are, or nothing."""
    found = re.search(r'aria-current="step"[^>]*><b>(.*?)</b>', page)
    return found[1] if found else ""


def away(start, end=None, **fields):
    member = a_member("Asha Ibrahim")
    a_placement(member, starts_on=start, ends_on=end, **fields)
    return member


@pytest.mark.parametrize(
    ("start", "end", "says", "station"),
    [
        (date(2027, 1, 4), date(2027, 7, 2), "42 days to departure.", "Preparation"),
        (date(2026, 11, 24), None, "1 day to departure.", "Preparation"),
        (TODAY, date(2027, 7, 2), "Week 1 of 32.", "Arrival"),
        (date(2026, 9, 7), date(2027, 3, 1), "Week 12 of 26.", "Arrival"),
        (date(2026, 1, 5), TODAY, "Home since November 2026.", "6 months after"),
        (
            date(2025, 1, 6),
            date(2026, 2, 9),
            "Home since February 2026.",
            "12 months after",
        ),
        (date(2019, 1, 7), date(2020, 2, 9), "Home since February 2020.", ""),
    ],
)
def test_says_in_words_and_on_the_line_where_one_is(client, start, end, says, station):
    page = the_front_page(client, away(start, end))
    assert greeting(page) == f"Welcome back, Asha. {says}"
    assert current_station(page) == station


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (date(2027, 1, 1), date(2028, 1, 1), " You leave in 2027."),
        (date(2026, 1, 1), date(2027, 1, 1), ""),
        (date(2003, 1, 1), date(2004, 1, 1), " Home since 2004."),
    ],
)
def test_years_alone_are_not_counted_in_days(client, start, end, says):
    page = the_front_page(client, away(start, end, years_only=True))
    assert greeting(page) == f"Welcome back, Asha.{says}"
    assert f'<time datetime="{start.year}">{start.year}</time>' in page


def test_without_a_day_of_return_nothing_is_asked_of_the_time_after(client):
    page = the_front_page(client, away(date(2025, 2, 13)))
    assert greeting(page) == "Welcome back, Asha. You left in February 2025."
    assert current_station(page) == "Arrival"
    assert re.search(r'to-come"><b>Home again</b></li>', page)
    assert "months after" not in page


@pytest.mark.parametrize("dates", [None, {"starts_on": None, "ends_on": None}])
def test_without_a_placement_in_time_the_page_is_the_plain_one(client, dates):
    member = a_member("Asha Ibrahim")
    if dates:
        a_placement(member, **dates)
    page = the_front_page(client, member)
    assert greeting(page) == "Welcome back, Asha."
    assert 'class="route' not in page


def test_the_one_under_way_comes_before_the_one_ahead_and_that_before_the_past(client):
    member = away(date(2020, 1, 6), date(2020, 6, 1))
    a_placement(member, starts_on=date(2028, 1, 3), ends_on=None)
    a_placement(member, starts_on=date(2027, 1, 4), ends_on=date(2027, 7, 2))
    assert "42 days to departure." in the_front_page(client, member)
    a_placement(member, starts_on=date(2026, 9, 7), ends_on=date(2027, 3, 1))
    assert "Week 12 of 26." in the_front_page(client, member)


def test_names_the_partnership_and_round_to_whoever_may_see_them(client):
    partnership = a_partnership("Mwera–Skarvøy")
    member = away(date(2026, 9, 7), round=a_round(partnership))
    page = the_front_page(client, member)
    assert "Mwera–Skarvøy" not in page
    assert "Tanzania → Norway, 2026" in page
    member.placements.update(verified=Placement.Verified.PARTNER)
    page = the_front_page(client, member)
    assert "Mwera–Skarvøy</a> · Round 1" in page


def test_it_is_ones_own_line_that_is_shown(client):
    away(date(2026, 9, 7), date(2027, 3, 1))
    assert 'class="route' not in the_front_page(client, a_member("Juma Mosha"))


def test_speaks_the_readers_language(client):
    member = away(TODAY + timedelta(days=42))
    client.force_login(member)
    said = {"nn": "42 dagar til avreise.", "nb": "42 dager til avreise."}
    for language, words in said.items():
        member.language = language
        member.save()
        with translation.override(language):
            assert words in client.get("/").content.decode()


def test_more_exchanges_take_no_more_queries(client, django_assert_max_num_queries):
    member = away(date(2026, 9, 7), round=a_round(a_partnership()))
    for year in range(2010, 2020):
        round = a_round(a_partnership(), starts_on=date(year, 1, 4))
        a_placement(member, starts_on=date(year, 2, 1), ends_on=None, round=round)
    client.force_login(member)
    client.get("/")
    with django_assert_max_num_queries(20):
        client.get("/")
