import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from forums.actions import (
    accept_answer,
    close_thread,
    hide_post,
    post_reply,
)
from forums.models import Post, Thread
from network.audience import MEMBERS, PUBLIC, STAFF
from network.events import deliver_events
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_pending, a_staff, a_superuser


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def words(answer) -> str:
    return answer.content.decode()


def url(name: str, *args) -> str:
    return reverse(f"forums:{name}", args=args)


# Lists


def test_the_list_shows_and_counts_only_what_the_reader_may_see(page):
    forum = a_forum(name="Hosting")
    a_forum(STAFF, name="Back room")
    a_thread(forum), a_thread(forum, title="The latest")
    text = words(page.get("/forums/"))
    assert "Hosting" in text
    assert "The latest" in text
    assert "Back room" not in text
    assert "2 threads" in text


def test_the_name_of_a_forum_is_marked_with_its_language(page):
    forum = a_forum(name="Kupokea wageni", language="pt")
    thread = a_thread(forum)
    for there in ("/forums/", forum.get_absolute_url(), thread.get_absolute_url(), "/"):
        assert ' lang="pt">Kupokea wageni' in words(page.get(there))


def test_a_visitor_sees_public_forums_only(client, db):
    a_forum(PUBLIC, name="Open door"), a_forum(MEMBERS, name="Members only")
    text = words(client.get("/forums/"))
    assert "Open door" in text
    assert "Members only" not in text


def test_a_visitor_with_nothing_to_see_is_told_how_to_come_in(client, db):
    assert "The forums are for members" in words(client.get("/forums/"))


def test_a_forum_shows_one_kind_when_asked(page):
    forum = a_forum()
    a_thread(forum, title="A question?", kind=Thread.Kind.QUESTION)
    a_thread(forum, title="A story.", kind=Thread.Kind.EXPERIENCE)
    text = words(page.get(forum.get_absolute_url(), {"kind": "question"}))
    assert "A question?" in text
    assert "A story." not in text


def test_answers_are_counted_without_what_is_hidden(page):
    thread = a_thread()
    a_post(thread)
    hide_post(a_post(thread))
    assert "1 answer<" in words(page.get(thread.forum.get_absolute_url())).replace(
        "</span>", "<"
    )


@pytest.mark.parametrize("many", [1, 12])
def test_lists_and_threads_cost_the_same_however_much_they_hold(
    page, django_assert_max_num_queries, many
):
    forum = a_forum()
    for _ in range(many):
        thread = a_thread(forum)
    for _ in range(many):
        a_post(thread)
    deliver_events()
    page.get("/forums/")
    for address in ("/forums/", forum.get_absolute_url(), thread.get_absolute_url()):
        with django_assert_max_num_queries(12):
            assert page.get(address).status_code == 200


# Who may


@pytest.mark.parametrize("name", ["thread_news", "thread_reply", "thread_close"])
def test_a_closed_room_and_a_missing_one_are_the_same(page, name):
    thread = a_thread(a_forum(STAFF), author=a_staff())
    method = page.get if name == "thread_news" else page.post
    closed = method(url(name, thread.pk))
    missing = method(url(name, thread.pk + 1000))
    assert (closed.status_code, missing.status_code) == (404, 404)


def test_what_is_hidden_has_no_address_for_others(page):
    post = a_post()
    assert page.get(post.get_absolute_url()).status_code == 302
    hide_post(post)
    assert page.get(post.get_absolute_url()).status_code == 404


DEEDS = ["post_hide", "post_restore", "post_accept", "post_unaccept"]


@pytest.mark.parametrize("name", DEEDS)
def test_only_moderators_and_the_one_who_asked_decide(page, name):
    post = a_post(a_thread(kind=Thread.Kind.QUESTION))
    assert page.post(url(name, post.thread_id, post.number)).status_code == 403


def test_a_pending_person_may_read_what_is_public_but_not_write(client, db):
    client.force_login(a_pending())
    thread = a_thread(a_forum(PUBLIC))
    assert client.get(thread.get_absolute_url()).status_code == 200
    answer = client.post(url("thread_reply", thread.pk), {"markdown": "Hello"})
    assert answer.status_code == 403


