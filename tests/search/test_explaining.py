"""Staff see why the results of a search stand as they do."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from cms.actions import set_audience
from network.audience import MEMBERS, PUBLIC, STAFF
from network.events import deliver_events
from network.people.models import User
from search import engines, reasons
from search.engines import weights
from search.engines.base import EngineDown
from search.models import PromotedResult, Synonym
from tests.factories import a_lesson, a_staff, an_article
from tests.people.factories import a_member
from tests.search.helpers import plain
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


@pytest.fixture
def staff(db) -> Client:
    user = a_staff()
    user.groups.add(Group.objects.get(name="Editors"))
    return signed_in(user)


def explained(client, q: str, **params) -> str:
    deliver_events()
    answer = client.get(reverse("explain:index"), {"q": q, **params})
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index("<main") :]


def read(html: str) -> str:
    return " ".join(plain(html.replace("<", " <")).split())


def order(page: str) -> list[list[str]]:
    """Each result: its title, its columns, its score."""
    _before, found, table = page.partition('id="order"')
    body = table.partition("<tbody>")[2].partition("</tbody>")[0] if found else ""
    return [
        [read(one) for one in (title, *re.findall(r"<td[^>]*>(.*?)</td>", rest, re.S))]
        for title, rest in re.findall(r"<th.*?(<a .*?</a>)(.*?)</tr>", body, re.S)
    ]


def titles(page: str) -> list[str]:
    return [row[0] for row in order(page)]


def test_each_of_the_first_results_tells_its_score_in_parts(staff):
    theme = a_theme("health", scheme="sector", names={"en": "Health"})
    a_lesson(title="Health work in pairs", summary="Nurses teach nurses.")
    a_lesson(title="Night shifts", themes=[theme])
    rows = order(explained(staff, "health"))
    assert {row[0] for row in rows} == {"Health work in pairs", "Night shifts"}
    for _title, words, widening, form, lifts, times, score in rows:
        parts = [float(x) for x in (words, widening, form, lifts) if x != "–"]
        assert sum(parts) * float(times) == pytest.approx(float(score), rel=0.005)
    [(words, widening)] = [row[1:3] for row in rows if row[0] == "Night shifts"]
    assert words == "–" and float(widening) == weights.THEME
    page = read(explained(staff, "health"))
    assert "alone in title:" in page and "behind the one before it" in page


def test_it_tells_how_the_query_was_understood(staff):
    theme = a_theme("trust", names={"en": "Trust", "nb": "Tillit"})
    a_lesson(title="Trust grows with host families", themes=[theme])
    an_article(title="Trust in Kenya", countries=["KE"])
    page = read(
        explained(staff, 'the turst "host families" -money kind:x country:Xyz lang:en')
    )
    for told in (
        "turst → trust",
        "Phrases, choices, beginnings “host families”",
        "Left out on purpose −money",
        "too common to tell the",
        "Not understood country:Xyz",
        "Language: English",
        "Trust : named by “trust” (English), weight",
        "tillit",
        "what is new of its kind",
    ):
        assert told.casefold() in page.casefold(), told


@pytest.mark.parametrize(
    ("text", "share"), [("trust", 1), ("trust grows slowly", 1 / 3)]
)
def test_a_name_in_passing_weighs_by_its_share_of_the_words(staff, text, share):
    a_lesson(
        themes=[a_theme("trust", names={"en": "Trust"})], title="Trust grows slowly"
    )
    weight = weights.THEME * weights.name_weight(share)
    told = f"named by “trust” (English), weight {weight:.1f}"
    assert told in read(explained(staff, text))


def test_words_that_editors_say_mean_the_same_are_told(staff):
    Synonym.objects.create(words="norec, fredskorpset")
    an_article(title="Fredskorpset gjennom tidene", language="nb")
    page = explained(staff, "norec")
    assert titles(page) == ["Fredskorpset gjennom tidene"]
    assert "Synonyms norec : named by" in read(page)


def test_it_looks_as_another_reader_would(staff):
    for audience in (PUBLIC, MEMBERS, STAFF):
        an_article(audience, title=f"Visa for {audience}")
    own = an_article(PUBLIC, title="Visa, chosen")
    secret = an_article(STAFF, title="Staff choice")
    for work in (own, secret):
        PromotedResult.objects.create(page=work, phrases="visa")
    seen = {
        reader: {title.partition(" for ")[2] for title in titles(page)} - {""}
        for reader in ("visitor", "member", "staff", "me", "nobody")
        if (page := explained(staff, "visa", reader=reader))
    }
    assert seen == {
        "visitor": {"public"},
        "member": {"public", "members"},
        "staff": {"public", "members", "staff"},
        "me": {"public", "members", "staff"},
        "nobody": {"public", "members", "staff"},
    }
    assert "Staff choice" in explained(staff, "visa")
    assert "Staff choice" not in explained(staff, "visa", reader="visitor")
    assert "Visa, chosen" in explained(staff, "visa", reader="visitor")


def test_staff_see_no_partnerships_of_others_here(staff):
    a_lesson("partnership.99", title="Trust under wraps")
    for reader in ("me", "staff", "member", "visitor"):
        page = explained(staff, "trust", reader=reader)
        assert "wraps" not in page and "0 results" in read(page)


def test_what_was_closed_a_moment_ago_is_not_explained(staff):
    work = a_lesson(MEMBERS, title="Trust grows")
    assert titles(explained(staff, "trust", reader="member")) == ["Trust grows"]
    set_audience(work, "partnership.99")
    page = staff.get(reverse("explain:index"), {"q": "trust"}).content.decode()
    assert "Trust grows" not in page


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": "  "},
        {"q": '"“-(*:OR ) AND'},
        {"q": "\x00 \ud800".encode("utf-8", "replace")},
        {"q": "long " * 400},
        {"q": "x", "reader": "root", "reads": "zz", "sort": "newest"},
        {"q": "", "theme": "none", "organisation": "99999999999"},
        {"q": "by:nobody theme:x -country:NO after:never"},
        {"q": "visa", "kind": "lesson", "organisation": "7", "page": "99999999"},
        {"q": "visa", "plain": ["theme.1", "<b>"], "exact": "1"},
    ],
)
def test_bad_input_is_answered(staff, params):
    an_article(title="Visa")
    deliver_events()
    answer = staff.get(reverse("explain:index"), params)
    assert answer.status_code == 200 and '<b>"' not in answer.content.decode()


def test_newest_first_is_not_weighed(staff):
    an_article(title="Visa")
    page = read(explained(staff, "visa", sort="newest"))
    assert "nothing is weighed" in page and "Visa" in page


def test_search_that_is_away_is_said(staff):
    class Away:
        name = "away"

        def search(self, *args, **options):
            raise EngineDown("no answer")

        unknown = near = explain = search

    with engines.using(Away()):
        page = explained(staff, "visa")
    assert "Search is resting just now" in page


def test_only_staff_who_edit_the_words_get_there(client, staff):
    address = reverse("explain:index")
    assert client.get(address).status_code == 302
    assert signed_in(a_member()).get(address).status_code in (302, 403, 404)
    clerk = a_staff()
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    editor = User.objects.create_user("ed@example.org", status=User.Status.APPROVED)
    editor.groups.add(Group.objects.get(name="Editors"))
    for other in (clerk, editor):
        assert signed_in(other).get(address).status_code == 404
    assert staff.get(address).status_code == 200
    assert address in staff.get("/editor/").content.decode()


def test_the_search_page_leads_there_for_staff_alone(client, staff):
    an_article(PUBLIC, title="Visa")
    deliver_events()
    address = reverse("explain:index")
    page = staff.get("/search/?q=visa&kind=article").content.decode()
    assert f'href="{address}?q=visa&amp;kind=article"' in page
    for reader in (client, signed_in(a_member()), signed_in(a_staff())):
        assert address not in reader.get("/search/?q=visa").content.decode()


def test_a_search_page_with_the_way_there_keeps_to_its_queries(
    staff, django_assert_max_num_queries
):
    an_article(title="Visa")
    deliver_events()
    staff.get("/search/?q=visa")
    with django_assert_max_num_queries(12):
        staff.get("/search/?q=visa")


def test_explaining_ten_costs_as_many_queries_as_explaining_two(
    staff, django_assert_max_num_queries
):
    for n in range(10):
        a_lesson(title=f"Visa {n}")
    explained(staff, "visa")
    with django_assert_max_num_queries(40):
        staff.get(reverse("explain:index"), {"q": "visa"})


def test_every_weight_is_shown_with_its_reason(staff):
    numbers = {
        name: value
        for name, value in vars(weights).items()
        if name.isupper() and isinstance(value, int | float)
    }
    told = {name for _heading, rows in reasons.WEIGHTS for names, *_ in rows
            for name in names}  # fmt: skip
    assert told == set(numbers)
    page = explained(staff, "")
    assert "Says its name in the title; in the text" in page
    assert "Question" in page and "180 days" in page
