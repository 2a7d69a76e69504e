"""The map of themes: what it counts, for whom, and where experience is thin."""

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from network.audience import MEMBERS, PUBLIC, STAFF
from network.events import deliver_events
from search import engines
from search.engines.base import EngineDown
from tests.factories import (
    a_lesson,
    a_member,
    a_placement,
    a_staff,
    an_article,
)
from tests.forums.factories import a_forum, a_post, a_thread
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db

EXPLORER, THIN = "/search/explorer/", "/search/explorer/thin/"


def browser(user=None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def main_of(client, address: str, **params) -> BeautifulSoup:
    deliver_events()
    response = client.get(address, params)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").main


def table_of(main) -> list[list]:
    """The rows of its table, of cells, heads and feet with them."""
    return [row.find_all(["th", "td"]) for row in main.table.find_all("tr")]


def texts(main) -> list[list[str]]:
    return [[cell.get_text(" ", strip=True) for cell in row] for row in table_of(main)]


def numbers(client, **params) -> dict[tuple[str, str], int]:
    """All the table says: (row, column) -> number; totals among them."""
    head, *rows = texts(main_of(client, EXPLORER, **params))
    return {
        (row[0], column): int(number)
        for row in rows
        for column, number in zip(head[1:], row[1:], strict=True)
    }


def cells(client, **params) -> dict[tuple[str, str], int]:
    """The squares that something stands in."""
    return {
        place: number
        for place, number in numbers(client, **params).items()
        if number and "In all" not in place and "Everything" not in place[0]
    }


def total_at(client, url: str) -> int:
    shown = BeautifulSoup(client.get(url).content, "html.parser").find(id="total")
    return int(re.search(r"\d+", shown.get_text())[0]) if shown else 0


def linked(main) -> dict[str, int]:
    """address -> number, of table and picture."""
    links = [*main.select("table td a"), *main.select("svg a[class]")]
    found = {}
    for link in links:
        number = int((link.find("text") or link).text)
        assert found.setdefault(link["href"], number) == number
    return found


@pytest.fixture
def network(db):
    """A few works on two themes and a goal, for readers of three kinds."""
    water = a_theme("water", names={"en": "Water", "pt": "Abastecimento"})
    trust = a_theme("trust", names={"en": "Trust", "nn": "Tillit"})
    goal = a_theme("clean-water", scheme="sdg", code="6", names={"en": "Clean water"})
    a_theme("money", names={"en": "Money"})
    to = {"context_from": "NO", "context_to": "TZ"}
    a_lesson(title="Pumps", themes=[water, goal], **to)
    a_lesson(title="Wells and pumps", themes=[water, trust], phase="after", **to)
    an_article(MEMBERS, title="Pumps of ours", themes=[water], countries=["NP", "TZ"])
    an_article(title="Tillit til pumpa", language="nn", themes=[trust])
    a_lesson(STAFF, title="Pumps that failed", themes=[trust, goal], context_to="GT")
    a_thread(
        a_forum(audience=MEMBERS), title="Whose pumps?", themes=[water],
        author=a_member("Asha Moyo", country="MW", themes=[trust]),
    )  # fmt: skip
    deliver_events()


ADDRESSES = [
    {},
    {"kind": "everything"},
    {"kind": "everything", "q": "pumps"},
    {"rows": "sdg"},
    {"columns": "phase"},
    {"columns": "year", "kind": "lesson"},
    {"columns": "outcome", "kind": ["lesson", "article"]},
    {"kind": "people"},
    {"q": "abastecimento"},
    {"q": "tillit", "kind": "everything", "plain": "trust"},
    {"q": "pupms"},
    {"q": "pupms", "exact": "1"},
    {"q": "pumps zeppelins balloons"},
    {"q": '"pumps wells"'},
    {"q": "pumps -failed", "phase": "before"},
    {"q": "theme:water pumps country:TZ"},
    {"q": "pumps -theme:trust", "columns": "phase"},
    {"q": "theme:water", "rows": "sdg"},
    {"theme": "water", "rows": "sdg", "columns": "country"},
    {"theme": ["water", "trust"], "country": ["TZ", "NP"]},
    {"sdg": "clean-water", "language": "en"},
]


@pytest.mark.parametrize(
    "who",
    [
        pytest.param("visitor", marks=pytest.mark.services),  # each takes long
        "member",
        pytest.param("staff", marks=pytest.mark.services),
    ],
)
def test_each_number_is_what_its_address_finds_for_the_same_reader(network, who):
    users = {"visitor": None, "member": a_member, "staff": a_staff}
    client = browser(users[who] and users[who]())
    counted = {}
    for params in ADDRESSES:
        main = main_of(client, EXPLORER, **params)
        for url, number in linked(main).items() if main.table else ():
            assert number > 0
            if url not in counted:
                counted[url] = total_at(client, url)
            assert (params, url, number) == (params, url, counted[url])
    assert len(counted) > 60


def test_an_open_square_is_a_search_that_finds_nothing(network):
    client = browser(a_member())
    main = main_of(client, EXPLORER)
    _head, *rows, foot = table_of(main)
    for row in rows:
        for column, cell in zip(foot[2:], row[2:], strict=True):
            if cell.text == "0" and row[1].a and column.a:
                facet = column.a["href"].partition("?")[2]
                assert total_at(client, f"{row[1].a['href']}&{facet}") == 0


def test_the_squares_are_those_of_the_theme_and_the_place(network):
    member = browser(a_member())
    assert cells(browser()) == {
        ("Water", "Norway"): 2, ("Water", "Tanzania"): 2,
        ("Trust", "Norway"): 1, ("Trust", "Tanzania"): 1,
    }  # fmt: skip
    assert cells(member, q="theme:trust ours") == {
        ("Water", "Tanzania"): 1, ("Water", "Nepal"): 1,
    }  # fmt: skip
    goals = cells(member, rows="sdg", columns="phase")
    assert goals == {("6 Clean water", "Before"): 1}
    assert cells(member, columns="phase", kind="lesson") == {
        ("Water", "Before"): 1, ("Water", "After"): 1, ("Trust", "After"): 1,
    }  # fmt: skip
    row = [text for text in texts(main_of(member, EXPLORER)) if text[0] == "Money"]
    assert row == [["Money", "0", "0", "0", "0"]]


def test_the_picture_says_the_same_as_the_table(network):
    main = main_of(browser(a_member()), EXPLORER)
    drawn = {a["href"]: a.find("text").text for a in main.select("svg a[class]")}
    told = {a["href"]: a.text for a in main.select("tbody td[class*=heat] a")}
    assert drawn == told and len(drawn) == 5
    assert len(main.select("svg g.heat--0")) == 4
    assert main.svg["aria-hidden"] == "true"
    assert all(a["tabindex"] == "-1" for a in main.svg.find_all("a"))


def test_what_the_reader_may_not_see_changes_nothing(network):
    """Neither a square, nor a row's place, nor a column, nor a total."""
    readers = {"visitor": browser(), "member": browser(a_member())}
    addresses = [{}, {"kind": "everything"}, {"columns": "year"}, {"q": "pumps"}]
    addresses += [{"rows": "sdg", "columns": "region"}, {"q": "pmups"}]

    def seen(client):
        return [str(main_of(client, EXPLORER, **params)) for params in addresses]

    before = {who: seen(client) for who, client in readers.items()}
    money = a_theme("hidden-money", scheme="focus")
    for n in range(4):
        a_lesson(STAFF, title=f"Pmups {n}", themes=[money], context_to="SN")
    a_member("Rut Hidden", reach={"name": "me"}, themes=[money], country="BR")
    assert {who: seen(client) for who, client in readers.items()} == before


def test_a_country_that_somebody_keeps_to_themselves_is_no_column(db):
    trust = a_theme("trust", names={"en": "Trust"})
    shown = a_member(themes=[trust])
    a_placement(shown, to_country="NP", from_country="NO")
    kept = a_member(themes=[trust], reach={"exchange": "me", "country": "me"})
    a_placement(kept, to_country="GT", from_country="NO")
    quiet = a_member(reach={"themes": "me"}, themes=[trust])
    a_placement(quiet, to_country="NP", from_country="NO")
    found = numbers(browser(a_member()), kind="people")
    assert found["Trust", "Nepal"] == 1
    assert not [place for place in found if "Guatemala" in place]


@pytest.mark.parametrize(
    "address",
    [
        "rows=dragon&columns=dragon&kind=dragon", "columns=__class__", "kind=,,lesson,",
        "kind=everything&kind=lesson", "q=%00", "q=" + "a" * 9000, "q=%22%28%5B",
        "q=theme:", "q=NOT", "q=-theme:nothing+country:", "theme=%00", "country=ZZZ",
        "columns=country&country=XX&country=", "organisation=999999", "plain=nothing",
        "all=2", "all=1&rows=sdg&columns=year", "year=99999999999", "page=9&sort=best",
        "by=dragon", "q=by:nobody+after:never+before:2020", "rows=focus&rows=sdg",
    ],
)  # fmt: skip
def test_no_address_is_an_error(network, address):
    staff = browser(a_staff())
    assert staff.get(f"{EXPLORER}?{address}").status_code == 200
    assert staff.get(f"{THIN}?{address}").status_code == 200


def test_an_empty_network_says_what_to_do(db):
    a_theme("health", scheme="sector")
    for params in ({}, {"kind": "everything", "rows": "sdg"}, {"q": "zeppelin"}):
        main = main_of(browser(), EXPLORER, **params)
        assert main.find("h2").text == "Nothing stands in these squares yet"
        assert main.find(href="/forums/") and main.find(href="/themes/health/")
        assert not main.select("svg.heat") and not main.table


def test_what_is_found_beside_the_squares_is_led_to(db):
    an_article(title="Pumps")
    main = main_of(browser(), EXPLORER, q="pumps")
    assert not main.table
    link = main.find("a", string="see what is found")
    assert total_at(browser(), link["href"]) == 1


def test_more_themes_than_are_taken_in_are_left_out_until_asked_for(db):
    for n in range(24):
        theme = a_theme(f"step-{n}", names={"en": f"Step {n}"})
    a_lesson(themes=[theme], context_to="TZ")
    client = browser()
    main = main_of(client, EXPLORER)
    assert len(main.table.tbody.find_all("tr")) == 20 and main.select("svg.heat")
    assert "4 themes with less are left out." in main.text
    assert texts(main)[1][0] == "Step 23"
    everything = main_of(client, EXPLORER, all=1)
    assert len(everything.table.tbody.find_all("tr")) == 24
    assert not everything.select("svg.heat")


def test_the_form_carries_on_what_came_along_and_chips_take_it_away(network):
    main = main_of(browser(), EXPLORER, q="pumps", phase="before", rows="sdg")
    form = main.form
    assert form.find("option", value="sdg", selected=True)
    assert form.find("input", {"name": "phase", "type": "hidden"})["value"] == "before"
    chip = main.select_one("a[data-removable]")
    assert "Before" in chip.text and chip["href"] == "?q=pumps&rows=sdg"


def test_a_search_leads_to_its_map_and_a_theme_to_its_own(network):
    client = browser(a_member())
    page = main_of(client, "/search/", q="pumps", country="TZ", sort="newest")
    link = page.find("a", string="See as a map")
    assert link["href"] == f"{EXPLORER}?q=pumps&country=TZ&kind=everything"
    found = numbers(client, q="pumps", country="TZ", kind="everything")
    assert found["Water", "In all"] == 3 and found["Water", "Before"] == 1
    theme = main_of(client, "/themes/clean-water/").find("a", string="See as a map")
    assert "6 Clean water" in str(client.get(theme["href"]).content)
    assert main_of(client, "/themes/").find(href=EXPLORER)


class Away:
    def search(self, *args, **options):
        raise EngineDown("no answer")

    suggest = similar = unknown = crossed = near = search


@pytest.mark.parametrize("address", [EXPLORER, f"{EXPLORER}?q=trust", THIN])
def test_when_search_is_away_the_page_says_so_and_offers_themes(db, address):
    a_theme("health", scheme="sector")
    with engines.using(Away()):
        main = main_of(browser(a_staff()), address)
    assert "resting" in main.text and main.find(href="/themes/health/")
    assert not main.table


@pytest.mark.parametrize("address", [EXPLORER, f"{EXPLORER}?q=pumps&kind=people", THIN])
def test_the_page_asks_the_database_a_constant_number_of_times(
    network, address, django_assert_max_num_queries
):
    client = browser(a_staff())
    for n in range(5):
        member = a_member(themes=[a_theme(f"more-{n}")])
        a_placement(member, ends_on=None, starts_on=timezone.localdate())
    deliver_events()
    client.get(address)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


# Where experience is thin


def members_in(country: str, number: int, theme, lately=True, **reach) -> list:
    ends = timezone.localdate() - timedelta(days=30 if lately else 365 * 6)
    dates = {"starts_on": ends - timedelta(days=300), "ends_on": ends}
    people = [a_member(themes=[theme], reach=reach) for _ in range(number)]
    for person in people:
        a_placement(person, from_country="NO", to_country=country, **dates)
    return people


def thin(by="country") -> list[list[str]]:
    """theme, place, members, questions, written, need for each, all who were there."""
    main = main_of(browser(a_staff()), THIN, by=by)
    return texts(main)[1:] if main.table else []


def test_only_staff_see_where_it_is_thin_or_that_there_is_such_a_page(db):
    for client in (browser(), browser(a_member())):
        nothing = client.get("/search/explorer/nothing/")
        assert client.get(THIN).status_code == nothing.status_code == 404
        assert not main_of(client, EXPLORER).find(href=THIN)
        assert not main_of(client, "/themes/").find(href=THIN)
    staff = browser(a_staff())
    assert main_of(staff, EXPLORER).find(href=THIN)
    assert main_of(staff, "/themes/").find(href=THIN)
    assert "Nothing to rank yet" in main_of(staff, THIN).text


def test_the_list_goes_by_need_divided_by_what_is_written(db):
    water = a_theme("water", names={"en": "Water"})
    trust = a_theme("trust", names={"en": "Trust"})
    members_in("NP", 6, trust)
    members_in("MW", 5, water)
    a_lesson(themes=[trust], context_to="NP")
    a_lesson(STAFF, themes=[trust], context_to="NP")
    assert thin() == [
        ["Water", "Malawi", "5", "0", "0", "5", "5"],
        ["Trust", "Nepal", "6", "0", "2 on Trust, Nepal", "2", "6"],
    ]
    assert thin(by="phase") == [
        ["Trust", "After", "6", "0", "0", "6", "11"],
        ["Water", "After", "5", "0", "0", "5", "11"],
    ]


def test_what_is_written_is_the_number_its_address_finds(db):
    trust = a_theme("trust", names={"en": "Trust"})
    members_in("NP", 5, trust)
    a_lesson(themes=[trust], context_to="NP")
    a_thread(themes=[trust])
    client = browser(a_staff())
    [(url, number)] = [
        (a["href"], a.contents[0]) for a in main_of(client, THIN).select("td a")
    ]
    assert total_at(client, url) == int(number) == 1


def test_under_five_people_are_neither_counted_nor_told_apart(db):
    water = a_theme("water", names={"en": "Water"})
    members_in("NP", 1, water)
    one = thin()
    assert one == [["Water", "Nepal", "under 5", "0", "0", "2", "under 5"]]
    members_in("NP", 3, water)
    assert thin() == one
    members_in("NP", 1, water)
    assert thin() == [["Water", "Nepal", "5", "0", "0", "5", "5"]]


def test_fields_that_members_keep_to_themselves_are_left_out(db):
    water = a_theme("water", names={"en": "Water"})
    members_in("NP", 5, water)
    before = thin()
    members_in("NP", 2, water, exchange="me")
    members_in("NP", 2, water, name="me")
    members_in("GT", 6, water, exchange="me")
    assert thin() == before
    members_in("NP", 2, water, themes="me")  # their stay is no secret
    assert thin() == [[*before[0][:-1], "7"]]


def test_those_who_were_there_long_ago_are_left_out(db):
    water = a_theme("water")
    members_in("NP", 6, water, lately=False)
    assert thin() == []
    person = a_member(themes=[water])
    a_placement(person, to_country="NP", starts_on=date(2001, 1, 1), ends_on=None)
    assert thin() == []


def test_questions_nobody_answered_are_a_need_where_their_authors_were(db):
    water, trust = a_theme("water", names={"en": "Water"}), a_theme("trust")
    author, *_rest = members_in("NP", 5, trust)
    forum = a_forum(audience=PUBLIC)
    asked = {"author": author, "forum": forum, "kind": "question"}
    open_one = a_thread(themes=[water], **asked)
    a_thread(themes=[water], author=a_member(), forum=forum, kind="question")
    a_thread(themes=[water], author=author, forum=forum)  # no question
    rows = [row for row in thin() if row[0] == "Water"]
    assert rows == [["Water", "Nepal", "0", "1", "0", "1", "5"]]
    a_post(open_one)
    assert [row for row in thin() if row[0] == "Water"] == []
