"""A question, its answer and the letter of the next morning, between two people."""

import re
import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as as_parsed
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from forums.models import Thread
from network.notifications.kinds import Pace, shown_kinds
from network.notifications.models import Letter, Preference
from network.people.models import User
from tests.e2e.conftest import said
from tests.e2e.test_chain import follow_the_first_forum

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ALUMNA, COORDINATOR = "alumna@example.org", "coordinator@example.org"
ASKED, ANSWERED = "Ours came from above, and nobody asked her.", "The ward did."
THANKED = "Then we will ask the ward, before the summer."
WITHIN = 30


@pytest.fixture
def post(settings, tmp_path):
    """post(address): the letters to somebody in the mail folder, as a program reads."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    end = b"\n" + b"-" * 79 + b"\n"

    def of(address):
        files = [path.read_bytes() for path in sorted(tmp_path.glob("*.log"))]
        found = [one for file in files for one in file.split(end)[:-1]]
        found = [message_from_bytes(one, policy=as_parsed) for one in found]
        return [one for one in found if one["To"] == address]

    return of


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_from_a_question_to_the_letter_of_the_next_morning(
    sign_in, post, monkeypatch, language
):
    title = f"Who chose the contact person? ({language})"
    helper = sign_in(COORDINATOR, language)
    forum = follow_the_first_forum(helper, language)
    choose_one_letter_a_day(helper)
    asker = sign_in(ALUMNA, language, viewport={"width": 360, "height": 740})

    ask(asker, forum, title, language)
    is_told(helper, "%(actor)s began “%(title)s”", title, language).click()
    answer(helper, language)

    shown = asker.locator("#post-2")
    expect(shown.locator("figure.quote")).to_contain_text(ASKED)
    expect(shown.locator("a.mention")).to_have_text("@Amina Kileo-Strand")
    deed = said("This answers it", language)
    shown.get_by_role("button", name=deed).click()
    expect(asker.locator("#post-2.post--answer")).to_be_visible()
    told = "%(actor)s accepted your answer in “%(title)s”"
    is_told(helper, told, title, language)
    asker.fill("#reply textarea", THANKED)
    asker.click("#reply button[type=submit]:not([name])")
    is_told(helper, "%(actor)s answered in “%(title)s”", title, language)
    assert post(COORDINATOR) == post(ALUMNA) == []

    letter_of_the_morning = next_morning(monkeypatch, post)
    thread = Thread.objects.get(title=title)
    tells_of(letter_of_the_morning, thread, language)
    one_click_stops_it(helper, letter_of_the_morning)
    # She read all of it while it came.
    assert [one for one in post(ALUMNA) if title in one["Subject"]] == []


def choose_one_letter_a_day(page) -> None:
    """Of all there is, also of threads that one answers in."""
    page.goto("/inbox/settings/")
    for one in shown_kinds():
        page.select_option(f"[name={one.name}-pace]", Pace.DAILY)
    page.select_option("[name=when_answered]", "watching")
    page.click("main button.ds-button:not([name]):not([form])")
    page.wait_for_selector("main [role=status], .messages, [role=status]")
    page.goto("/themes/")
    page.wait_for_timeout(500)  # until its socket listens


def ask(page, forum: str, title: str, language: str) -> None:
    """By the toolbar, about a theme; then the thread is open."""
    page.goto(forum)
    page.click(f"main a:has-text('{said('Start a thread', language)}')")
    page.locator("label", has=page.locator(f"[value={Thread.Kind.QUESTION}]")).click()
    page.fill("[name=title]", title)
    page.click("[name=markdown]")
    page.get_by_role("button", name=said("Bold", language)).click()
    page.keyboard.type(ASKED)
    page.locator("fieldset .facet summary").first.click()
    theme = page.locator("fieldset .facet label:visible").first
    name = theme.inner_text()
    theme.click()
    with page.expect_response("**/news/**"):  # asked once the page listens
        page.click(f"main button:has-text('{said('Publish', language)}')")
    expect(page.locator("#post-1 strong")).to_have_text(ASKED)
    expect(page.locator(".tags")).to_contain_text(name)


def is_told(page, sentence: str, title: str, language: str):
    """By the bell of a page that is not loaded anew; the line of it in the inbox."""
    if page.url.endswith("/inbox/"):
        page.click(".live__news a")  # the list itself is not moved
    else:
        expect(page.locator("#bell")).to_have_attribute("data-unread", "1")
        page.click("#bell")
    words = {"actor": "Amina Kileo-Strand", "title": title}
    line = page.locator(".inbox li.new a", has_text=said(sentence, language) % words)
    expect(line).to_be_visible()
    return line


def answer(page, language: str) -> None:
    """To the words of the first post, naming who wrote them; then one goes away."""
    field = page.locator("#reply textarea")
    page.click("#post-1 a[data-quote]")
    expect(field).to_have_value(re.compile(f"> .*{ASKED}"))
    page.keyboard.type("@Amina")
    expect(page.get_by_role("option", name="Amina Kileo-Strand")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#post-2")).to_contain_text(ANSWERED)
    page.goto("/themes/")
    page.wait_for_timeout(500)


def next_morning(monkeypatch, post):
    """The clock goes on, and the site's own schedule does the rest."""
    helper = User.objects.get(email=COORDINATOR)
    planned = Letter.objects.open().get(recipient=helper, pace=Pace.DAILY).planned_at
    now, ahead = timezone.now, planned - timezone.now() + timedelta(minutes=1)
    assert timedelta(0) < ahead < timedelta(days=1, minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: now() + ahead)
    end = time.monotonic() + WITHIN
    both = Letter.objects.waiting().filter(recipient__email__in=[ALUMNA, COORDINATOR])
    while both.exists():
        assert time.monotonic() < end, "the letters do not go"
        time.sleep(0.5)
    [letter] = post(COORDINATOR)
    return letter


def tells_of(letter, thread: Thread, language: str) -> None:
    """What was not read, in both forms and the reader's language, and nothing else."""
    many = said("Your day in %(site)s: %(n)s new", language)
    assert letter["Subject"] == many % {"site": "Attende", "n": 2}
    assert letter["List-ID"].endswith(f"<forum.{thread.forum_id}.127.0.0.1>")
    assert letter["In-Reply-To"] == letter["References"]
    assert letter["References"] == f"<thread.{thread.pk}@127.0.0.1>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    forms = [letter.get_body([form]).get_content() for form in ("plain", "html")]
    greeting = said("Hello, %(name)s. This came back to you.", language)
    for text in forms:
        assert greeting % {"name": "Thokozani"} in text
        assert thread.title in text
        assert ANSWERED in text
        assert THANKED in text
        assert "/inbox/" in text
        assert ASKED not in text
    assert f'<html lang="{language}">' in forms[1]
    assert said("My answer helped", language) in forms[1]
    assert said("A new thread", language) not in forms[1]


def one_click_stops_it(page, letter) -> None:
    """As a mail program does it: a post to the address that the letter names."""
    address = urlsplit(letter["List-Unsubscribe"].strip("<> "))
    done = page.request.post(
        address.path, form={"List-Unsubscribe": "One-Click"}, fail_on_status_code=True
    )
    assert done.ok
    stopped = Preference.objects.filter(user__email=COORDINATOR, pace=Pace.NEVER)
    assert {"accepted", "answers"} <= set(stopped.values_list("kind", flat=True))
