"""What a reader has not read: always right, whatever happens to posts and people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.actions import accept_answer, hide_post, move_thread, restore_post
from forums.models import POSTS_A_PAGE, Post, ReadMark, Thread
from forums.unread import with_unread
from network.audience import STAFF
from network.people.actions import block, mute
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return a_member("Rut Reader", language="en")


@pytest.fixture
def page(client, reader):
    client.force_login(reader)
    return client


def unread(reader, thread) -> int:
    return with_unread(Thread.objects.all(), reader).get(pk=thread.pk).unread


def listed(page, show: str, **more) -> list[str]:
    html = page.get("/forums/threads/", {"show": show, **more}).context["page"]
    return [thread.title for thread in html.object_list]


def test_what_others_write_after_one_has_read_is_unread_until_it_is_read(page, reader):
    thread = a_thread()
    assert unread(reader, thread) == 0
    page.get(thread.get_absolute_url())
    a_post(thread), a_post(thread)
    assert unread(reader, thread) == 2
    page.get(thread.get_absolute_url())
    assert unread(reader, thread) == 0


def test_ones_own_post_is_never_unread(page, reader):
    thread = a_thread()
    page.get(thread.get_absolute_url())
    a_post(thread)
    a_post(thread, author=reader)
    assert unread(reader, thread) == 1


def test_an_answer_to_ones_own_thread_is_unread_before_it_was_ever_opened(reader):
    thread = a_thread(author=reader)
    a_post(thread)
    assert unread(reader, thread) == 1


def test_writing_skips_nothing_that_was_not_read(page, reader):
    thread = a_thread()
    page.get(thread.get_absolute_url())
    a_post(thread, author=reader)
    assert ReadMark.objects.get(user=reader).number == 2
    a_post(thread)
    a_post(thread, author=reader)
    assert unread(reader, thread) == 1


def test_only_what_the_reader_sees_is_counted(page, reader):
    thread, blocked = a_thread(), a_member("Bo Blocked")
    page.get(thread.get_absolute_url())
    hidden = a_post(thread)
    a_post(thread, author=blocked)
    hide_post(hidden)
    block(reader, blocked)
    assert unread(reader, thread) == 0
    restore_post(hidden)
    assert unread(reader, thread) == 1


def test_looking_at_an_earlier_page_again_makes_nothing_unread(page, reader):
    thread = a_thread()
    for _ in range(POSTS_A_PAGE):
        a_post(thread)
    page.get(thread.get_absolute_url(), {"page": "last"})
    page.get(thread.get_absolute_url())
    assert unread(reader, thread) == 0


def test_what_a_browser_fetches_unasked_is_not_read(page, reader):
    url = a_thread().get_absolute_url()
    page.head(url)
    page.get(url, headers={"Sec-Purpose": "prefetch"})
    assert not ReadMark.objects.filter(user=reader).exists()


def test_the_count_leads_to_the_first_post_that_is_unread(page):
    thread = a_thread()
    page.get(thread.get_absolute_url())
    for _ in range(POSTS_A_PAGE):
        a_post(thread)
    ReadMark.objects.update(number=POSTS_A_PAGE)
    html = page.get(thread.forum.get_absolute_url()).content.decode()
    assert f"/forums/thread/{thread.pk}/unread/" in html and "1 new" in html
    there = page.get(f"/forums/thread/{thread.pk}/unread/").url
    assert there.endswith(f"?page=2#post-{POSTS_A_PAGE + 1}")
    page.get(there)
    assert page.get(f"/forums/thread/{thread.pk}/unread/").url.endswith("?page=last")


def test_where_the_reader_goes_on_is_marked(page):
    thread = a_thread()
    page.get(thread.get_absolute_url())
    a_post(thread)
    html = page.get(thread.get_absolute_url()).content.decode()
    assert html.index('id="new"') < html.index('id="post-2"')
    assert 'id="new"' not in page.get(thread.get_absolute_url()).content.decode()


def test_the_accepted_answer_above_its_page_reads_nothing_that_lies_between(
    page, reader
):
    thread = a_thread(kind="question")
    for _ in range(POSTS_A_PAGE + 5):
        answer = a_post(thread)
    accept_answer(answer, thread.author)
    html = page.get(thread.get_absolute_url()).content.decode()
    assert f'id="post-{answer.number}"' in html
    assert ReadMark.objects.get(user=reader).number == POSTS_A_PAGE
    assert unread(reader, thread) == 6
    there = page.get(f"/forums/thread/{thread.pk}/unread/").url
    assert there.endswith(f"#post-{POSTS_A_PAGE + 1}")


def test_the_reader_goes_on_below_an_accepted_answer_and_whom_they_muted(page, reader):
    thread, muted = a_thread(kind="question"), a_member("Mia Muted")
    page.get(thread.get_absolute_url())
    mute(reader, muted)
    a_post(thread, author=muted), a_post(thread)
    for _ in range(POSTS_A_PAGE):
        answer = a_post(thread)
    accept_answer(answer, thread.author)
    answer = page.get(thread.get_absolute_url())
    assert answer.context["first_news"].post.number == 3


def test_after_a_year_an_old_thread_counts_in_no_list(page, reader):
    thread = a_thread()
    page.get(thread.get_absolute_url())
    a_post(thread)
    ago = timezone.now() - timedelta(days=370)
    Thread.objects.update(created_at=ago, last_post_at=ago)
    Post.objects.update(created_at=ago)
    assert unread(reader, thread) == 0
    assert listed(page, "unread") == []
    for there in ("/forums/", thread.forum.get_absolute_url()):
        html = page.get(there).content.decode()
        assert "1 new" not in html and "Mark all as read" not in html


def test_each_list_shows_what_it_says(page, reader):
    opened, fresh = a_thread(title="Opened"), a_thread(title="Fresh", kind="question")
    mine = a_thread(title="Mine", author=reader)
    old = a_thread(title="Old")
    Thread.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - timedelta(days=40)
    )
    page.get(opened.get_absolute_url())
    a_post(opened)
    assert set(listed(page, "latest")) == {"Opened", "Fresh", "Mine", "Old"}
    assert listed(page, "new") == ["Fresh"]
    assert listed(page, "unread") == ["Opened"]
    assert listed(page, "unanswered") == ["Fresh"]
    assert listed(page, "mine") == ["Mine"]
    a_post(fresh)
    a_post(mine)
    assert listed(page, "unanswered") == []
    assert listed(page, "unread") == ["Mine", "Opened"]


def test_an_imported_question_that_a_member_answered_is_answered(page):
    thread = a_thread(title="From elsewhere", kind="question")
    for rows in (thread.posts, Thread.objects.filter(pk=thread.pk)):
        rows.update(author=None, author_name="Ida Imported")
    assert listed(page, "unanswered") == ["From elsewhere"]
    a_post(thread)
    assert listed(page, "unanswered") == []


def test_what_began_before_somebody_came_is_not_new_to_them(client):
    a_thread(title="Before")
    late = a_member()
    client.force_login(late)
    a_thread(title="After")
    assert listed(client, "new") == ["After"]


def test_a_list_is_narrowed_by_theme_and_language_and_keeps_its_tab(page):
    a_thread(title="Norsk", language="nn")
    a_thread(title="English", language="en")
    assert listed(page, "latest", language="nn") == ["Norsk"]
    html = page.get("/forums/threads/", {"show": "new", "language": "nn"})
    assert '<input type="hidden" name="show" value="new"' in html.content.decode()


@pytest.mark.parametrize("show", ["new", "unread", "mine", "nonsense", ""])
def test_visitors_have_the_latest(client, show):
    a_thread(a_forum("public"), title="For all")
    assert listed(client, show) == ["For all"]


def test_a_thread_that_moved_out_of_sight_is_in_no_list(page):
    thread = a_thread()
    page.get(thread.get_absolute_url())
    a_post(thread)
    move_thread(thread, a_forum(STAFF))
    for show in ("latest", "new", "unread", "unanswered", "mine"):
        assert listed(page, show) == []
    assert page.get(f"/forums/thread/{thread.pk}/unread/").status_code == 404


@pytest.mark.parametrize("many", [1, 9])
def test_lists_cost_the_same_however_long(page, django_assert_max_num_queries, many):
    for _ in range(many):
        thread = a_thread()
        page.get(thread.get_absolute_url())
        a_post(thread)
    page.get("/forums/threads/")
    for show in ("latest", "unread", "mine"):
        with django_assert_max_num_queries(12):
            page.get("/forums/threads/", {"show": show})
