"""The address of a page of ours, alone on a line, becomes a card for who may see it."""

import pytest
from django.conf import settings

from cms.actions import set_audience
from forums.actions import move_thread, post_reply
from network.audience import PUBLIC
from network.events import deliver_events
from tests.cms.factories import a_lesson
from tests.exchange.factories import a_partnership, an_organisation
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, profile_of
from tests.themes.factories import a_theme


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def cards(client, thread) -> list[str]:
    html = client.get(thread.get_absolute_url()).content.decode()
    found = html.split('<a class="lead-to"')[1:]
    return [one.partition("</a>")[0] for one in found]


def full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def test_a_lesson_shows_its_title_kind_and_themes(page):
    theme = a_theme("beekeeping")
    lesson = a_lesson(title="Pair each newcomer", themes=[theme])
    post = a_post(markdown=f"We did as in\n{full(lesson.url)}\nand it worked.")
    [card] = cards(page, post.thread)
    assert f'href="{lesson.url}"' in card
    assert "Pair each newcomer" in card and "Lesson" in card and "Beekeeping" in card


def test_threads_people_organisations_partnerships_and_forums_have_cards(page, db):
    organisation, partnership = an_organisation(), a_partnership()
    thread, forum, anna = (
        a_thread(title="A talk"),
        a_forum(name="Hosting"),
        a_member("Anna Lie"),
    )
    rows = [organisation, thread, forum, profile_of(anna), thread.posts.get()]
    text = "\n\n".join(full(row.get_absolute_url()) for row in rows)
    post = a_post(markdown=f"{text}\n\n{full(partnership.get_absolute_url())}")
    seen = " ".join(cards(page, post.thread))
    for name in (organisation.name, "A talk", "Hosting", "Anna Lie"):
        assert name in seen
    assert seen.count("A talk") == 2  # by the address of a post in it, too


def test_they_follow_the_site_where_it_moves(page, settings):
    lesson = a_lesson(title="Pair each newcomer")
    post = a_post(markdown=f"{full(lesson.url)}?from=mail#why\n\n{lesson.url}")
    settings.SITE_URL = "https://moved.example.org"
    for card in cards(page, post.thread):
        assert "Pair each newcomer" in card and f'href="{lesson.url}"' in card
    assert len(cards(page, post.thread)) == 2


def test_a_path_in_a_sentence_or_of_what_one_may_not_see_is_words(page):
    lesson, other = a_lesson(title="Pair each newcomer"), a_lesson(title="Not yours")
    set_audience(other, a_partnership().own_audience)
    text = f"See {lesson.url} there\n\n{other.url}\n\n/nothing/here/\n\n/x"
    thread = a_post(markdown=text).thread
    html = page.get(thread.get_absolute_url()).text
    assert cards(page, thread) == [] and "Not yours" not in html
    assert f"<p>{other.url}</p>" in html and "<p>/nothing/here/</p>" in html


@pytest.mark.parametrize(
    "text",
    [
        "See {}",
        "{} is good",
        "[a lesson]({})",
        "`{}`",
        "    {}",
        "# {}",
        "https://elsewhere.example{path}",
        "{}x/y/",
    ],
)
def test_what_is_not_our_address_alone_stays_a_link_or_words(page, text):
    lesson = a_lesson(title="Pair each newcomer")
    post = a_post(markdown=text.format(full(lesson.url), path=lesson.url))
    assert cards(page, post.thread) == []


def test_who_may_not_see_the_page_finds_the_plain_address(client, page, db):
    partnership = a_partnership()
    insider = a_member(of=partnership)
    lesson = a_lesson(title="Quiet lesson")
    post = a_post(markdown=f"{full(lesson.url)}\n\n{full('/no-such-page/')}")
    assert len(cards(page, post.thread)) == 1
    set_audience(lesson, partnership.own_audience)
    seen = page.get(post.thread.get_absolute_url()).content.decode()
    assert "Quiet lesson" not in seen and "lead-to" not in seen
    rel = 'rel="nofollow ugc noopener"'
    for path in (lesson.url, "/no-such-page/"):  # no difference between the two
        assert f'<a href="{full(path)}" {rel}>{full(path)}</a>' in seen
    client.force_login(insider)
    assert "Quiet lesson" in cards(client, post.thread)[0]


def test_a_thread_moved_to_a_closed_room_has_no_card_for_others(page, member):
    thread = a_thread(title="Quiet talk")
    post = a_post(markdown=full(thread.get_absolute_url()))
    move_thread(thread, a_forum(a_partnership().own_audience))
    assert cards(page, post.thread) == []


def test_a_person_has_no_card_for_visitors(client, db):
    thread = a_thread(a_forum(PUBLIC))
    anna = a_member("Anna Lie")
    a_post(thread, markdown=full(profile_of(anna).get_absolute_url()))
    assert cards(client, thread) == []


def test_the_preview_has_the_card(page):
    lesson = a_lesson(title="Pair each newcomer")
    thread = a_thread()
    told = {"markdown": full(lesson.url), "language": "en", "preview": "1"}
    seen = page.post(f"/forums/thread/{thread.pk}/reply/", told).content.decode()
    assert 'class="lead-to"' in seen


def test_cards_names_and_quotes_cost_one_query(page, django_assert_max_num_queries):
    thread, anna = a_thread(), profile_of(a_member("Anna Lie"))
    for n in range(4):
        lesson, other = a_lesson(title=f"Lesson {n}"), a_thread()
        text = f"> {thread.posts.get(number=1).get_absolute_url()}\n> Quoted.\n\n"
        text += (
            f"@{anna.slug}\n\n{full(lesson.url)}\n\n{full(other.get_absolute_url())}"
        )
        post_reply(thread, a_member(), text)
    deliver_events()
    page.get("/forums/")
    with django_assert_max_num_queries(12):
        assert len(cards(page, thread)) == 8
