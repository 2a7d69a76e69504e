"""Lists, presence and the pause, on pages that are open in a real browser."""

import pytest
from playwright.sync_api import expect

from forums.actions import set_forum_audience
from network.audience import STAFF
from network.notifications.actions import mark_read
from network.notifications.models import Notification
from tests.e2e.conftest import session_of
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import PASSWORD, a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def opened(context, address: str):
    """A page that listens."""
    page = context.new_page()
    with page.expect_websocket() as socket:
        page.goto(address)
    socket.value.wait_for_event("framereceived")
    return page


def test_a_list_says_what_is_new_and_moves_nothing(site, signed_in):
    forum = a_forum()
    for _ in range(3):
        a_thread(forum)
    page = opened(signed_in(a_member()), site.url + forum.get_absolute_url())
    first = page.locator(".list .item").first
    before = first.bounding_box()["y"]
    a_thread(forum, title="Just now")
    expect(page.locator(".live__news")).to_contain_text("1 new thread")
    expect(page.locator("#live")).to_have_text("1 new thread")
    assert first.bounding_box()["y"] == before
    assert page.evaluate("document.activeElement === document.body")
    page.click(".live__news a")
    expect(page.locator(".list .item").first).to_contain_text("Just now")


def test_a_room_that_closes_goes_off_its_open_page(site, signed_in):
    thread = a_thread(a_forum(name="Our own room"), title="Only among us")
    page = opened(signed_in(a_member()), site.url + thread.forum.get_absolute_url())
    expect(page.locator("body")).to_contain_text("Only among us")
    set_forum_audience(thread.forum, STAFF)
    expect(page.locator("main")).to_contain_text("no longer open to you")
    assert "Only among us" not in page.content()
    assert "Our own room" not in page.title()


def test_the_bell_ends_with_what_was_counted_last(site, signed_in):
    member = a_member()
    page = opened(signed_in(member), f"{site.url}/forums/")
    late = []

    def answer(route):
        if late:
            route.continue_()
        else:
            late.append((route, route.fetch()))

    page.route("**/inbox/bell/", answer)
    a_post(a_thread(author=member))
    while not late:
        page.wait_for_timeout(50)
    mark_read(member, Notification.objects.all())
    page.wait_for_timeout(1000)  # for what is not to be seen: that it is heard
    route, first = late[0]
    route.fulfill(response=first)
    expect(page.locator("#bell")).to_have_attribute("data-unread", "0")


def test_two_people_see_each_other_come_write_and_go(site, signed_in):
    thread = a_thread()
    address = site.url + thread.get_absolute_url()
    one = opened(signed_in(a_member("Mariam Juma")), address)
    two = opened(signed_in(a_member("Jonas Vik")), address)
    expect(one.locator("#here")).to_contain_text("1 other is here now")
    one.click("#here summary")
    expect(one.locator("#here ul")).to_contain_text("Jonas Vik")
    two.fill("#reply textarea", "I think")
    expect(one.locator("#writing")).to_have_text("Jonas Vik is writing…")
    assert one.locator("#here details").evaluate("menu => menu.open")
    two.close()
    expect(one.locator("#writing")).to_have_text("")
    expect(one.locator("#here")).to_have_text("")


def test_paused_nothing_comes_and_going_on_brings_all_of_it(site, signed_in):
    thread = a_thread()
    context = signed_in(a_member())
    page = opened(context, site.url + thread.get_absolute_url())
    page.click("text=Pause live updates")
    expect(page.locator("[data-pause]")).to_contain_text("Live updates are paused")
    a_post(thread, markdown="Meanwhile.")
    page.wait_for_timeout(1500)
    assert page.query_selector("#post-2") is None
    other = context.new_page()
    other.goto(site.url + "/forums/")
    expect(other.locator("[data-pause]")).to_contain_text("Live updates are paused")
    other.click("[data-pause]")
    expect(page.locator("#post-2")).to_contain_text("Meanwhile.")
    expect(page.locator("[data-pause]")).to_contain_text("Pause live updates")


def test_many_posts_are_offered_not_poured_in(site, signed_in):
    thread, writer = a_thread(), a_member()
    page = opened(signed_in(a_member()), site.url + thread.get_absolute_url())
    page.wait_for_load_state("networkidle")  # it has asked what came while it opened
    page.click("text=Pause live updates")
    for _ in range(25):
        a_post(thread, writer)
    page.click("[data-pause]")
    expect(page.locator("#more")).to_contain_text("25 new posts")
    assert page.query_selector("#post-2") is None
    page.click("#more a")
    expect(page.locator("#post-2")).to_be_visible()


def test_a_new_password_puts_out_others_and_not_one_s_own_other_tabs(site, signed_in):
    thread, member = a_thread(), a_member()
    address = site.url + thread.get_absolute_url()
    mine, elsewhere = signed_in(member), signed_in(member)
    tab, other = opened(mine, address), opened(elsewhere, address)
    page = mine.new_page()
    page.goto(f"{site.url}/account/password/change/")
    page.fill("[name=oldpassword]", PASSWORD)
    for name in ("password1", "password2"):
        page.fill(f"[name={name}]", "eight-quiet-goats")
    with tab.expect_websocket() as again:
        page.press("[name=password2]", "Enter")
    again.value.wait_for_event("framereceived")
    expect(other.locator("#signed-out")).to_be_visible()
    a_post(thread, markdown="Heard on this tab.")
    expect(tab.locator("#posts")).to_contain_text("Heard on this tab.")
    expect(tab.locator("#signed-out")).to_be_hidden()


def test_who_signs_in_as_somebody_else_is_told_on_the_first_one_s_pages(
    site, signed_in
):
    thread, member = a_thread(), a_member()
    browser = signed_in(member)
    tab = opened(browser, site.url + thread.get_absolute_url())
    browser.add_cookies([session_of(a_member(), site)])
    member.set_password("changed elsewhere")
    member.save()
    expect(tab.locator("#signed-out")).to_be_visible()


@pytest.mark.parametrize("first", ["the session", "the thread"])
def test_a_session_that_ended_is_told_and_takes_no_text(site, signed_in, first):
    """Also where the page asks for news, and is told of none, before it hears."""
    thread, member = a_thread(markdown="Only among us."), a_member()
    page = opened(signed_in(member), site.url + thread.get_absolute_url())
    page.fill("#reply textarea", "I was about to say")
    if first == "the thread":
        page.route("**/news/?*", lambda route: route.fulfill(status=404))
        page.evaluate("document.body.dispatchEvent(new CustomEvent('thread-news'))")
        expect(page.locator("main textarea[readonly]")).to_be_visible()
        expect(page.locator("#reply textarea")).to_be_hidden()
    member.set_password("changed elsewhere")
    member.save()
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator("#signed-out a")).to_have_attribute(
        "href", f"/account/login/?next={thread.get_absolute_url()}"
    )
    expect(page.locator("main")).not_to_contain_text("Only among us.")
    expect(page.locator("#reply textarea")).to_be_visible()
    expect(page.locator("#reply textarea")).to_have_value("I was about to say")
    expect(page.locator("main textarea[readonly]")).to_have_count(0)
