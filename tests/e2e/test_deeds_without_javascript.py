"""What one does with a post where no script runs: each deed has its plain way."""

import pytest
from django.utils.translation import override
from playwright.sync_api import expect

from forums.models import Flag, Forum, Reaction
from tests.e2e.phone import Phone, sign_in
from tests.forums.factories import a_thread
from tests.people.factories import a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FORUM = "preparation-and-return"
TITLE = "What do you give a host?"
TEXT = "Coffee from home, and a letter."
NAME = "Neema Sanga"


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_a_post_is_answered_kept_quoted_reported_and_muted(phone, language):
    asha, neema = a_member("Asha Mollel", language=language), a_member(NAME)
    forum = Forum.objects.get(slug=FORUM)
    thread = a_thread(forum, author=neema, title=TITLE, markdown=TEXT)
    phone = phone(language)
    sign_in(phone, asha)

    phone.page.goto(thread.get_absolute_url())
    phone.head(TITLE)
    react(phone)
    bookmark(phone)
    quote_and_mention(phone)
    flag(phone)
    mute(phone)


def first(phone: Phone):
    return phone.page.locator("#post-1")


def reaction(phone: Phone, kind: Reaction.Kind):
    with override(phone.language):
        label = str(kind.label)
    return phone.main.get_by_role("button", name=label)


def react(phone: Phone) -> None:
    """One of them stands there; the others are a page away; each can be taken back."""
    thanks = reaction(phone, Reaction.Kind.THANKS)
    thanks.click()
    phone.head(TITLE)
    expect(thanks).to_have_attribute("aria-pressed", "true")
    expect(thanks.locator(".n")).to_have_text("1")

    phone.go("Other answers", first(phone))
    phone.head(phone.say("Who answered in one press"))
    phone.see("Asha Mollel")
    used = reaction(phone, Reaction.Kind.USED)
    used.click()
    phone.head(TITLE)
    expect(used).to_have_attribute("aria-pressed", "true")

    thanks.click()
    expect(thanks).to_have_attribute("aria-pressed", "false")
    expect(used).to_have_attribute("aria-pressed", "true")


def bookmark(phone: Phone) -> None:
    """With a note; removed, and not removed after all."""
    phone.press("Bookmark", first(phone))
    phone.go("Bookmarked", first(phone))
    phone.head(phone.say("Your bookmark"))
    phone.main.get_by_label(phone.say("Note to yourself")).fill("Before the summer")
    phone.press("Save")
    phone.head(phone.say("Your bookmarks"))
    phone.see("Before the summer")
    phone.main.locator(".list a", has_text=TITLE).first.click()
    phone.head(TITLE)

    phone.go("Bookmarked", first(phone))
    phone.press("Remove the bookmark")
    phone.see(phone.say("The bookmark is removed."))
    phone.press("Undo")
    phone.see("Before the summer")
    phone.main.locator(".list a", has_text=TITLE).first.click()


def quote_and_mention(phone: Phone) -> None:
    """The link brings the post into the form; a name is written as it is."""
    phone.go("Quote", first(phone))
    field = phone.main.get_by_label(phone.say("Your answer"))
    quoted = field.input_value()
    assert f"> {TEXT}" in quoted
    field.fill(f"{quoted}@neema-sanga, so do *we*.")
    phone.press("Preview")
    seen_in(phone, phone.main.get_by_role("region", name=phone.say("Preview")))
    phone.press("Answer")
    phone.head(TITLE)
    seen_in(phone, phone.page.locator("#post-2"))


def seen_in(phone: Phone, post) -> None:
    figure = post.locator("figure.quote")
    expect(figure).to_contain_text(phone.say("%(name)s wrote", name=NAME))
    expect(figure.locator("blockquote")).to_have_text(TEXT)
    expect(post.locator("a.mention")).to_have_text(f"@{NAME}")
    expect(post.locator("em")).to_have_text("we")


def flag(phone: Phone) -> None:
    """Nothing chosen is said beside the field, and what was typed is kept."""
    phone.go("Report or mute", first(phone))
    phone.head(phone.say("Report this post"), level=2)
    words = phone.main.get_by_label(phone.say("In your own words"))
    words.fill("A letter tells too much.")
    phone.press("Report it")
    phone.see(phone.say("Choose what is wrong."))
    expect(words).to_have_value("A letter tells too much.")
    with override(phone.language):
        reason = str(Flag.Reason.PERSONAL.label)
    phone.main.get_by_label(reason).check()
    phone.press("Report it")
    expect(phone.main.get_by_role("status")).to_be_visible()
    assert Flag.objects.filter(words="A letter tells too much.").exists()
    phone.go("Back to the conversation")
    phone.head(TITLE)


def mute(phone: Phone) -> None:
    """Folded until it is opened; unmuted, it stands as before."""
    phone.go("Report or mute", first(phone))
    phone.press(phone.say("Mute %(name)s", name=NAME))
    phone.head(TITLE)
    folded = phone.say("By %(name)s, whom you have muted. Show it", name=NAME)
    text = first(phone).get_by_text(TEXT)
    expect(text).to_be_hidden()
    first(phone).locator("summary", has_text=folded).click()
    expect(text).to_be_visible()

    phone.page.goto("/account/")
    phone.go("People you have muted")
    phone.main.get_by_role("button", name=NAME).click()
    phone.head(phone.say("You have muted nobody"), level=2)
