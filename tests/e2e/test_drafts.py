"""What is typed survives: a dead line, a second window, an ended session."""

import pytest
from playwright.sync_api import expect

from forums.actions import set_forum_audience
from forums.models import Draft
from network.audience import STAFF
from tests.e2e.conftest import session_of
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import PASSWORD, a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FIELD = "#reply textarea"
LINE = "[data-draft] [data-status]"


@pytest.fixture
def member(transactional_db):
    return a_member("Wanjiru Writer", language="en")


def opened(context, site, thread):
    page = context.new_page()
    page.goto(site.url + thread.get_absolute_url(), wait_until="networkidle")
    return page


def kept_here(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(x => x.includes('draft'))")


def sign_out(page):
    page.locator(".tools details.menu").last.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")


def test_a_pause_saves_and_the_text_stands_on_another_device(site, signed_in, member):
    thread = a_thread()
    page = opened(signed_in(member), site, thread)
    page.fill(FIELD, "Half a sentence")
    expect(page.locator(LINE)).to_contain_text("Saved ")
    assert kept_here(page) == []
    other = opened(signed_in(member), site, thread)
    assert other.locator(FIELD).input_value() == "Half a sentence"


def test_leaving_before_the_pause_saves_too(site, signed_in, member):
    thread = a_thread()
    page = opened(signed_in(member), site, thread)
    page.fill(FIELD, "Away at once")
    page.goto(site.url + "/forums/")
    page.goto(site.url + thread.get_absolute_url())
    expect(page.locator(FIELD)).to_have_value("Away at once")
    expect(page.locator("[data-newer]")).to_be_hidden()


def publish(page, site, forum):
    page.goto(f"{site.url}/forums/{forum.slug}/new/", wait_until="networkidle")
    page.fill("[name=title]", "What I learned")
    page.fill("[name=markdown]", "To ask first.")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/forums/thread/**")


def test_the_way_back_from_what_was_sent_makes_no_draft_of_it(site, signed_in, member):
    page = signed_in(member).new_page()
    publish(page, site, a_forum())
    page.go_back()  # the browser puts back what was typed
    expect(page.locator("[name=markdown]")).to_have_value("")
    assert not Draft.objects.exists()


@pytest.fixture
def keeps_pages(browser, site, member):
    """A page of a browser that keeps those left for the way back, as people have it."""
    keeping = browser.browser_type.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = keeping.new_context(locale="en")
    context.add_cookies([session_of(member, site)])
    yield context.new_page()
    keeping.close()


def go_back(page):
    page.evaluate("setTimeout(() => history.back())")  # no page is loaded to wait for


def test_nor_where_the_page_is_as_it_was_left(keeps_pages, site):
    publish(keeps_pages, site, a_forum())
    go_back(keeps_pages)
    expect(keeps_pages.locator("[name=markdown]")).to_have_value("")
    assert not Draft.objects.exists()


def test_the_way_back_after_signing_out_shows_nothing_of_who_was_there(
    keeps_pages, site
):
    thread = a_thread(title="For members alone")
    keeps_pages.goto(site.url + thread.get_absolute_url(), wait_until="networkidle")
    sign_out(keeps_pages)
    go_back(keeps_pages)
    keeps_pages.wait_for_url("**/thread/**")
    expect(keeps_pages.get_by_text("For members alone")).to_have_count(0)


def test_without_a_line_it_stays_on_the_device_and_is_sent_later(
    site, signed_in, member
):
    thread = a_thread()
    context = signed_in(member)
    page = opened(context, site, thread)
    context.set_offline(True)
    page.fill(FIELD, "Typed on the bus")
    expect(page.locator(LINE)).to_have_text(
        "Not saved: no line. It is kept on this device."
    )
    page.close()
    context.set_offline(False)
    assert not Draft.objects.exists()
    page = opened(context, site, thread)
    expect(page.locator(FIELD)).to_have_value("Typed on the bus")
    expect(page.locator(LINE)).to_contain_text("Saved ")
    assert kept_here(page) == []
    assert Draft.objects.get().markdown == "Typed on the bus"


def test_when_the_line_comes_back_it_is_saved_by_itself(site, signed_in, member):
    context = signed_in(member)
    page = opened(context, site, a_thread())
    context.set_offline(True)
    page.fill(FIELD, "In a tunnel")
    expect(page.locator(LINE)).to_contain_text("Not saved")
    context.set_offline(False)
    expect(page.locator(LINE)).to_contain_text("Saved ")


def test_the_list_takes_in_what_the_device_kept(site, signed_in, member):
    context = signed_in(member)
    page = opened(context, site, a_thread())
    context.set_offline(True)
    page.fill(FIELD, "From the device")
    expect(page.locator(LINE)).to_contain_text("Not saved")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(site.url + "/forums/drafts/")
    expect(page.get_by_text("From the device")).to_be_visible()


@pytest.mark.parametrize("choice", ["Take that text", "Keep mine"])
def test_two_windows_and_neither_overwrites_the_other(site, signed_in, member, choice):
    thread, context = a_thread(), signed_in(member)
    one, two = opened(context, site, thread), opened(context, site, thread)
    one.fill(FIELD, "In the first")
    expect(one.locator(LINE)).to_contain_text("Saved ")
    two.fill(FIELD, "In the second")
    expect(two.locator("[data-newer]")).to_be_visible()
    assert two.evaluate("document.activeElement.name") == "markdown"
    assert Draft.objects.get().markdown == "In the first"
    two.get_by_text(choice).click()
    wished = "In the first" if choice == "Take that text" else "In the second"
    expect(two.locator(FIELD)).to_have_value(wished)
    expect(two.locator("[data-newer]")).to_be_hidden()
    if choice == "Keep mine":
        expect(two.locator(LINE)).to_contain_text("Saved ")
    assert Draft.objects.get().markdown == wished
    assert kept_here(two) == []


def test_the_form_is_fresh_after_sending_and_keeps_the_next_text(
    site, signed_in, member
):
    thread = a_thread()
    page = opened(signed_in(member), site, thread)
    page.fill(FIELD, "The first answer")
    page.click("#reply button:text-is('Answer')")
    page.wait_for_selector("text=Your answer stands above.")
    assert page.locator(FIELD).input_value() == ""
    page.fill(FIELD, "And one thing more")
    expect(page.locator(LINE)).to_contain_text("Saved ")
    assert Draft.objects.get().markdown == "And one thing more"
    page.reload()
    expect(page.locator(FIELD)).to_have_value("And one thing more")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(FIELD)).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(FIELD)).to_have_value("And one thing more")


def test_a_line_lost_while_sending_loses_nothing(site, signed_in, member):
    thread, context = a_thread(), signed_in(member)
    page = opened(context, site, thread)
    page.fill(FIELD, "Sent into nothing")
    send, asked = page.locator("#reply button:text-is('Answer')"), []
    page.route("**/reply/", lambda route: asked.append(route))
    send.click()
    expect(send).to_be_disabled()  # while nobody knows whether it arrived
    asked.pop().abort()
    expect(send).to_be_enabled()
    page.unroute("**/reply/")
    context.set_offline(True)
    page.click("#reply button:text-is('Answer')")
    expect(page.locator("#failed")).to_be_visible()
    assert page.locator(FIELD).input_value() == "Sent into nothing"
    assert len(kept_here(page)) == 1
    context.set_offline(False)
    page.click("#reply button:text-is('Answer')")
    page.wait_for_selector("#post-2")
    assert thread.posts.count() == 2
    page.reload()
    assert page.locator(FIELD).input_value() == ""
    assert not Draft.objects.exists()
    assert kept_here(page) == []


@pytest.mark.parametrize("js", [True, False])
def test_an_ended_session_keeps_the_text_through_signing_in(
    site, signed_in, member, js
):
    thread = a_thread()
    context = signed_in(member, java_script_enabled=js)
    page = opened(context, site, thread)
    page.fill(FIELD, "Written over a long lunch")
    context.clear_cookies(name="sessionid")
    page.click("#reply button:text-is('Answer')")
    page.wait_for_url("**/account/login/**")
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/forums/thread/**")
    expect(page.locator(FIELD)).to_have_value("Written over a long lunch")
    page.click("#reply button:text-is('Answer')")
    page.wait_for_selector("#post-2")
    page.wait_for_timeout(300)
    assert thread.posts.count() == 2
    assert not Draft.objects.exists()


def test_a_new_thread_comes_back_whole(site, signed_in, member):
    forum = a_thread().forum
    context = signed_in(member)
    page = context.new_page()
    page.goto(f"{site.url}{forum.get_absolute_url()}new/")
    page.fill("[name=title]", "Who carries the first week?")
    page.check("[name=kind][value=experience]")
    page.fill("[name=markdown]", "We let a colleague do it.")
    expect(page.locator(LINE)).to_contain_text("Saved ")
    page.reload()
    expect(page.locator("[name=title]")).to_have_value("Who carries the first week?")
    expect(page.locator("[name=kind][value=experience]")).to_be_checked()
    page.fill("[name=title]", "Who carries the second?")
    page.press("[name=title]", "Enter")  # the first button sends, none discards
    page.wait_for_selector("h1:text('Who carries the second?')")
    assert not Draft.objects.exists()


def test_signing_out_leaves_nothing_on_the_device(site, signed_in, member):
    context = signed_in(member)
    page = opened(context, site, a_thread())
    page.route("**/save/", lambda route: route.abort())
    page.fill(FIELD, "On a shared phone")
    expect(page.locator(LINE)).to_contain_text("Not saved")
    assert len(kept_here(page)) == 1
    sign_out(page)
    assert kept_here(page) == []


def test_another_person_on_the_same_device_does_not_see_it(site, signed_in, member):
    thread, context = a_thread(), signed_in(member)
    page = opened(context, site, thread)
    context.set_offline(True)
    page.fill(FIELD, "Only mine")
    expect(page.locator(LINE)).to_contain_text("Not saved")
    page.close()
    context.set_offline(False)
    other = a_member("Otieno Other", language="en")
    context.add_cookies([session_of(other, site)])
    page = opened(context, site, thread)
    page.wait_for_timeout(500)
    assert page.locator(FIELD).input_value() == ""
    assert not Draft.objects.exists()


def test_losing_the_thread_does_not_lose_ones_own_words(site, signed_in, member):
    thread = a_thread()
    context = signed_in(member)
    page = context.new_page()
    with page.expect_response("**/news/**"):
        page.goto(site.url + thread.get_absolute_url())
    page.fill(FIELD, "My own words")
    set_forum_audience(thread.forum, STAFF)
    page.wait_for_selector("text=no longer open to you")
    field = page.get_by_label("What you had written")
    expect(field).to_have_value("My own words")
