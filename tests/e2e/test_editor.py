"""Writing a post in a real browser: buttons and keys, names, quotes."""

import re

import pytest
from playwright.sync_api import expect

from tests.forums.factories import a_post, a_thread
from tests.people.factories import a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FIELD = "#reply textarea"


@pytest.fixture
def page(site, signed_in, transactional_db):
    thread = a_thread(author=a_member("Anna Lie"), title="How do you prepare?")
    a_post(thread, markdown="We paired each newcomer with a host.")
    page = signed_in(a_member("Wanjiru Writer", language="en")).new_page()
    page.goto(site.url + thread.get_absolute_url(), wait_until="networkidle")
    page.locator(FIELD).click()
    expect(page.get_by_role("toolbar")).to_be_visible()
    return page


def text(page) -> str:
    return page.locator(FIELD).input_value()


def test_buttons_and_keys_write_markdown_that_can_be_undone(page):
    page.keyboard.type("word")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+b")
    assert text(page) == "**word**"
    page.keyboard.press("Control+b")
    assert text(page) == "word"
    page.get_by_role("button", name="List", exact=True).click()
    assert text(page) == "- word"
    page.keyboard.press("Control+z")
    assert text(page) == "word"


def test_the_toolbar_is_one_stop_and_arrows_go_along_it(page):
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.dataset.do") == "bold"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.do") == "italic"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "markdown"


def test_a_name_is_chosen_by_keyboard(page):
    page.keyboard.type("Ask @ann")
    expect(page.get_by_role("option", name="Anna Lie")).to_be_visible()
    page.keyboard.press("Enter")
    assert text(page) == "Ask @anna-lie "
    page.keyboard.type("@zzz")
    expect(page.get_by_role("listbox", name="People")).to_be_hidden()


def test_chosen_words_are_quoted_and_so_is_a_whole_post(page):
    words = page.locator("#post-2 .text p")
    words.evaluate(
        """node => {
          const range = document.createRange();
          range.setStart(node.firstChild, 3);
          range.setEnd(node.firstChild, 23);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    page.locator("[data-quote-chosen]").click()
    assert text(page).endswith("/2/\n> paired each newcomer\n\n")
    page.locator("#post-1 a[data-quote]").click()
    expect(page.locator(FIELD)).to_have_value(
        re.compile(r"/1/\n> Those who stay behind are not ready\.\n\n$")
    )


def test_the_first_press_on_quote_waits_for_what_quotes(page):
    waiting = []
    page.route(re.compile("/js/quote"), lambda route: waiting.append(route))
    with page.expect_request(re.compile("/js/quote")):
        page.locator("#post-1 a[data-quote]").click()
    waiting.pop().continue_()
    expect(page.locator(FIELD)).to_have_value(re.compile("> Those who stay"))


def test_without_what_quotes_the_form_opens_with_the_quotation(page):
    page.route(re.compile("/js/quote"), lambda route: route.abort())
    page.locator("#post-1 a[data-quote]").click()
    page.wait_for_url(re.compile(r"\?quote=1#reply$"))
    expect(page.locator(FIELD)).to_have_value(re.compile("> Those who stay"))


def test_the_quote_is_sent_and_names_its_author(page):
    page.locator("#post-1 a[data-quote]").click()
    expect(page.locator(FIELD)).to_have_value(re.compile("> Those"))
    page.keyboard.type("So it was with us.")
    page.keyboard.press("Control+Enter")
    quote = page.locator("#post-3 figure.quote")
    expect(quote).to_contain_text("Anna Lie wrote")
