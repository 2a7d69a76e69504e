"""A real browser against the site as it is served."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override
from playwright.sync_api import expect, sync_playwright

from network.events import deliver_events
from tests.e2e import demo
from tests.e2e.phone import Phone
from tests.live.server import Site
from tests.people.factories import a_member


@pytest.fixture(scope="session")
def browser():
    """Playwright keeps a loop in this thread, beside which Django is careful."""
    expect.set_options(timeout=20_000)  # a slow machine is no fault of the page
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def signed_in(browser, site):
    """signed_in(member): a browser of its own, with the member's session."""
    contexts = []

    def sign_in(member, **options):
        context = browser.new_context(**{"locale": "en", **options})
        context.add_cookies([session_of(member, site)])
        contexts.append(context)
        return context

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(library, signed_in):
    """open_page(user=None, width, scheme, js): a page of that size, as that user.

    Of what `library`, a fixture of the test's own, put on the site; as a member.
    """
    member = a_member("Trudy Trustworthy", language="en")
    deliver_events()

    def begin(user=None, width=1280, scheme="light", js=True):
        context = signed_in(
            user or member,
            base_url=library.url,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=js,
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    return begin


def session_of(member, site: Site) -> dict:
    client = Client()
    client.force_login(member)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site.url}


@pytest.fixture
def demo_site(transactional_db) -> Iterator[Site]:
    """The site with all the demo, as `make run` shows it."""
    demo.put_in_place()
    with Site() as site:
        yield site


def said(words: str, language: str) -> str:
    """What the interface says for `words` in a language."""
    with override(language):
        return gettext(words)


@pytest.fixture
def sign_in(browser, demo_site):
    """sign_in(address, language): a browser of its own, in by the form."""
    contexts = []

    def by_the_form(email, language, **options):
        context = browser.new_context(
            locale=language, base_url=demo_site.url, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", settings.DEMO_PASSWORD)
        page.click("main form button:not([type=button])")
        page.wait_for_selector("#bell")
        _read_in(page, language)
        return page

    yield by_the_form
    for context in contexts:
        context.close()


def _read_in(page, language: str) -> None:
    """By the menu, as a person does."""
    if page.get_attribute("html", "lang") != language:
        page.click(".top .menu:has([name=language]) summary")
        page.click(f".top [name=language][value={language}]")
        page.wait_for_selector(f"html[lang={language}]")


@pytest.fixture
def phone(browser, demo_site):
    """phone(language): one of 360 pixels, without scripts, on the site of the demo."""
    contexts = []

    def pick_up(language: str) -> Phone:
        context = browser.new_context(
            java_script_enabled=False,
            locale=language,
            base_url=demo_site.url,
            viewport={"width": 360, "height": 740},
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        return Phone(context.new_page(), language)

    yield pick_up
    for context in contexts:
        context.close()
