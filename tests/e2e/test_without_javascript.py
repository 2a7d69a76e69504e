"""A member's day on a phone where no script runs: all of it by links and forms."""

import re
import time

import pytest
from playwright.sync_api import expect

from forums.actions import post_reply
from forums.models import Forum, Thread
from tests.e2e.phone import Phone, sign_in
from tests.people.factories import a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORDS = {"nn": "heimkomst", "en": "coming home"}
NOBODY_WROTE = "Xyzzyqwe"
FORUM = "preparation-and-return"
TITLE = "Who carries the first week?"
TEXT = "We let **the nearest colleague** do it."
TOLD_WITHIN = 5


@pytest.mark.parametrize("language", ["nn", "en"])
def test_a_member_does_everything_without_javascript(phone, language):
    asha = a_member("Asha Mollel", language=language)
    neema = a_member("Neema Sanga")
    phone = phone(language)

    sign_in(phone, asha)
    search(phone)
    narrow_and_widen(phone)
    go_from_nothing_found_to_a_forum(phone)

    open_the_forum(phone)
    start_a_thread(phone)
    follow_a_theme_for_a_while(phone)
    answered = answer_a_thread(phone)
    edit_the_answer(phone)

    post_reply(answered, neema, "Ours never asked.")
    post_reply(Thread.objects.get(title=TITLE), neema, "The *neighbour* did.")
    read_the_inbox(phone)
    stop_following_the_thread(phone)

    change_language(phone, {"nn": "en", "en": "nn"}[language])
    sign_out(phone)


def search(phone: Phone) -> None:
    """By the field in the head."""
    head = phone.page.get_by_role("banner")
    head.get_by_role("searchbox").fill(WORDS[phone.language])
    phone.press("Search", head)
    words = WORDS[phone.language]
    phone.head(phone.say("Search results for %(words)s", words=words))
    assert total(phone) > 1
    expect(phone.main.get_by_role("searchbox")).to_have_value(words)


def total(phone: Phone) -> int:
    shown = phone.page.locator("#total")
    number = int(re.search(r"\d+", shown.inner_text())[0])
    words = phone.count("%(n)s result", "%(n)s results", number)
    expect(shown).to_have_text(words)
    return number


def narrow_and_widen(phone: Phone) -> None:
    """The choices are a sheet: opened, chosen on, sent; the chip takes one away."""
    every = total(phone)
    narrow = phone.count("Narrow %(n)s result", "Narrow %(n)s results", every)
    phone.main.locator("summary", has_text=narrow).click()
    choice = phone.main.locator(".sheet label", has_text=phone.say("Lesson"))
    expect(choice).to_be_visible()
    counted = int(choice.locator(".n").inner_text())
    choice.click()
    expect(choice.get_by_role("checkbox")).to_be_checked()
    show = phone.count("Show %(n)s result", "Show %(n)s results", every)
    phone.main.get_by_role("button", name=show).click()

    assert total(phone) == counted < every
    kinds = phone.main.locator("#results .list > .item .kind").all_inner_texts()
    assert set(kinds) == {phone.say("Lesson")}
    chosen = phone.count("(%(n)s chosen)", "(%(n)s chosen)", 1)
    phone.see(chosen, phone.main.locator(".sheet > summary"))
    chip = phone.main.get_by_role("link", name=phone.say("(remove)"))
    chip.filter(has_text=phone.say("Lesson")).click()
    assert total(phone) == every
    phone.miss(chosen)


def go_from_nothing_found_to_a_forum(phone: Phone) -> None:
    """Where nothing is found, the page says where one may ask."""
    phone.main.get_by_role("searchbox").fill(NOBODY_WROTE)
    phone.press("Search")
    nobody = "Nobody has written about “%(words)s” here yet"
    phone.head(phone.say(nobody, words=NOBODY_WROTE), level=2)
    phone.head(phone.say("Or begin with a theme"), level=2)
    somebody = phone.main.locator("li", has_text=phone.say("Somebody may know:"))
    somebody.get_by_role("link").first.click()
    phone.head(phone.say("Start a thread"))
    expect(title_field(phone)).to_have_value(NOBODY_WROTE)


def title_field(phone: Phone):
    return phone.main.get_by_label(phone.say("Title"))