def test_one_edits_ones_own_words_only(page, member):
    thread = a_thread()
    own, other = a_post(thread, member), a_post(thread)
    assert page.get(url("post_edit", thread.pk, other.number)).status_code == 403
    page.post(
        url("post_edit", thread.pk, own.number),
        {"markdown": "Better.", "language": "en"},
    )
    own.refresh_from_db()
    assert own.markdown == "Better."


# Writing


def test_a_thread_is_started_and_opens(page):
    forum = a_forum()
    sent = {
        "kind": "question",
        "title": "Kven tek imot?",
        "markdown": "Vi **undrast**.",
        "language": "nn",
    }
    answer = page.post(url("thread_new", forum.slug), sent, follow=True)
    text = words(answer)
    assert "Kven tek imot?" in text
    assert '<div class="text" lang="nn"><p>Vi <strong>undrast</strong>.</p>' in text


def test_what_was_typed_is_kept_when_something_is_missing(page):
    forum = a_forum()
    sent = {"kind": "question", "title": "", "markdown": "Kept.", "language": "en"}
    answer = page.post(url("thread_new", forum.slug), sent)
    assert answer.status_code == 422
    assert "Kept." in words(answer)


def test_a_reply_leads_to_its_place_in_the_thread(page):
    thread = a_thread()
    sent = {"markdown": "I did.", "language": "en"}
    answer = page.post(url("thread_reply", thread.pk), sent)
    post = thread.posts.get(number=2)
    assert answer.url == post.get_absolute_url()
    assert page.get(answer.url).url == f"{thread.get_absolute_url()}#post-2"


def test_the_same_form_sent_twice_makes_one_post(page):
    thread = a_thread()
    sent = {"markdown": "I did.", "language": "en", "token": "once"}
    first = page.post(url("thread_reply", thread.pk), sent)
    second = page.post(url("thread_reply", thread.pk), sent)
    assert first.url == second.url
    assert thread.posts.count() == 2


def test_what_nobody_would_see_is_neither_a_title_nor_a_text(page):
    forum, unseen = a_forum(), "\u200b \u2060"
    told = {"title": "Seen", "markdown": "Seen.", "kind": "question", "language": "en"}
    for name in ("title", "markdown"):
        answer = page.post(url("thread_new", forum.slug), {**told, name: unseen})
        assert "This field is required." in words(answer)
    told["title"] = told["markdown"] = "\U0001f44d"
    page.post(url("thread_new", forum.slug), told)
    assert forum.threads.get().title == told["title"]


def test_a_title_turns_nothing_it_stands_beside(page):
    forum = a_forum()
    told = {"title": "\u202ewhy \u0634\u0643\u0631\u0627", "markdown": "So."}
    page.post(
        url("thread_new", forum.slug), {**told, "kind": "question", "language": "en"}
    )
    assert forum.threads.get().title == "why \u0634\u0643\u0631\u0627"


def test_an_empty_reply_is_refused_and_a_too_long_one_kept(page):
    address = url("thread_reply", a_thread().pk)
    assert page.post(address, {"language": "en"}).status_code == 422
    answer = page.post(address, {"markdown": "long " * 5000, "language": "en"})
    assert answer.status_code == 422
    assert "long long long" in words(answer)


def test_a_browser_does_not_cut_what_is_pasted(page):
    text = words(page.get(a_thread().get_absolute_url()))
    field = text[text.index("<textarea") : text.index("</textarea>")]
    assert "maxlength" not in field
    assert 'data-max="20000"' in text


def test_a_thread_closed_meanwhile_keeps_the_text(page, monkeypatch):
    thread = a_thread()
    close_thread(thread)
    monkeypatch.setattr("forums.views.threads.can_reply", lambda user, thread: True)
    sent = {"markdown": "Too late.", "language": "en"}
    answer = page.post(url("thread_reply", thread.pk), sent)
    assert answer.status_code == 422
    assert "Too late." in words(answer)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_preview_shows_the_text_and_writes_nothing(page, headers):
    thread = a_thread()
    sent = {"markdown": "So **far**.", "language": "en", "preview": "1"}
    answer = page.post(url("thread_reply", thread.pk), sent, headers=headers)
    assert "So <strong>far</strong>." in words(answer)
    assert ("<html" in words(answer)) == (not headers)
    assert thread.posts.count() == 1


