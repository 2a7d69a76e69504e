"""site.js in a browser, on a page of its own: menus, questions, forms sent once."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from network.quick import part

pytestmark = pytest.mark.e2e

ADDRESS = "http://site.example"
BODY = """
<details class="menu"><summary>Menu</summary><a href="#one">One</a></details>
<form method="post" action="/sent/"><button id="send">Send</button>
<button id="delete" data-confirm="Delete this?">Delete</button></form>
<div data-focus tabindex="-1">Two things are wrong</div>
<textarea id="why">eight ch</textarea>
<span data-counter="why" data-max="10" data-words="{n} of {max}" hidden></span>
"""


@pytest.fixture
def page(browser):
    sent = []
    script = settings.BASE_DIR / "network" / "static" / "js" / "site.js"
    html = BODY + str(part("includes/_end.jinja", {"user": AnonymousUser()}))
    html += '<script type="module" src="/site.js"></script>'

    def answer(route):
        if route.request.method == "POST":
            sent.append(route.request.url)
            return route.fulfill(status=204)
        if route.request.url.endswith("/site.js"):
            return route.fulfill(path=script, content_type="text/javascript")
        return route.fulfill(body=html, content_type="text/html")

    page = browser.new_page()
    page.sent = sent
    page.route("**/*", answer)
    page.goto(ADDRESS)
    yield page
    page.close()


def menu_is_open(page) -> bool:
    return page.eval_on_selector("details", "menu => menu.open")


def test_escape_closes_a_menu_and_gives_focus_back(page):
    page.click("summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not menu_is_open(page)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_menu_closes_by_a_click_beside_it(page):
    page.click("summary")
    assert menu_is_open(page)
    page.mouse.click(600, 600)
    assert not menu_is_open(page)


def test_a_menu_closes_when_focus_moves_on(page):
    page.click("summary")
    page.focus("#send")
    assert not menu_is_open(page)


def test_a_question_is_asked_first_and_no_means_no(page):
    page.click("#delete")
    assert page.inner_text("#confirm-text") == "Delete this?"
    page.click("#confirm [value='']")
    page.wait_for_selector("#confirm", state="hidden")
    assert page.sent == []
    assert page.evaluate("document.activeElement.id") == "delete"


def test_yes_sends_what_the_button_would_have_sent(page):
    page.click("#delete")
    with page.expect_request(f"{ADDRESS}/sent/"):
        page.click("#confirm [value=yes]")


def test_a_form_is_sent_once(page):
    with page.expect_request(f"{ADDRESS}/sent/"):
        page.evaluate(
            "for (const n of [1, 2, 3]) document.getElementById('send').click()"
        )
    page.wait_for_timeout(200)
    assert len(page.sent) == 1


def test_errors_are_where_one_begins(page):
    assert page.evaluate("document.activeElement.hasAttribute('data-focus')")


def test_the_count_follows_what_is_typed(page):
    assert page.inner_text("[data-counter]") == "8 of 10"
    page.fill("#why", "one")
    assert page.is_hidden("[data-counter]")


def test_a_line_that_fails_is_told(page):
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('htmx:sendError', {detail: {}}))"
    )
    assert page.is_visible("#failed")
