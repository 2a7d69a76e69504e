"""Pictures and files in a real browser, with and without its script."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from forums.models import Attachment
from tests.e2e.test_pages import AXE
from tests.forums.factories import a_thread
from tests.forums.uploads import PDF, picture
from tests.people.factories import a_member

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# A file as it comes by the clipboard or by dragging: (event, name, type, content).
BRING = """([kind, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type}));
  const told = {bubbles: true, cancelable: true};
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {...told, clipboardData: data})
    : new DragEvent("drop", {...told, dataTransfer: data});
  document.querySelector("textarea[name=markdown]").dispatchEvent(event);
}"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def open_thread(site, signed_in):
    thread = a_thread()

    def begin(**options) -> Page:
        member = a_member(language="en")
        size = {"viewport": {"width": 360, "height": 780}}
        page = signed_in(member, **{**size, **options}).new_page()
        page.goto(site.url + thread.get_absolute_url())
        page.locator("#reply").scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")  # what sends files comes with the form
        return page

    return begin


def bring(page: Page, how: str, name: str, kind: str, content: bytes) -> None:
    page.evaluate(BRING, [how, name, kind, base64.b64encode(content).decode()])


def text_of(page: Page) -> str:
    return page.locator("textarea[name=markdown]").input_value()


def said_in(page: Page, words: str):
    return page.locator("#attach").get_by_text(words)


def listed(page: Page, name: str):
    return page.locator("[data-file]", has_text=name)


def is_drawn(image) -> bool:
    image.scroll_into_view_if_needed()
    loaded = "image => image.decode().then(() => image.naturalWidth > 0)"
    return image.evaluate(loaded)


def test_a_pasted_picture_and_a_dropped_file_stand_in_the_answer(open_thread):
    page = open_thread()
    text = page.locator("textarea[name=markdown]")
    text.fill("This is our barn.")
    bring(page, "paste", "barn.png", "image/png", picture(size=(300, 200)))
    expect(listed(page, "barn.png")).to_be_visible()
    bring(page, "drop", "plan.pdf", "application/pdf", PDF)
    expect(listed(page, "plan.pdf")).to_be_visible()
    file = Attachment.objects.get(kind="picture")
    assert text_of(page) == f"This is our barn.\n\n![](attachment:{file.pk})\n"
    page.get_by_label("What does the picture show?").fill("A red barn")
    assert Axe().run(page, options=AXE).response["violations"] == []

    page.get_by_role("button", name="Answer").click()
    post = page.locator("#post-2")
    shown = post.get_by_role("img", name="A red barn")
    expect(shown).to_be_visible()
    assert is_drawn(shown)
    expect(post.get_by_role("link", name="plan.pdf")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert Axe().run(page, options=AXE).response["violations"] == []
    expect(page.locator("[data-file]")).to_have_count(0)

    page.route("**/file/**", lambda route: route.abort())
    page.reload()  # before it has come it has its place: what is read does not jump
    assert shown.bounding_box()["height"] == pytest.approx(200, abs=1)


def test_a_large_picture_is_made_small_before_it_is_sent(open_thread):
    page = open_thread()
    large = picture("JPEG", (4000, 3000), quality=100, subsampling=0)
    file = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": large}
    with page.expect_request("**/forums/attachment/") as sending:
        page.set_input_files("input[type=file]", file)
    expect(listed(page, "large.jpg")).to_be_visible()
    assert sending.value.sizes()["requestBodySize"] < len(large) / 2
    file = Attachment.objects.get()
    assert (file.width, file.height) == (2000, 1500)


def test_what_does_not_get_through_is_said_and_tried_again(open_thread):
    page = open_thread()
    page.route("**/forums/attachment/", lambda route: route.abort())
    bring(page, "drop", "barn.png", "image/png", picture())
    expect(said_in(page, "barn.png: It did not get through.")).to_be_visible()
    page.unroute("**/forums/attachment/")
    page.get_by_role("button", name="Try again").click()
    expect(listed(page, "barn.png")).to_be_visible()
    assert "attachment:" in text_of(page)


def test_what_is_refused_says_why_and_leaves_no_trace_in_the_text(open_thread):
    page = open_thread()
    bring(page, "drop", "fake.png", "image/png", b"no picture")
    expect(said_in(page, "We cannot read this picture")).to_be_visible()
    bring(page, "drop", "drawing.svg", "image/svg+xml", b"<svg/>")
    expect(said_in(page, "An SVG drawing can carry a program")).to_be_visible()
    bring(page, "drop", "large.txt", "text/plain", b"a" * (10 * 2**20 + 1))
    expect(said_in(page, "large.txt: The file is larger than")).to_be_visible()
    assert text_of(page).strip() == ""
    assert Attachment.objects.count() == 0


def test_an_answer_waits_for_its_files(open_thread):
    page = open_thread()
    held = []
    page.route("**/forums/attachment/", lambda route: held.append(route))
    page.fill("textarea[name=markdown]", "Look.")
    bring(page, "drop", "plan.pdf", "application/pdf", PDF)
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Answer").click()
    expect(said_in(page, "Files are still on their way.")).to_be_visible()
    held[0].continue_()
    expect(listed(page, "plan.pdf")).to_be_visible()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#post-2").get_by_role("link", name="plan.pdf")).to_be_visible()


def test_a_picture_is_placed_and_taken_out_again(open_thread):
    page = open_thread()
    bring(page, "drop", "barn.png", "image/png", picture())
    expect(listed(page, "barn.png")).to_be_visible()
    page.fill("textarea[name=markdown]", "Words.")
    page.get_by_role("button", name="Place in the text").click()
    assert "attachment:" in text_of(page)
    page.get_by_role("checkbox", name="Remove barn.png").check()
    assert text_of(page).strip() == "Words."


def test_the_same_without_a_script(open_thread):
    page = open_thread(java_script_enabled=False)
    page.fill("textarea[name=markdown]", "Our barn.")
    page.set_input_files("input[type=file]", [
        {"name": "barn.png", "mimeType": "image/png", "buffer": picture()},
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF},
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<html>"},
    ])  # fmt: skip
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("page.html: Files of this kind").first).to_be_visible()
    expect(page.locator("[data-file]")).to_have_count(2)
    page.get_by_label("What does the picture show?").fill("A red barn")
    page.get_by_role("checkbox", name="Remove plan.pdf").check()
    page.get_by_role("button", name="Answer").click()
    post = page.locator("#post-2")
    expect(post.get_by_role("img", name="A red barn")).to_be_visible()
    assert Attachment.objects.get().name == "barn.png"
