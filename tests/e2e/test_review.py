"""Reporting, deciding and waiting, in a real browser."""

import pytest
from playwright.sync_api import expect

from forums.actions import post_reply, start_thread
from forums.models import Review
from network.people.models import User
from tests.forums.factories import a_forum
from tests.people.factories import a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library(site):
    return site


def test_a_report_goes_from_the_post_to_the_moderator_and_back(library, open_page):
    moderator = a_member("Mona Moderator", language="en")
    forum = a_forum(name="Hosting", moderators=[moderator])
    author = a_member("Ada Author", language="en")
    thread = start_thread(
        forum, author, title="Who pays the rent?", markdown="Tell us.", language="en"
    )
    post_reply(thread, author, "You are all fools.")

    page = open_page(width=360)
    page.goto(thread.get_absolute_url())
    post = page.locator("#post-2")
    post.get_by_role("link", name="Report").click()
    post.get_by_label("It hurts or threatens somebody").check()
    post.get_by_role("button", name="Report it").click()
    expect(post.get_by_role("status")).to_contain_text("Mona Moderator will look at it")

    page = open_page(moderator, width=360)
    page.goto("/forums/review/")
    menu = page.locator("summary", has_text="Menu for Mona Moderator, 1 thing waits")
    badge, initials = menu.locator(".ds-badge"), menu.locator(".ds-avatar")
    expect(badge).to_be_visible()
    badge.evaluate("badge => { badge.dataset.count = '99+'; }")
    over, face = badge.bounding_box(), initials.bounding_box()
    assert over["y"] + over["height"] < face["y"] + face["height"] / 2 - 6
    assert over["y"] >= 0 and over["x"] + over["width"] <= 360
    page.get_by_role("button", name="I take this").click()
    page.goto(Review.objects.get().get_absolute_url())
    choices = page.locator("fieldset label")
    assert choices.count() == 3
    for choice in choices.all():
        box = choice.bounding_box()
        assert box["width"] > 300 and box["height"] >= 44
    page.get_by_label("Hide the post").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Say why: its author is told.").first).to_be_visible()
    page.get_by_label("Why").fill("Say it kindly.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert Review.objects.get().outcome == "hidden"


def test_an_answer_too_many_is_told_in_the_page_and_kept(library, open_page):
    forum = a_forum(name="Hosting")
    author = a_member("Ada Author", language="en")
    thread = start_thread(
        forum, author, title="Who pays?", markdown="Tell us.", language="en"
    )
    page = open_page(width=360)
    trudy = User.objects.get(first_name="Trudy")
    for n in range(6):
        post_reply(thread, trudy, f"So it is, {n}.")
    page.goto(thread.get_absolute_url() + "#reply")
    page.get_by_label("Your answer").fill("One more thing.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("You can go on in").first).to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("One more thing.")
