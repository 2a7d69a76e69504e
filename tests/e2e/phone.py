"""A phone where no script runs."""

from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Page, expect

from tests.people.factories import PASSWORD


class Phone:
    """What one does on a page of 360 pixels, in the words of its language."""

    def __init__(self, page: Page, language: str):
        self.page, self.language = page, language
        self.main = page.get_by_role("main")

    def say(self, words: str, /, **values) -> str:
        with override(self.language):
            return gettext(words) % values

    def count(self, one: str, many: str, n: int) -> str:
        with override(self.language):
            return ngettext(one, many, n) % {"n": n}

    def go(self, words: str, within=None) -> None:
        """By a link one sees."""
        link = (within or self.main).get_by_role("link", name=self.say(words))
        link.first.click()

    def press(self, words: str, within=None) -> None:
        button = (within or self.main).get_by_role("button", name=self.say(words))
        button.click()

    def menu(self, name: str):
        """Open a menu of the head; its panel."""
        menu = self.page.get_by_role("banner").locator("details", has_text=name)
        menu.locator("summary").click()
        return menu.locator(".panel")

    def my_menu(self, name: str = "Asha Mollel"):
        return self.menu(self.say("Menu for %(name)s", name=name))

    def head(self, words: str, level: int = 1) -> None:
        expect(
            self.main.get_by_role("heading", name=words, level=level)
        ).to_be_visible()

    def see(self, words: str, within=None) -> None:
        expect((within or self.main).get_by_text(words).first).to_be_visible()

    def miss(self, words: str, within=None) -> None:
        expect((within or self.main).get_by_text(words)).to_have_count(0)


def sign_in(phone: Phone, member) -> None:
    phone.page.goto("/")
    phone.go("Sign in", phone.page.get_by_role("banner"))
    phone.head(phone.say("Welcome back"))
    phone.page.get_by_label(phone.say("E-mail address")).fill(member.email)
    phone.page.get_by_label(phone.say("Password"), exact=True).fill("wrong")
    phone.press("Sign in")
    phone.see(phone.say("The address or the password is wrong."))
    phone.page.get_by_label(phone.say("Password"), exact=True).fill(PASSWORD)
    phone.press("Sign in")
    phone.head(phone.say("Welcome back, %(name)s.", name="Asha"))