def test_whoever_comes_back_to_a_preview_finds_the_form_in_the_thread(page):
    thread = a_thread()
    answer = page.get(url("thread_reply", thread.pk))
    assert answer.url == f"{thread.get_absolute_url()}?page=last#reply"
    assert 'id="reply"' in words(page.get(answer.url))
    closed = a_thread(a_forum(STAFF), author=a_staff())
    assert page.get(url("thread_reply", closed.pk)).status_code == 404


def test_htmx_gets_a_fresh_form_and_is_told_to_fetch(page):
    thread = a_thread()
    sent = {"markdown": "I did.", "language": "en", "token": "once"}
    answer = page.post(
        url("thread_reply", thread.pk), sent, headers={"HX-Request": "true"}
    )
    assert answer["HX-Trigger"] == "thread-news"
    assert "Your answer stands above." in words(answer)
    assert "I did." not in words(answer)
    assert 'value="once"' not in words(answer)


# The thread


def test_the_accepted_answer_stands_first(page):
    thread = a_thread(kind=Thread.Kind.QUESTION)
    a_post(thread, markdown="Early."), a_post(thread, markdown="Late, and right.")
    accept_answer(thread.posts.get(number=3), thread.author)
    text = words(page.get(thread.get_absolute_url()))
    assert text.index("Late, and right.") < text.index("Early.")
    assert "Answered" in text


def test_an_answer_accepted_twice_stays_accepted_until_that_is_taken_back(page, member):
    thread = a_thread(author=member, kind=Thread.Kind.QUESTION)
    post, other = a_post(thread), a_post(thread)
    at = thread.get_absolute_url()
    for _n in range(2):  # a double click; another window that has not heard yet
        page.post(url("post_accept", thread.pk, post.number))
    assert "Accepted answer" in words(page.get(at))
    page.post(url("post_unaccept", thread.pk, other.number))
    assert url("post_unaccept", thread.pk, post.number) in words(page.get(at))
    page.post(url("post_unaccept", thread.pk, post.number))
    assert "Accepted answer" not in words(page.get(at))


def test_what_was_hidden_meanwhile_is_not_accepted(page, member):
    forum = a_forum(moderators=[member])
    thread = a_thread(forum, member, kind=Thread.Kind.QUESTION)
    post = a_post(thread)
    hide_post(Post.objects.get(pk=post.pk))
    with pytest.raises(ValidationError):
        accept_answer(post, member)  # as it was when the page asked
    answer = page.post(url("post_accept", thread.pk, post.number), follow=True)
    assert "Only an answer can be accepted." in words(answer)


def test_the_accepted_answer_comes_to_the_first_page_from_a_later_one(page):
    thread, author = a_thread(kind=Thread.Kind.QUESTION), a_member()
    for n in range(2, 34):
        post = post_reply(thread, author, f"Number {n}.")
    accept_answer(post, thread.author)
    text = words(page.get(thread.get_absolute_url()))
    assert text.index("Number 33.") < text.index("Number 2.")
    assert "Number 31." not in text
    assert "Number 31." in words(page.get(f"{thread.get_absolute_url()}?page=2"))


def test_the_pages_of_a_thread_have_a_way_on_and_back(page):
    thread = a_thread()
    for n in range(2, 62):
        a_post(thread, markdown=f"Number {n}.")
    text = words(page.get(f"{thread.get_absolute_url()}?page=2"))
    assert 'rel="prev"' in text and "?page=1" in text
    assert 'rel="next"' in text and "?page=3" in text


def test_a_permalink_finds_the_page_of_its_post(page):
    thread, author = a_thread(), a_member()
    for _ in range(31):
        post = post_reply(thread, author, "One more.")
    target = page.get(post.get_absolute_url()).url
    assert target == f"{thread.get_absolute_url()}?page=2#post-32"


def test_an_old_address_leads_to_the_new(page):
    thread = a_thread()
    answer = page.get(url("thread_detail", thread.pk, "something-else"))
    assert answer.url == thread.get_absolute_url()


