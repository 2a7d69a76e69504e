"""The map of themes and the editors' pages of search, in a browser."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from network.audience import MEMBERS
from network.events import deliver_events
from search.models import PromotedResult, QueryLog, Synonym
from tests.e2e.test_pages import AXE
from tests.e2e.test_search import engine_away
from tests.factories import a_lesson, a_staff, a_superuser, an_article
from tests.themes.factories import a_theme

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library(site):
    hosting = a_theme("hosting", names={"en": "Hosting"})
    trust = a_theme("trust", names={"en": "Trust"})
    a_theme("budget", names={"en": "Budget"})
    for code in ("TZ", "TZ", "NP"):
        a_lesson(MEMBERS, title=f"In {code}", context_to=code, themes=[hosting])
    an_article(MEMBERS, title="On trust", countries=["TZ"], themes=[trust])
    deliver_events()
    return site


def faults(page, state: str) -> list[str]:
    found = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{state}: scrolls sideways")
    for rule in Axe().run(page, options=AXE).response["violations"]:
        where = [node["target"] for node in rule["nodes"]][:3]
        found.append(f"{state}: {rule['id']} {where}")
    return found


def test_by_keyboard_each_number_is_met_once_and_leads_to_its_search(open_page):
    page = open_page()
    page.goto("/search/explorer/")
    page.get_by_label("With the words").focus()
    met = []
    for _step in range(30):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "[document.activeElement.closest('svg.heat') && 'map',"
            " document.activeElement.closest('table') && 'table',"
            " document.activeElement.getAttribute('href')]"
        )
        met.append(tuple(here))
        if here[2] and "country=TZ" in here[2] and "theme=hosting" in here[2]:
            break
    assert met[-1][1] == "table" and "map" not in {place for place, *_ in met}
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("theme=hosting.*country=TZ"))
    expect(page.locator("#total")).to_have_text("2 results")


def test_by_pointer_a_square_leads_to_what_it_counts(open_page):
    page = open_page()
    page.goto("/search/explorer/")
    page.locator("svg.heat a[class^=heat--]").first.click()
    page.wait_for_url("**/search/?*theme=hosting*")
    expect(page.locator("#total")).to_have_text("2 results")


def test_on_a_phone_without_javascript_it_is_a_form_and_a_table(open_page):
    page = open_page(width=360, js=False)
    page.goto("/search/explorer/")
    page.get_by_label("Across").select_option("phase")
    page.get_by_label("With the words").fill("trust")
    page.get_by_role("main").get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile(r"columns=phase.*q=trust"))
    page.goto("/search/explorer/")
    row = page.get_by_role("row", name=re.compile("^Hosting"))
    row.get_by_role("link", name="2").click()
    expect(page.locator("#total")).to_have_text("2 results")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wrong_on_the_map(open_page, width, scheme):
    page, wrong = open_page(width=width, scheme=scheme), []
    for state, address in {
        "map": "/search/explorer/",
        "years": "/search/explorer/?columns=year&all=1",
        "nothing": "/search/explorer/?q=zeppelins",
    }.items():
        page.goto(address)
        wrong += faults(page, state)
    with engine_away():
        page.goto("/search/explorer/")
        expect(page.get_by_text("Search is resting just now.")).to_be_visible()
        wrong += faults(page, "down")
    staff = open_page(a_staff(language="en"), width, scheme)
    staff.goto("/search/explorer/thin/")
    wrong += faults(staff, "thin")
    assert wrong == []


# The editors' pages


@pytest.fixture
def editing(library):
    """Something on each of them."""
    work = an_article(MEMBERS, title="Your entry permit")
    PromotedResult.objects.create(page=work, phrases="visa")
    Synonym.objects.create(words="norec, fredskorpset")
    for n in range(2):
        day = timezone.localdate() - timedelta(days=n)
        QueryLog.objects.create(
            day=day, words="visa delay", language="en", themes="", asked=6, nothing=6
        )
    deliver_events()
    return a_superuser(language="en")


# Of Wagtail's own frame, not ours: its menu, header and chooser.
FRAME = [["#wagtail-sidebar"], [".w-slim-header"], ["header"], ["[data-chooser]"]]
EDITORS = [
    "/editor/explain/", "/editor/explain/?q=hosting+-trust+turst",
    "/editor/searches/", "/editor/searches/synonym/?words=visa", "/editor/promoted/",
    "/editor/promoted/new/", "/editor/synonyms/", "/editor/synonyms/new/",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wrong_on_the_editors_pages(open_page, editing, width, scheme):
    page, wrong = open_page(editing, width, scheme), []
    for address in EDITORS:
        assert page.goto(address).status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(x => x.open = 1)")
        told = Axe().run(page, context={"exclude": FRAME}, options=AXE).response
        for rule in told["violations"]:
            where = [node["target"] for node in rule["nodes"]][:3]
            wrong.append(f"{address}: {rule['id']} {where}")
    assert wrong == []


def test_staff_go_from_a_search_to_why_it_stands_so(open_page, editing):
    page = open_page(editing)
    page.goto("/search/?q=hosting")
    page.get_by_role("link", name="Why this order?").click()
    page.wait_for_url("**/editor/explain/?q=hosting")
    first = page.locator("#order tbody tr").first
    title = first.get_by_role("link").inner_text()
    assert title.startswith("In ")
    first.get_by_text("Its parts").click()
    expect(first.get_by_text(re.compile(r"Widening \(Hosting\)"))).to_be_visible()
    page.get_by_label("Seen by").select_option("visitor")
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_text("This reader finds nothing by it.")).to_be_visible()