def open_the_forum(phone: Phone) -> None:
    forum = Forum.objects.get(slug=FORUM)
    phone.go("Ask", phone.my_menu())
    phone.head(phone.say("Ask, and tell"))
    phone.main.get_by_role("link", name=forum.name, exact=True).click()
    phone.head(forum.name)
    phone.see(forum.description)


def start_a_thread(phone: Phone) -> None:
    """Looked at before it is published, and nothing that was typed is lost."""
    phone.go("Start a thread")
    text = phone.main.get_by_label(phone.say("What do you want to say?"))
    phone.main.locator(".pick label", has_text=phone.say("Experience")).click()
    text.fill(TEXT)
    phone.main.locator("fieldset .facet summary").first.click()
    theme = phone.main.locator("fieldset .facet label:visible").first
    theme_name = theme.inner_text()
    theme.click()
    phone.press("Publish")
    phone.see(phone.count("One thing must be put right", "", 1))
    expect(text).to_have_value(TEXT)

    title_field(phone).fill(TITLE)
    phone.press("Preview")
    preview = phone.main.get_by_role("region", name=phone.say("Preview"))
    expect(preview.locator("strong")).to_have_text("the nearest colleague")
    expect(title_field(phone)).to_have_value(TITLE)
    expect(text).to_have_value(TEXT)
    expect(phone.main.get_by_label(phone.say("Experience"))).to_be_checked()
    expect(phone.main.locator("fieldset .facet summary").first).to_contain_text("(1)")

    phone.press("Publish")
    phone.head(TITLE)
    expect(phone.main.locator("#post-1 strong")).to_have_text("the nearest colleague")
    phone.see(phone.say("Experience"), phone.page.locator("#thread-state"))
    phone.see(phone.count("%(n)s answer", "%(n)s answers", 0))
    phone.see(phone.say("You follow this"))
    phone.main.locator(".tags").get_by_role("link", name=theme_name).click()
    phone.head(theme_name)


def follow_a_theme_for_a_while(phone: Phone) -> None:
    """On the page of the theme."""
    phone.press("Follow")
    level = phone.main.get_by_label(phone.say("You follow this"))
    expect(level).to_have_value("watching")
    level.select_option(label=phone.say("Normal: not told"))
    phone.press("Save")
    phone.miss(phone.say("You follow this"))
    follow = phone.main.get_by_role("button", name=phone.say("Follow"))
    expect(follow).to_be_visible()


def answer_a_thread(phone: Phone) -> Thread:
    """In Markdown, looked at first; the thread that somebody else began."""
    threads = Thread.objects.filter(forum__slug=FORUM, closed_at=None)
    thread = threads.exclude(title=TITLE).order_by("pk").first()
    phone.go("Ask", phone.my_menu())
    phone.main.get_by_role("link", name=thread.forum.name, exact=True).click()
    phone.main.get_by_role("link", name=thread.title).click()
    phone.head(thread.title)

    text = phone.main.get_by_label(phone.say("Your answer"))
    text.fill("First:\n\n- a *host*\n- a key")
    phone.press("Preview")
    phone.head(thread.title)
    preview = phone.main.get_by_role("region", name=phone.say("Preview"))
    expect(preview.locator("li")).to_have_text(["a host", "a key"])
    expect(text).to_have_value("First:\n\n- a *host*\n- a key")
    phone.press("Answer")

    phone.head(thread.title)
    mine = own_answer(phone)
    expect(mine.locator("li em")).to_have_text("host")
    return thread


def own_answer(phone: Phone):
    return phone.main.get_by_role("article").filter(has_text="Asha Mollel").last


def edit_the_answer(phone: Phone) -> None:
    """Then home: an open thread would take what is new in it as read."""
    phone.go("Edit", own_answer(phone))
    phone.head(phone.say("Edit your post"))
    text = phone.main.get_by_label(phone.say("Your post"))
    expect(text).to_have_value("First:\n\n- a *host*\n- a key")
    text.fill("A host, and **two** keys.")
    phone.press("Preview")
    preview = phone.main.get_by_role("region", name=phone.say("Preview"))
    expect(preview.locator("strong")).to_have_text("two")
    expect(text).to_have_value("A host, and **two** keys.")
    phone.press("Save")
    mine = own_answer(phone)
    phone.see("A host, and two keys.", mine)
    phone.see(phone.say("edited"), mine)
    phone.miss("a key", mine)
    phone.page.get_by_role("banner").locator(".brand").click()