def test_an_imported_author_is_shown_by_name(page):
    thread = a_thread()
    thread.posts.update(author=None, author_name="Ines Imported")
    assert "Ines Imported" in words(page.get(thread.get_absolute_url()))


def test_a_visitor_does_not_learn_who_wrote(client, db):
    thread = a_thread(a_forum(PUBLIC), a_member("Sarmila Poudyal"))
    text = words(client.get(thread.get_absolute_url()))
    assert "Those who stay behind" in text
    assert "Sarmila" not in text


# News for a page that is open


def news(page, thread, since: int, **query):
    return page.get(url("thread_news", thread.pk), {"since": since, **query})


def test_nothing_new_is_204(page):
    thread = a_post().thread
    thread.refresh_from_db()
    assert news(page, thread, thread.revision).status_code == 204


def test_news_holds_what_came_and_what_changed(page):
    thread, author = a_thread(), a_member()
    post_reply(thread, author, "Second.")
    thread.refresh_from_db()
    since = thread.revision
    post_reply(thread, author, "Third.")
    text = words(news(page, thread, since))
    assert "Third." in text
    assert "Second." not in text
    accept_answer(thread.posts.get(number=2), author)
    assert "Second." in words(news(page, thread, since + 1))


def test_news_names_the_number_of_a_post_that_was_hidden(page):
    post = a_post(markdown="Not for you.")
    since = post.thread.revision
    hide_post(post)
    text = words(news(page, post.thread, since))
    assert 'data-gone="2"' in text
    assert "Not for you." not in text


def test_a_page_hears_only_of_the_numbers_it_shows(page):
    thread, author = a_thread(), a_member()
    for n in range(2, 33):
        post_reply(thread, author, f"Number {n}.")
    first = words(news(page, thread, 0, after=0, until=30))
    last = words(news(page, thread, 0, after=30))
    assert "Number 30." in first and "Number 31." not in first
    assert "Number 31." in last and "Number 30." not in last


def test_nonsense_in_the_address_is_404(page):
    assert news(page, a_thread(), "x").status_code == 404


# Moderation


def test_a_moderator_closes_moves_and_hides(client, db):
    moderator = a_member()
    other = a_forum(moderators=[moderator])
    thread = a_thread(a_forum(moderators=[moderator]))
    post = a_post(thread)
    client.force_login(moderator)
    client.post(url("post_hide", thread.pk, 2), {"note": "Unkind."})
    client.post(url("thread_close", thread.pk))
    asked = client.post(url("thread_move", thread.pk), {"forum": other.pk})
    sent = {"forum": other.pk, "told": asked.context["told"]}
    client.post(url("thread_move", thread.pk), sent)
    post.refresh_from_db(), thread.refresh_from_db()
    assert post.hidden_at and thread.closed_at
    assert thread.forum == other


def test_with_nowhere_to_move_a_thread_one_is_led_back(client, db):
    moderator = a_member()
    thread = a_thread(a_forum(moderators=[moderator]))
    client.force_login(moderator)
    text = words(client.get(url("thread_move", thread.pk)))
    assert "There is no forum to move it to" in text
    assert f'href="{thread.get_absolute_url()}"' in text


def test_an_audience_changed_in_the_admin_narrows_search_at_once(client, db):
    from network.audience import pending_restrictions

    forum = a_forum(PUBLIC)
    client.force_login(a_superuser())
    sent = {"name": "Room", "slug": "room", "audience": MEMBERS, "position": 1}
    sent["hold_newcomers"] = 0
    answer = client.post(f"/admin/forums/forum/{forum.pk}/change/", sent)
    assert answer.status_code == 302
    forum.refresh_from_db()
    assert (forum.name, forum.audience) == ("Room", MEMBERS)
    assert f"forum.{forum.pk}" in pending_restrictions()


def test_a_number_of_any_length_leads_to_the_last_page(page):
    thread = a_thread()
    endless = "9" * 5000
    for address in (thread.get_absolute_url(), f"/forums/thread/{thread.pk}/print/"):
        answer = page.get(address, {"page": endless, "part": endless})
        assert answer.status_code == 200
