"""What the network is for, from end to end, by forms and links in real browsers."""

import re
import time

import pytest

from tests.cms.factories import a_home
from tests.e2e.conftest import said

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LESSON = {
    "title": "Fadderen bør kome frå same avdeling",
    "summary": "Ein kollega på same gang blir spurd; ein leiar blir det ikkje.",
    "challenge": "Deltakarane visste ikkje kven dei kunne spørje dei første vekene.",
    "what_we_did": "Vi lét den næraste kollegaen vere kontaktperson.",
    "why": "Det er kort veg til den som alt står ved sida av.",
}
# The theme is "Rettleiing på arbeidsplassen" where the lesson was written.
SEARCHES = {"nn": "Mentorat au travail", "en": "Mentoria no trabalho"}
QUESTION = "Who chose the contact person in your hospital?"
FOUND_WITHIN = 2


@pytest.mark.parametrize("language", ["nn", "en"])
def test_from_a_lesson_to_an_answer(sign_in, language):
    editor = sign_in("editor@example.org", "en")
    lesson = f"{LESSON['title']} ({language})"
    published = publish_a_lesson(editor, lesson)

    asking = sign_in("coordinator@example.org", language)
    find(asking, SEARCHES[language], lesson, published)
    asking.click(f"main a:has-text('{lesson}')")
    assert LESSON["why"] in asking.inner_text("main")
    asking.click("main a[href^='/people/']")
    author = asking.inner_text("h1")

    telling = sign_in("alumna@example.org", language)
    assert author in telling.inner_text(".top .menu:has([href='/account/']) summary")
    forum = follow_the_first_forum(telling, language)
    telling.goto("/themes/")
    telling.wait_for_timeout(500)  # until its socket listens

    ask(asking, forum, language)
    telling.wait_for_selector("#bell[data-unread]:not([data-unread='0'])")
    telling.click("#bell")
    telling.click(f".inbox li.new a:has-text('{QUESTION}')")
    telling.fill("#reply textarea", f"The ward did ({language}).")
    telling.click("#reply button[type=submit]:not([name]):visible")

    answer = asking.wait_for_selector("#post-2")
    assert f"The ward did ({language})." in answer.inner_text()
    assert author in answer.inner_text()


def publish_a_lesson(page, title: str) -> float:
    """Under the Norwegian home, with the alumna as its author; when it was there."""
    page.goto(f"/editor/pages/add/cms/lessonpage/{a_home('nn').pk}/")
    for name, text in LESSON.items():
        page.fill(f"[name={name}]", title if name == "title" else text)
    page.select_option("[name=language]", "nn")
    page.select_option("[name=themes]", label="Mentoring at work")
    for name, value in {
        "outcome": "worked",
        "phase": "during",
        "source_role": "coordinator",
    }.items():
        page.select_option(f"[name={name}]", value)
    page.click("#id_authors-ADD")
    page.click("#id_authors-0-person-chooser button:visible")
    page.click(".modal-body a:text('Amina Kileo-Strand')")
    page.wait_for_selector(".modal-body", state="detached")
    page.click("footer [data-w-dropdown-target=toggle]")
    page.click("button[name=action-publish]")
    page.wait_for_url(re.compile(r"/editor/pages/\d+/($|\?)"))
    return time.monotonic()


def find(page, words: str, title: str, since: float) -> None:
    """By the search in the head, until the lesson stands among the results."""
    page.fill(".top__search [name=q]", words)
    page.press(".top__search [name=q]", "Enter")
    page.wait_for_selector("#results")
    while not page.query_selector(f"#results a:has-text('{title}')"):
        assert time.monotonic() - since < FOUND_WITHIN, page.inner_text("main")
        page.reload()


def follow_the_first_forum(page, language: str) -> str:
    page.goto("/forums/")
    page.click("main .list h2 a, main .list h3 a")
    page.click(f"main .follow button:has-text('{said('Follow', language)}')")
    page.wait_for_selector(f"text={said('You follow this', language)}")
    return page.url


def ask(page, forum: str, language: str) -> None:
    page.goto(forum)
    page.click(f"main a:has-text('{said('Start a thread', language)}')")
    page.fill("[name=title]", QUESTION)
    page.fill("[name=markdown]", "Ours came from **above**, and nobody asked her.")
    with page.expect_response("**/news/**"):  # asked once the page listens
        page.click(f"main button:has-text('{said('Publish', language)}')")
