"""Every page over the demo: accessible, narrow enough, and nobody else is asked."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

from cms.models import ArticlePage, LessonPage
from forums.actions import (
    add_bookmark,
    change_bookmark,
    close_thread,
    edit_post,
    hide_post,
    save_draft,
)
from forums.models import Bookmark, Forum, Review, Thread
from network.audience import MEMBERS, PUBLIC
from network.exchange.models import Organisation, Partnership
from network.people.models import User
from tests.e2e.conftest import session_of
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_staff

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# Words that stand out of the box they belong to.
BEYOND = """[...document.querySelectorAll("label, .ds-button, .tag, .item, th, legend")]
  .filter((one) => getComputedStyle(one).display !== "inline" && one.clientWidth > 1)
  .filter((one) => one.scrollWidth > one.clientWidth + 2 ||
    one.scrollHeight > one.clientHeight + 2)
  .map((one) => one.textContent.trim().slice(0, 40))"""
OPEN = ["/", "/search/?q=mentor", "/search/?q=xyzzyqwe", "/themes/", "/knowledge/"]
OPEN += ["/themes/mentoring-at-work/", "/privacy/", "/accessibility/", "/nothing/"]
DOOR = ["/account/login/", "/account/signup/", "/account/password/reset/"]
DOOR += ["/account/login/code/", "/organisations/", "/partnerships/", "/forums/"]
MEMBER = ["/forums/", "/people/", "/people/me/", "/organisations/", "/inbox/"]
MEMBER += ["/partnerships/", "/account/", "/account/2fa/", "/people/invitations/"]
MEMBER += ["/forums/threads/", "/forums/drafts/", "/forums/bookmarks/"]
MEMBER += ["/forums/feeds/", "/forums/asks/", "/people/muted/"]
MEMBER += ["/inbox/following/", "/inbox/settings/", "/people/blocked/"]
STAFF = ["/people/approvals/", "/people/invitations/", "/partnerships/access/"]
STAFF += ["/forums/rooms/", "/forums/rooms/new/", "/forums/rooms/countries/"]
STAFF += ["/forums/review/", "/forums/decisions/"]


def addresses(viewer: str) -> list[str]:
    lesson = LessonPage.objects.filter(audience_row__audience=PUBLIC).first()
    article = ArticlePage.objects.filter(audience_row__audience=PUBLIC).first()
    found = [*OPEN, lesson.url, article.url]
    if viewer == "visitor":
        return found + DOOR
    if viewer == "editor":
        return ["/", *STAFF]
    forum = Forum.objects.filter(audience=MEMBERS).first()
    thread = Thread.objects.filter(forum=forum).first()
    me = User.objects.get(email=f"{viewer}@example.org")
    place = Organisation.objects.filter(memberships__person=me).first()
    found += [*MEMBER, forum.get_absolute_url(), thread.get_absolute_url()]
    found += around_posts(me)
    found += [f"/forums/{forum.slug}/new/", me.profile.get_absolute_url()]
    shared = Partnership.objects.visible_to(me).first()
    found += [one.get_absolute_url() for one in (place, shared) if one]
    return [*found, f"{place.get_absolute_url()}edit/"] if place else found


def around_posts(me: User) -> list[str]:
    """What leads on from a thread that has all there can be in one."""
    thread = Thread.objects.get(source_id="demo:whole-workplace")
    post = f"/forums/thread/{thread.pk}/2/"
    found = [thread.get_absolute_url(), f"{post}react/", f"{post}reactions/"]
    found += [f"{post}flag/", f"/forums/thread/{thread.pk}/print/"]
    kept = Bookmark.objects.visible_to(me)
    found += [f"/forums/bookmarks/{row.pk}/" for row in kept]
    reviews = Review.objects.moderated_by(me)
    if reviews:
        found += ["/forums/review/", "/forums/decisions/"]
        found.append(f"/forums/rooms/{reviews[0].room.pk}/")
    return found + [f"/forums/review/{row.pk}/" for row in reviews]


@pytest.mark.parametrize("viewer", ["visitor", "alumna", "coordinator", "editor"])
def test_nothing_is_wrong_on_any_page(browser, demo_site, viewer):
    language = {"alumna": "nn", "coordinator": "en"}.get(viewer, "nb")
    context = browser.new_context(locale=language, base_url=demo_site.url)
    if viewer != "visitor":
        user = User.objects.get(email=f"{viewer}@example.org")
        User.objects.filter(pk=user.pk).update(language=language)
        context.add_cookies([session_of(user, demo_site)])
    page, wrong = context.new_page(), []
    page.on("request", lambda asked: _ours(asked.url, demo_site, wrong))
    page.on("console", lambda said: _quiet(said, page, wrong))
    for address in addresses(viewer):
        wrong += faults(page, address, language)
    context.close()
    assert wrong == []


def faults(page, address: str, language: str) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    found = []
    if page.get_attribute("html", "lang") != language:
        found.append(f"{address}: lang {page.get_attribute('html', 'lang')}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{address}: scrolls sideways at 320")
    found += [f"{address}: beyond its box: {one}" for one in page.evaluate(BEYOND)]
    for width, scheme in [(360, "light"), (1280, "dark")]:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        told = Axe().run(page, options=AXE).response["violations"]
        for rule in told:
            where = [node["target"] for node in rule["nodes"]][:3]
            found.append(f"{address} {scheme} {width}: {rule['id']} {where}")
    return found


def _ours(url: str, site, wrong: list[str]) -> None:
    if not url.startswith((site.url, "data:", "blob:")):
        wrong.append(f"asks elsewhere: {url}")


def _quiet(said, page, wrong: list[str]) -> None:
    wanted = ("404 (Not Found)", "403 (Forbidden)")  # pages that say so, of ours
    if said.type == "error" and not any(part in said.text for part in wanted):
        wrong.append(f"{page.url}: {said.text}")


@pytest.mark.parametrize("name", ["home", "search", "thread"])
def test_a_first_visit_weighs_at_most_sixty_kilobytes(browser, demo_site, name):
    thread = Thread.objects.filter(forum__audience=MEMBERS).first()
    path = {
        "home": "/",
        "search": "/search/?q=mentor",
        "thread": thread.get_absolute_url(),
    }[name]
    context = browser.new_context(base_url=demo_site.url)
    user = User.objects.get(email="coordinator@example.org")
    context.add_cookies([session_of(user, demo_site)])
    page, weights = context.new_page(), []

    def weigh(answer):
        body = answer.body()
        packed = answer.headers.get("content-type", "").startswith("image/png")
        weights.append(len(body) if packed else len(gzip.compress(body)))

    page.on("requestfinished", lambda asked: weigh(asked.response()))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    context.close()
    assert len(weights) > 5 and sum(weights) <= 60 * 1024


def test_a_word_of_any_length_breaks(site, signed_in):
    """In the lists and the deeds of forums, and in the inbox."""
    word, reader = "Donaudampfschifffahrt" * 6, a_member()
    forum = a_forum(name=word[:110], description=word, moderators=[reader])
    thread = a_thread(forum, author=reader, title=f"{word[:110]}?", markdown=word)
    post = a_post(thread, markdown=f"https://example.org/{word}")
    edit_post(post, word)
    change_bookmark(add_bookmark(reader, thread, post), word, None)
    save_draft(reader, thread, {"markdown": word})
    close_thread(thread, word)
    elsewhere = a_post(a_thread(title=f"{word[:110]}!"), reader)
    hide_post(elsewhere, by=a_member(), reason=word)
    context = signed_in(
        reader, base_url=site.url, viewport={"width": 320, "height": 700}
    )
    page, wide = context.new_page(), []
    here, lists = f"/forums/thread/{thread.pk}/", ("threads/", "drafts/", "bookmarks/")
    paths = [f"/forums/{name}" for name in ("", *lists)]
    paths += [forum.get_absolute_url(), thread.get_absolute_url(), "/inbox/"]
    paths += [f"{here}{name}/" for name in ("move", "settings", "print")]
    paths += [f"{here}2/{name}/" for name in ("history", "flag", "hide", "reactions")]
    paths += [f"/forums/review/{Review.objects.get().pk}/", "/forums/decisions/"]
    for path in [*paths, "/inbox/following/"]:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []


def test_arabic_among_other_words_runs_from_the_right(site, signed_in):
    reader = a_member()
    post = a_post(a_thread(), reader, "So we said:\n\n\u0634\u0643\u0631\u0627!")
    context = signed_in(reader, base_url=site.url)
    page = context.new_page()
    page.goto(post.get_absolute_url())
    ends = """(paragraph) => [0, paragraph.textContent.length - 1].map((at) => {
        const range = new Range(), text = paragraph.firstChild
        range.setStart(text, at), range.setEnd(text, at + 1)
        return range.getBoundingClientRect().x
    })"""
    english, arabic = page.locator("#post-2 .text p").all()
    (begins, stops), (starts, mark) = english.evaluate(ends), arabic.evaluate(ends)
    assert begins < stops and mark < starts


def test_whose_room_it_is_is_asked_where_it_is_theirs(site, signed_in):
    page = signed_in(a_staff(), base_url=site.url, locale="en").new_page()
    page.goto("/forums/rooms/new/")
    partnership, organisation = map(
        page.locator, ("#id_partnership", "#id_organisation")
    )
    page.check("[name=audience_kind][value=members]")
    assert partnership.is_hidden() and organisation.is_hidden()
    page.check("[name=audience_kind][value=partnership]")
    assert partnership.is_visible() and organisation.is_hidden()
    page.check("[name=audience_kind][value=organisation]")
    assert partnership.is_hidden() and organisation.is_visible()
