"""The search page in a browser: across languages, by keyboard, small, no script."""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from network.audience import MEMBERS
from network.events import deliver_events
from search import engines
from search.engines.base import EngineDown
from tests.e2e.test_pages import AXE
from tests.factories import a_lesson, an_article
from tests.forums.factories import a_forum, a_thread
from tests.themes.factories import a_theme

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# One need: talking through an interpreter where people disagree. The lesson that the
# demo has on it stands in bokmål only.
LESSON = "Tolken hørte sinnet som vi ikke hadde ord for"
QUESTIONS = {
    "pt": "como fazer mediação com a ajuda de um intérprete",
    "nn": "korleis meklar ein gjennom tolk",
    "en": "mediaton thruogh an interpreter",  # both slips are meant
}


def test_one_need_asked_in_three_languages_finds_the_same_lesson(browser, demo_site):
    for language, question in QUESTIONS.items():
        context = browser.new_context(locale=language, base_url=demo_site.url)
        page = context.new_page()
        page.goto("/search/")
        field = page.get_by_role("main").get_by_role("combobox")
        field.fill(question)
        field.press("Enter")
        page.wait_for_url("**/search/?q=*")
        first = page.locator("#results .list > .item h2 a").all()[:3]
        assert LESSON in [link.inner_text() for link in first], question
        found = page.get_by_role("link", name=LESSON)
        expect(found).to_have_attribute("lang", "nb")
        context.close()


@pytest.fixture
def library(site):
    """A few things of several kinds, on themes of two levels."""
    hosting = a_theme("hosting", scheme="sector", names={"en": "Hosting"})
    family = a_theme("host-family", parent=hosting, names={"en": "Host family"})
    themes = [hosting, family]
    for n in range(3):
        a_lesson(
            MEMBERS, title=f"Trust grows {n}", themes=themes, context_to="TZ",
            outcome="worked", summary="A plan is no promise, and trust is no plan.",
        )  # fmt: skip
    for code in ["NP", "KE", "MW", "MZ", "UG", "RW", "ZM", "GH", "BR", "CO", "GT"]:
        an_article(MEMBERS, title=f"Trust in {code}", countries=[code], themes=themes)
    a_thread(title="Whom do you trust?", forum=a_forum(audience=MEMBERS))
    deliver_events()
    return site


@contextmanager
def engine_away():
    class Away:
        def search(self, *args, **options):
            raise EngineDown("no answer")

        suggest = similar = unknown = near = search

    with engines.using(Away()):
        yield


def test_what_was_typed_before_completion_had_come_is_completed(open_page):
    page, waiting = open_page(), []
    page.route(re.compile("/js/suggest"), lambda route: waiting.append(route))
    page.goto("/search/")
    field = page.get_by_role("main").get_by_role("combobox")
    with page.expect_request(re.compile("/js/suggest")):
        field.press_sequentially("trus")
    waiting.pop().continue_()
    expect(page.get_by_role("main").get_by_role("option").first).to_be_visible()
    expect(field).to_have_value("trus")


def test_completion_goes_by_keyboard(open_page):
    page = open_page()
    page.goto("/search/")
    field = page.get_by_role("main").get_by_role("combobox")
    field.press_sequentially("trus")
    options = page.get_by_role("main").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    groups = page.locator("[role=listbox]:visible [role=group]").all()
    names = [group.get_attribute("aria-label") for group in groups]
    assert names == ["People", "Knowledge", "Discussions"]
    expect(page.get_by_role("main").locator("[role=option] mark").first).to_be_visible()

    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    expect(chosen).to_contain_text("Trust")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.input_value() == "trus"

    field.press_sequentially("t")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/people/**")


def test_an_answer_that_comes_late_is_not_shown(open_page):
    """Typed on, or sent off: what was asked before says nothing any more."""
    page = open_page()
    page.goto("/search/")
    waiting = []
    page.route(re.compile(r"/suggest/\?q=trus$"), lambda route: waiting.append(route))
    field = page.get_by_role("main").get_by_role("combobox")
    with page.expect_request(re.compile(r"/suggest/\?q=trus$")):
        field.press_sequentially("trus")
    field.fill("trusxyz")
    page.wait_for_timeout(600)
    for route in waiting:
        route.abort()
    expect(page.get_by_role("main").get_by_role("option")).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("js", [True, False])
def test_on_a_phone_the_choices_are_a_sheet(open_page, js):
    page = open_page(width=360, js=js)
    page.goto("/search/?q=trust")
    sheet = page.locator(".sheet__in")
    expect(sheet).not_to_be_visible()
    page.locator(".sheet > summary").click()
    expect(sheet).to_be_visible()
    box = sheet.bounding_box()
    assert (box["x"], box["width"]) == (0, 360) and box["y"] + box["height"] == 800
    page.get_by_label("Host family, part of Hosting").check()
    page.get_by_label("Lesson").check()
    page.locator(".sheet .savebar button").click()

    page.wait_for_url(re.compile(r"/search/\?q=trust&kind=lesson&theme=host-family$"))
    expect(page.locator("#total")).to_have_text("3 results")
    expect(page.locator(".chosen .ds-chip")).to_have_count(2)
    page.get_by_role("link", name="Clear all").first.click()
    page.wait_for_url(re.compile(r"/search/\?q=trust$"))
    expect(page.locator("#total")).to_have_text("15 results")


def test_beside_the_results_a_choice_answers_at_once(open_page):
    page = open_page()
    page.goto("/search/?q=trust")
    page.get_by_label("Discussion").check()
    page.wait_for_url("**/search/?q=trust&kind=discussion")
    expect(page.locator("#total")).to_have_text("1 result")


def test_without_javascript_every_way_is_a_link_or_a_form(open_page):
    page = open_page(width=360, js=False)
    page.goto("/")
    page.get_by_role("banner").get_by_role("searchbox").fill("turst")
    page.get_by_role("banner").get_by_role("button", name="Search").click()
    expect(page.get_by_text("Showing results for trust.")).to_be_visible()
    page.locator(".how summary").click()
    expect(page.get_by_text("words that stand together")).to_be_visible()
    page.goto("/search/?q=trust&kind=person&country=NP")
    page.get_by_role("link", name="Without “Person”").click()
    expect(page.locator("#total")).to_have_text("1 result")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wrong_in_any_state_of_the_page(open_page, width, scheme):
    page, wrong = open_page(width=width, scheme=scheme), []

    def look(state: str) -> None:
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{state}: scrolls sideways")
        for rule in Axe().run(page, options=AXE).response["violations"]:
            where = [node["target"] for node in rule["nodes"]][:3]
            wrong.append(f"{state}: {rule['id']} {where}")

    page.goto("/search/?q=turst+country:Xyz&theme=hosting")
    look("results")
    page.locator(".how summary").click()
    look("how to search")
    if width == 360:
        page.locator(".sheet > summary").click()
        look("sheet")
    page.goto("/search/?q=trust&kind=person&country=NP")
    look("nothing, with ways")
    page.goto("/search/?q=zeppelins")
    look("nothing")
    field = page.get_by_role("main").get_by_role("combobox")
    field.fill("trus")
    expect(page.get_by_role("main").get_by_role("option").first).to_be_visible()
    look("completion")
    with engine_away():
        page.goto("/search/?q=trust")
        expect(page.get_by_text("Search is resting just now.")).to_be_visible()
        look("down")
    assert wrong == []
