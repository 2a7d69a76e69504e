"""Open pages follow a thread, in a real browser, against the site as it is served."""

import statistics
from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions import hide_post, post_reply, set_forum_audience
from network.audience import STAFF
from network.notifications.models import Subscription
from network.people.models import User
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# When a post came into the page, by its number.
WATCH = """
window.seen = {};
const note = () => { for (const post of document.querySelectorAll("[data-number]"))
  window.seen[post.dataset.number] ??= Date.now(); };
document.addEventListener("DOMContentLoaded", () => { note();
  const all = {childList: true, subtree: true};
  new MutationObserver(note).observe(document.body, all); });
"""
# Answers in the page's own form as a script would; when the answer was there.
ANSWER = """async (text) => {
  const form = document.querySelector("#reply form");
  const data = new FormData(form);
  data.set("markdown", text);
  data.set("token", text);
  await fetch(form.action, {method: "POST", body: data, redirect: "manual"});
  return Date.now();
}"""


@pytest.fixture
def reader(signed_in):
    """reader(member): their browser, which notes when a post came."""

    def sign_in(member):
        context = signed_in(member)
        context.add_init_script(WATCH)
        return context

    return sign_in


def opened(context, site, thread):
    page = context.new_page()
    with page.expect_response("**/news/**"):  # asked once it listens
        page.goto(site.url + thread.get_absolute_url())
    return page


def answers_on_open_pages(site, reader, answers: int, people=4, each=5) -> list[float]:
    """From an answer to the DOM of each open page, in ms, for each of the answers."""
    thread = a_thread()
    readers = [reader(a_member()) for _ in range(people)]
    # Nobody writes so much in their first week.
    User.objects.update(date_joined=timezone.now() - timedelta(days=30))
    pages = [opened(context, site, thread) for context in readers for _ in range(each)]
    waits = []
    for number in range(2, 2 + answers):
        answered = pages[0].evaluate(ANSWER, f"Answer {number}")
        for page in pages:
            page.wait_for_selector(f"#post-{number}")
            waits.append(page.evaluate(f"window.seen[{number}]") - answered)
    for page in pages:
        numbers = "[...document.querySelectorAll('[data-number]')]"
        shown = page.evaluate(numbers + ".map((post) => +post.dataset.number)")
        assert shown == list(range(1, 2 + answers))
        # a page loaded anew would have seen them all at once
        assert page.evaluate("new Set(Object.values(seen)).size") == 1 + answers
    return waits[len(pages) :]  # the first one also compiles templates


def test_a_reply_stands_in_its_place_on_twenty_open_pages(site, reader):
    assert len(answers_on_open_pages(site, reader, answers=3)) == 40


@pytest.mark.benchmarks
def test_twenty_open_pages_cost_no_more_than_twenty_times_one(site, reader):
    """How long that is, on this machine: pytest -s -m benchmarks tests/e2e."""
    few = answers_on_open_pages(site, reader, answers=21, people=1, each=1)
    many = answers_on_open_pages(site, reader, answers=21)
    for pages, waits in ((1, few), (20, many)):
        middle, p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
        print(f"{pages} pages: median {middle:.0f} ms, 95 % {p95:.0f} ms")
    assert statistics.median(many) < 20 * statistics.median(few)


def test_a_new_post_moves_neither_focus_nor_what_one_types_in(site, reader):
    thread = a_thread()
    page = opened(reader(a_member()), site, thread)
    field = page.locator("#reply textarea")
    field.fill("I was about to say")
    field.focus()
    before = field.bounding_box()["y"]
    post_reply(thread, a_member("Neema Lwitiko"), "First\n\nsecond\n\nthird.")
    page.wait_for_selector("#post-2")
    assert page.evaluate("document.activeElement.id") == field.get_attribute("id")
    assert field.input_value() == "I was about to say"
    assert abs(field.bounding_box()["y"] - before) < 2
    assert "Neema Lwitiko has answered." in page.locator("#live").text_content()
    assert "1 answer" in page.locator("#answers").text_content()


def test_what_is_edited_and_hidden_changes_in_place(site, reader):
    from forums.actions import edit_post

    thread = a_thread()
    post = a_post(thread)
    page = opened(reader(a_member()), site, thread)
    edit_post(post, "Thought again.")
    page.wait_for_selector("#post-2 :text('Thought again.')")
    hide_post(post)
    page.wait_for_selector("#post-2", state="detached")


def test_a_page_catches_up_after_the_server_was_away(site, reader):
    thread, writer = a_thread(), a_member()
    page = opened(reader(a_member()), site, thread)
    site.stop()
    post_reply(thread, writer, "While you were away.")
    site.start()
    page.wait_for_selector("#post-2", timeout=20_000)
    post_reply(thread, writer, "And live again.")
    page.wait_for_selector("#post-3", timeout=5_000)


def test_a_page_that_was_in_the_background_catches_up(site, reader):
    thread, writer = a_thread(), a_member()
    page = opened(reader(a_member()), site, thread)
    hidden = (
        "Object.defineProperty(document, 'hidden',{value: VALUE, configurable: true})"
    )
    page.evaluate(hidden.replace("VALUE", "true"))
    post_reply(thread, writer, "In the night.")
    page.wait_for_timeout(1500)
    assert page.query_selector("#post-2") is None
    page.evaluate(hidden.replace("VALUE", "false"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#post-2")


def test_losing_access_takes_the_thread_off_the_page(site, reader):
    thread = a_thread(a_forum(), markdown="Only among us.")
    page = opened(reader(a_member()), site, thread)
    assert "Only among us." in page.content()
    set_forum_audience(thread.forum, STAFF)
    page.wait_for_selector("text=no longer open to you")
    text = page.locator("body").text_content()
    assert "Only among us." not in text
    assert thread.title not in text
    assert thread.title not in page.title()


def test_the_bell_counts_at_once(site, reader):
    member, thread = a_member(), a_thread()
    Subscription.objects.follow(member, thread)
    page = reader(member).new_page()
    page.goto(site.url + "/forums/")
    page.wait_for_timeout(500)
    a_post(thread)
    page.wait_for_selector("#bell[data-unread='1']")
    assert "1 unread" in page.locator("#bell").text_content()


def test_an_answer_is_written_in_place_and_the_form_is_fresh(site, reader):
    thread = a_thread()
    page = opened(reader(a_member()), site, thread)
    said = []
    page.on("console", lambda one: said.append(one.text))
    page.fill("#reply textarea", "Written **here**.")
    page.click("text=Preview")
    page.wait_for_selector("#preview strong:text('here')")
    page.click("#reply button:text('Answer')")
    page.wait_for_selector("#post-2 strong:text('here')")
    page.wait_for_selector("text=Your answer stands above.")
    assert page.locator("#reply textarea").input_value() == ""
    assert said == []