def read_the_inbox(phone: Phone) -> None:
    """One by one, all at once, not after all, and by going there."""
    wait_for_the_bell(phone, 2)
    phone.page.locator("#bell").click()
    phone.head(phone.say("Inbox"))
    news = phone.main.locator(".inbox li")
    expect(news).to_have_count(2)
    sentence = "%(actor)s answered in “%(title)s”"
    told = phone.say(sentence, actor="Neema Sanga", title=TITLE)
    mine = news.filter(has_text=told)
    phone.see(phone.say("Unread:"), mine)

    phone.press("Mark as read", news.filter(has_not_text=told))
    expect(unread(phone)).to_have_count(1)
    bell_says(phone, 1)
    phone.press("Mark all as read")
    phone.see(phone.say("All is marked as read."))
    expect(unread(phone)).to_have_count(0)
    bell_says(phone, 0)
    phone.press("Undo")
    expect(unread(phone)).to_have_count(1)

    phone.page.get_by_role("navigation", name=phone.say("Show")).get_by_role(
        "link", name=phone.say("Unread")
    ).click()
    expect(news).to_have_count(1)
    mine.get_by_role("link").click()
    phone.head(TITLE)
    expect(phone.page.locator("#post-2 em")).to_have_text("neighbour")
    phone.go("Inbox", phone.my_menu())
    expect(unread(phone)).to_have_count(0)


def wait_for_the_bell(phone: Phone, number: int) -> None:
    """Without a script the page is asked for again."""
    end = time.monotonic() + TOLD_WITHIN
    while phone.page.locator(f"#bell[data-unread='{number}']").count() == 0:
        assert time.monotonic() < end, phone.page.locator("#bell").inner_text()
        phone.page.reload()
    bell_says(phone, number)


def bell_says(phone: Phone, number: int) -> None:
    words = phone.count("Inbox: %(n)s unread", "Inbox: %(n)s unread", number)
    words = words if number else phone.say("Inbox")
    expect(phone.page.locator("#bell .ds-sr-only")).to_have_text(words)


def unread(phone: Phone):
    return phone.main.get_by_role("button", name=phone.say("Mark as read"))


def stop_following_the_thread(phone: Phone) -> None:
    phone.main.get_by_role("link", name=TITLE).click()
    level = phone.main.get_by_label(phone.say("You follow this"))
    level.select_option(label=phone.say("Muted: never told"))
    phone.press("Save")
    phone.head(TITLE)
    level = phone.main.get_by_label(phone.say("You have muted this"))
    level.select_option(label=phone.say("Normal: not told"))
    phone.press("Save")
    expect(phone.main.get_by_role("button", name=phone.say("Follow"))).to_be_visible()


def change_language(phone: Phone, language: str) -> None:
    """By the menu in the head; one stays on the page, also from a look at an answer."""
    answer, before = phone.say("Your answer"), phone.language
    choose_language(phone, language)
    phone.head(TITLE)
    phone.see(phone.say("Your answer"))
    phone.miss(answer)

    phone.main.get_by_label(phone.say("Your answer")).fill("Or **not**.")
    phone.press("Preview")
    choose_language(phone, before)
    phone.head(TITLE)
    phone.see(answer)
    expect(phone.main.get_by_role("article")).to_have_count(2)
    choose_language(phone, language)
    phone.see(phone.say("Your answer"))


def choose_language(phone: Phone, language: str) -> None:
    own = {"nn": "Nynorsk", "en": "English"}[language]
    panel = phone.menu(phone.say("Language"))
    panel.get_by_role("button", name=own).click()
    phone.language = language


def sign_out(phone: Phone) -> None:
    phone.press("Sign out", phone.my_menu())
    head = phone.page.get_by_role("banner")
    expect(head.get_by_role("link", name=phone.say("Sign in"))).to_be_visible()
    phone.miss("Asha Mollel", head)
    phone.page.goto("/inbox/")
    phone.head(phone.say("Welcome back"))
