"""What is being written is not lost: in one window or two, too late, signed out."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forums import drafting
from forums.actions import (
    close_thread,
    edit_post,
    hide_post,
    move_thread,
    post_reply,
    save_draft,
    set_forum_audience,
    start_thread,
)
from forums.actions.drafts import DoneWith, StaleDraft, discard_draft
from forums.drafting import writer_for
from forums.forms import LONGEST_POST
from forums.jobs import DISCARDED, DRAFTS_KEPT, forget_old_drafts
from forums.models import Draft, Post, Thread
from network.audience import PUBLIC, STAFF
from network.events import deliver_events
from tests.forums.factories import a_forum, a_post, a_thread
from tests.forums.uploads import an_attachment
from tests.people.factories import a_member, a_pending, a_staff

JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}


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


def address(place, name="draft_save") -> str:
    return url(name, place._meta.model_name, place.pk)


def sent(user, place, text="I was about to say", **more) -> dict:
    form = {"markdown": text, "language": "en", "writer": writer_for(user, place)}
    return {**form, **more}


def saved(page, user, place, text="I was about to say", **more):
    return page.post(address(place), sent(user, place, text, **more), headers=JSON)


def texts(user) -> list[str]:
    return [draft.markdown for draft in Draft.objects.filter(author=user)]


# Saving


def test_a_draft_stands_in_the_form_when_the_thread_is_opened(page, member):
    thread = a_thread()
    answer = saved(page, member, thread, "Half a sentence")
    assert answer.json()["sequence"] > 0
    text = words(page.get(thread.get_absolute_url()))
    assert "Half a sentence</textarea>" in text
    assert "Your draft, saved" in text


def test_a_new_threads_draft_brings_all_its_fields_back(page, member):
    forum = a_forum()
    more = {"title": "Who carries", "kind": "experience", "themes": ["1", "x"]}
    saved(page, member, forum, "Text", **more)
    draft = Draft.objects.get()
    assert (draft.title, draft.fields["themes"]) == ("Who carries", [1])
    text = words(page.get(url("thread_new", forum.slug)))
    assert 'value="Who carries"' in text
    assert re.search(r'value="experience"[^>]* checked', text)
    assert "Text</textarea>" in text


def test_a_changed_post_is_kept_until_it_is_saved(page, member):
    post = a_post(author=member)
    edit = url("post_edit", post.thread_id, post.number)
    saved(page, member, post, "Better, but not yet")
    assert "Better, but not yet</textarea>" in words(page.get(edit))
    page.post(edit, {"markdown": "Better.", "language": "en"})
    assert not Draft.objects.exists()


def test_lines_as_a_browser_sends_them_are_no_change(page, member):
    thread = a_thread()
    lines = "\r\n".join(["So we did:", "", "- one", "- two"])
    page.post(url("thread_reply", thread.pk), sent(member, thread, lines))
    post = thread.posts.get(number=2)
    for text in (f"{lines} a", lines):
        saved(page, member, post, text, token="0.a")
    assert not Draft.objects.exists()
    start_thread(a_forum(), member, title="x", markdown="a\nb", language="en")
    other = Post.objects.get(markdown="a\nb")
    page.post(url("post_edit", other.thread_id, 1), sent(member, other, "a\r\nb"))
    assert "edited" not in words(page.get(other.get_absolute_url(), follow=True))


def test_a_line_counts_as_one_sign_however_a_browser_sends_it(page, member):
    thread = a_thread()
    lines = "word\r\n" * (LONGEST_POST // 5)
    page.post(url("thread_reply", thread.pk), sent(member, thread, lines))
    assert thread.posts.count() == 2


def test_an_emptied_text_leaves_no_draft(page, member):
    thread, post = a_thread(), a_post(author=member)
    sequence = saved(page, member, thread).json()["sequence"]
    assert saved(page, member, thread, " ", sequence=sequence).json()["sequence"] == 0
    saved(page, member, post, post.markdown)  # nothing changed
    assert not Draft.objects.exists()


def test_what_cannot_be_stored_is_made_storable(page, member):
    thread = a_thread()
    saved(
        page, member, thread, "a\0b", language="xx", themes=["9" * 30], token="t\0" * 40
    )
    assert Draft.objects.get().fields == {"markdown": "ab"}


def test_too_long_a_text_is_not_taken_and_says_so(page, member, monkeypatch):
    monkeypatch.setattr("forums.views.drafts.LONGEST_DRAFT", 30_000)
    thread = a_thread()
    assert saved(page, member, thread, "x" * 30_001).status_code == 413
    answer = page.post(address(thread), sent(member, thread, "x" * 30_001))
    assert answer.status_code == 422
    assert "x" * 30_001 in words(answer)


def test_without_javascript_a_button_keeps_it_and_comes_back(page, member):
    thread = a_thread()
    answer = page.post(address(thread), sent(member, thread), follow=True)
    assert "Your text is kept as a draft." in words(answer)
    assert "I was about to say</textarea>" in words(answer)
    empty = page.post(address(thread), sent(member, a_thread(), ""), follow=True)
    assert empty.status_code == 403  # a form made for another thread


@pytest.mark.parametrize("kind", ["forum", "thread", "post"])
def test_a_form_that_comes_back_unsent_is_a_draft_already(page, member, kind):
    """So another language, chosen on a preview or beside an error, keeps the text."""
    post = a_post(author=member)
    place = {"post": post, "thread": post.thread, "forum": post.thread.forum}[kind]
    form = drafting.form_address(place)
    for more in ({"preview": "1"}, {"language": "xx"}):
        told = sent(member, place, f"Kept with {more}", token="0.t", **more)
        answer = page.post(form, told)
        assert answer.status_code == (200 if "preview" in more else 422)
        assert texts(member) == [f"Kept with {more}"]
        back = page.get(form, follow=True)
        assert f"Kept with {more}"[:9] in words(back)


# Two windows


def test_the_second_window_is_told_of_the_first(page, member):
    thread = a_thread()
    first = saved(page, member, thread, "First", token="a").json()["sequence"]
    answer = saved(page, member, thread, "Second", token="b")
    assert answer.status_code == 409
    assert answer.json()["fields"]["markdown"] == "First"
    assert answer.json()["sequence"] == first
    mine = saved(page, member, thread, "Second", token="b", sequence=first)
    assert mine.json()["sequence"] > first
    assert texts(member) == ["Second"]


def test_without_javascript_both_texts_are_shown(page, member):
    thread = a_thread()
    saved(page, member, thread, "The first text", token="a")
    answer = page.post(address(thread), sent(member, thread, "The second", token="b"))
    assert answer.status_code == 409
    assert "You have written further in another window" in words(answer)
    assert "The first text" in words(answer)
    assert "The second</textarea>" in words(answer)
    assert texts(member) == ["The first text"]


def test_one_window_may_save_again_before_it_has_heard(member):
    thread = a_thread()
    save_draft(member, thread, {"markdown": "One"}, 0, "a")
    save_draft(member, thread, {"markdown": "One two"}, 0, "a")
    assert texts(member) == ["One two"]


def test_a_post_edited_elsewhere_meanwhile_is_shown_before_it_is_overwritten(
    page, member
):
    post = a_post(author=member)
    token = drafting.edit_token(post)
    edit_post(post, "Edited elsewhere.")
    answer = saved(page, member, post, "From the old version", token=token)
    assert answer.status_code == 409
    assert answer.json()["fields"]["markdown"] == "Edited elsewhere."
    mine = {"token": answer.json()["token"], "sequence": answer.json()["sequence"]}
    assert saved(page, member, post, "From the old version", **mine).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_windows_at_once_keep_one_draft():
    member, thread = a_member(), a_thread()
    heard = []

    def write(n):
        try:
            heard.append(save_draft(member, thread, {"markdown": str(n)}, 0, str(n)))
        except StaleDraft:
            heard.append("stale")
        connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert heard.count("stale") == 5
    assert Draft.objects.count() == 1


# Sending


def test_what_is_sent_is_no_draft_any_more(page, member):
    thread, forum = a_thread(), a_forum()
    save_draft(member, thread, {"markdown": "x"})
    save_draft(member, forum, {"markdown": "x"})
    post_reply(thread, member, "x")
    start_thread(forum, member, title="x", markdown="x", language="en")
    assert not Draft.objects.exists()


def test_a_refused_answer_keeps_its_draft(page, member):
    thread = a_thread()
    saved(page, member, thread, token="t")
    close_thread(thread)
    answer = page.post(url("thread_reply", thread.pk), sent(member, thread, "Late"))
    assert answer.status_code == 422
    assert "This thread is closed." in words(answer)
    assert "Late</textarea>" in words(answer)


def test_sent_twice_and_saved_late_it_does_not_come_back(page, member):
    thread = a_thread()
    told = sent(member, thread, "Once.", token="t")
    saved(page, member, thread, "Once", token="t")
    for _ in range(2):
        page.post(url("thread_reply", thread.pk), {**told, "sequence": "0"})
        assert not Draft.objects.exists()
        late = saved(page, member, thread, "Onc", token="t")
        assert late.status_code == 200  # all is well: a browser need not warn
        assert late.json()["token"] not in ("", "t") and "sequence" not in late.json()
        assert not late.json()["same"]
        again = saved(page, member, thread, "Once.\n", token="t").json()
        assert again["same"] and again["token"] not in ("", "t")
    assert thread.posts.count() == 2
    assert not Draft.objects.exists()


def test_one_text_sent_from_two_windows_stands_once(page, member):
    thread, forum = a_thread(), a_forum()
    for token in "ab":
        told = sent(member, thread, "We did.", token=token, sequence="0")
        saved(page, member, thread, "We did.", token=token)
        answer = page.post(url("thread_reply", thread.pk), told, follow=True)
        assert "We did." in words(answer)
        more = {"title": "What we did", "kind": "experience", "token": f"new {token}"}
        answer = page.post(url("thread_new", forum.slug), told | more, follow=True)
        assert "What we did" in words(answer)
    assert thread.posts.count() == 2 and forum.threads.count() == 1
    assert not Draft.objects.exists()


def test_the_same_words_to_another_or_with_a_file_are_another_answer(
    page, member, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    thread, file = a_thread(), an_attachment(member)
    told = sent(member, thread, "Thank you!")
    page.post(url("thread_reply", thread.pk), {**told, "token": "a"})
    a_post(thread)
    page.post(url("thread_reply", thread.pk), {**told, "token": "b"})
    told["attachments"] = file.pk
    for token in "cd":
        page.post(url("thread_reply", thread.pk), {**told, "token": token})
    assert [post.markdown for post in thread.posts.filter(author=member)] == [
        "Thank you!"
    ] * 3


@pytest.mark.django_db(transaction=True)
def test_saving_and_sending_at_once_leaves_no_draft():
    member, thread = a_member(), a_thread()

    def late():
        for n in range(5):
            try:
                save_draft(member, thread, {"markdown": f"Onc{n}"}, 0, "t")
            except DoneWith:
                break
        connection.close()

    other = threading.Thread(target=late)
    other.start()
    post_reply(thread, member, "Once.", token="t", sequence=0)
    other.join()
    assert not Draft.objects.exists()


def test_what_another_window_has_written_since_stays_when_one_sends(page, member):
    thread = a_thread()
    saved(page, member, thread, "A long one, in the other window", token="a")
    told = sent(member, thread, "Short.", token="b", sequence="0")
    page.post(url("thread_reply", thread.pk), told)
    assert texts(member) == ["A long one, in the other window"]


def test_an_answer_by_htmx_gives_a_fresh_form(page, member):
    thread = a_thread()
    saved(page, member, thread, token="t")
    told = sent(member, thread, "Done.", token="t", sequence="0")
    text = words(page.post(url("thread_reply", thread.pk), told, headers=HTMX))
    assert "Your answer stands above." in text
    assert "I was about" not in text
    assert 'name="sequence" value="0"' in text


# Discarding


def test_a_discarded_draft_can_be_taken_back_for_a_while(page, member):
    thread = a_thread()
    saved(page, member, thread)
    page.post(address(thread, "draft_discard"))
    text = words(page.get(thread.get_absolute_url()))
    assert "I was about" not in text
    assert "You have discarded your draft." in text
    page.post(address(thread, "draft_restore"))
    assert "I was about to say</textarea>" in words(page.get(thread.get_absolute_url()))


def test_discarding_by_htmx_changes_the_form_in_place(page, member):
    thread = a_thread()
    saved(page, member, thread)
    text = words(page.post(address(thread, "draft_discard"), headers=HTMX))
    assert "<html" not in text
    assert "Undo" in text and "I was about" not in text


def test_a_late_saving_of_a_discarded_form_is_not_heard(member):
    thread = a_thread()
    save_draft(member, thread, {"markdown": "Away"}, 0, "t")
    discard_draft(member, thread, "t")
    with pytest.raises(DoneWith):
        save_draft(member, thread, {"markdown": "Away with"}, 0, "t")


def test_taking_it_back_keeps_what_was_typed_since(page, member):
    thread = a_thread()
    saved(page, member, thread, "The old")
    page.post(address(thread, "draft_discard"))
    page.post(address(thread, "draft_restore"), sent(member, thread, "The new"))
    (text,) = texts(member)
    assert "The old" in text and "The new" in text


# The list


def test_the_list_tells_what_where_and_how_to_go_on(page, member):
    assert "You have no drafts" in words(page.get("/forums/drafts/"))
    thread, forum, post = (
        a_thread(title="A question?"),
        a_forum(),
        a_post(author=member),
    )
    save_draft(member, thread, {"markdown": "My **answer**"})
    save_draft(member, forum, {"title": "My title", "markdown": "Words"})
    save_draft(member, post, {"markdown": "My change"})
    save_draft(a_member(), thread, {"markdown": "Somebody else's"})
    text = words(page.get("/forums/drafts/"))
    for part in ("A question?", "My answer", "My title", "My change", forum.name):
        assert part in text
    assert "Somebody else" not in text
    assert url("thread_new", forum.slug) in text
    answer = page.post(address(thread, "draft_discard"), {"list": "1"}, follow=True)
    assert "Undo" in words(answer) and "My answer" not in words(answer)


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        ("", [7], "1 picture or file, no text yet"),
        ("![](attachment:7)\n![](attachment:8)", [7, 8], "2 pictures or files, no"),
        ("", [], ""),
    ],
)
def test_a_draft_of_pictures_alone_says_so(page, member, text, files, said):
    fields = {"markdown": text, "attachments": files, "title": "A title"}
    save_draft(member, a_forum(), fields)
    shown = words(page.get("/forums/drafts/"))
    assert said in shown
    assert said or "no text yet" not in shown


def test_what_can_no_longer_be_sent_can_be_copied_from_the_list(page, member):
    thread = a_thread()
    saved(page, member, thread, "All of it")
    close_thread(thread)
    text = words(page.get("/forums/drafts/"))
    assert "It can no longer be sent there." in text
    assert '<p class="draft__text">All of it</p>' in text
    # also what is still typed into a page that was open
    assert saved(page, member, thread, "More", token="t").status_code in (200, 409)


def test_the_lists_of_forums_lead_to_the_drafts(page, client):
    for there in ("/forums/", "/forums/threads/"):
        a_thread()
        assert 'href="/forums/drafts/"' in words(page.get(there))
        assert 'href="/forums/drafts/"' not in words(Client().get(there))


def test_the_list_costs_the_same_however_long(page, member):
    def count():
        with CaptureQueriesContext(connection) as seen:
            page.get("/forums/drafts/")
        return len(seen)

    save_draft(member, a_thread(), {"markdown": "x"})
    save_draft(member, a_forum(), {"markdown": "x"})
    page.get("/forums/drafts/")
    few = count()
    for _ in range(5):
        save_draft(member, a_thread(), {"markdown": "x"})
        save_draft(member, a_post(author=member), {"markdown": "x"})
    assert count() == few <= 12


def test_a_draft_costs_a_threads_page_a_query_only_where_there_is_one(client, member):
    def of_drafts(there):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(there).status_code == 200
        assert len(seen) <= 12
        begins = 'SELECT "forums_draft"'
        return [q for q in seen.captured_queries if q["sql"].startswith(begins)]

    thread = a_thread(a_forum(PUBLIC))
    there = thread.get_absolute_url()
    assert of_drafts(there) == []
    client.force_login(member)
    assert of_drafts(there) == []
    save_draft(member, thread, {"markdown": "begun"})
    assert len(of_drafts(there)) == 1
    close_thread(thread)
    assert of_drafts(there) == []


# Others, and places that closed


@pytest.mark.parametrize("name", ["draft_save", "draft_discard", "draft_restore"])
def test_a_hidden_place_and_a_missing_one_are_the_same(page, member, name):
    thread = a_thread(a_forum(STAFF), author=a_staff())
    for kind in ("thread", "forum", "post", "nonsense"):
        pk = {"forum": thread.forum_id, "post": thread.posts.get().pk}.get(
            kind, thread.pk
        )
        for one in (pk, 987654):
            answer = page.post(url(name, kind, one), sent(member, thread))
            assert answer.status_code == 404


def test_nobody_reaches_anothers_draft(page, member):
    """An address names a place, and each has their own draft there."""
    other, thread = a_member(), a_thread()
    save_draft(other, thread, {"markdown": "Not yours"})
    for name in ("draft_discard", "draft_restore"):
        page.post(address(thread, name))
    assert Draft.objects.get(author=other).discarded_at is None
    assert "Not yours" not in words(page.get(thread.get_absolute_url()))
    mine = saved(page, member, thread, "Mine")
    assert mine.status_code == 200
    assert texts(other) == ["Not yours"]


def test_a_form_that_somebody_else_left_open_saves_nothing_as_mine(page, member):
    thread = a_thread()
    answer = saved(page, a_member(), thread)  # their form, my session
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_who_may_look_but_not_write_keeps_nothing(client, db):
    pending, thread = a_pending(), a_thread(a_forum(PUBLIC))
    client.force_login(pending)
    assert saved(client, pending, thread).status_code == 403
    post = a_post(thread)
    client.force_login(member := a_member())
    assert saved(client, member, post).status_code == 403  # another's post


@pytest.mark.parametrize("change", ["moved", "narrowed", "hidden"])
def test_a_draft_goes_out_of_sight_with_its_place(page, member, change):
    post = a_post(author=a_member(), thread=a_thread())
    thread = post.thread
    place = thread
    if change == "hidden":
        place = post
    save_draft(member, place, {"markdown": "For that thread"})
    if change == "moved":
        move_thread(thread, a_forum(STAFF))
    elif change == "narrowed":
        set_forum_audience(thread.forum, STAFF)
    else:
        hide_post(post)
    assert "For that thread" not in words(page.get("/forums/drafts/"))
    for name in ("draft_save", "draft_discard", "draft_restore"):
        assert page.post(address(place, name)).status_code == 404


def test_what_is_sent_for_a_post_hidden_meanwhile_is_given_back(page, member):
    post = a_post(author=member)
    hide_post(post)
    edit = url("post_edit", post.thread_id, post.number)
    answer = page.post(edit, sent(member, post, "My change"))
    assert answer.status_code == 422
    assert "My change</textarea>" in words(answer)
    assert "This post cannot be changed any more." in words(answer)


def test_what_is_sent_to_a_forum_archived_meanwhile_is_given_back(page, member):
    forum = a_forum(archived_at=timezone.now())
    told = sent(member, forum, "Too late", title="Late", kind="question")
    answer = page.post(url("thread_new", forum.slug), told)
    assert answer.status_code == 422
    assert "Too late</textarea>" in words(answer)
    assert page.get(url("thread_new", forum.slug)).status_code == 403


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"preview": "1"}, True),
        ({"language": "xx"}, True),
        ({"text": "x" * 20_001}, True),
        ({"text": ""}, False),
        ({"text": "x" * (drafting.LONGEST_DRAFT + 1)}, False),
    ],
)
def test_a_text_that_comes_back_says_whether_it_is_kept(page, member, more, told):
    thread = a_thread()
    answer = page.post(url("thread_reply", thread.pk), sent(member, thread, **more))
    assert ("Your text is kept as a draft." in words(answer)) == told
    assert Draft.objects.exists() == told


# After the session has ended


@pytest.mark.parametrize("more", [{}, {"preview": "1"}])
def test_what_the_signed_out_send_is_there_when_they_sign_in(client, member, more):
    post = a_post(author=member)
    for place in (post, post.thread, post.thread.forum):
        form = drafting.form_address(place)
        answer = client.post(form, sent(member, place, "Not lost", **more))
        assert answer.status_code == 302
        assert answer.url == f"/account/login/?next={form}"
        assert "What you wrote is kept." in words(client.get(answer.url))
    assert Post.objects.count() == 2
    client.force_login(member)
    for place in (post, post.thread, post.thread.forum):
        there = client.get(drafting.form_address(place), follow=True)
        assert "Not lost</textarea>" in words(there)


def test_with_htmx_the_browser_is_sent_to_sign_in(client, member):
    thread = a_thread()
    form = url("thread_reply", thread.pk)
    answer = client.post(form, sent(member, thread), headers=HTMX)
    assert answer["HX-Redirect"] == f"/account/login/?next={form}"
    assert texts(member) == ["I was about to say"]


def test_a_saving_by_the_page_after_the_session_says_401(client, member):
    assert saved(client, member, a_thread()).status_code == 401
    assert "What you wrote is kept." not in words(client.get("/account/login/"))


def test_a_newer_text_is_kept_beside_and_not_overwritten(client, member):
    thread = a_thread()
    save_draft(member, thread, {"markdown": "In the other window"}, 0, "a")
    told = sent(member, thread, "In this one", token="b")
    client.post(url("thread_reply", thread.pk), told)
    (text,) = texts(member)
    assert "In the other window" in text and "In this one" in text


def test_two_threads_begun_at_once_both_keep_title_and_files(
    page, member, settings, tmp_path
):
    page.logout()
    settings.MEDIA_ROOT = tmp_path
    forum = a_forum()
    one, other = an_attachment(member, "one.pdf"), an_attachment(member, "other.pdf")
    kept = {"title": "Who pays?", "markdown": "The host, we hear."}
    save_draft(member, forum, {**kept, "attachments": [one.pk]}, 0, "a")
    told = sent(member, forum, "It snowed.", title="What to wear?", token="b")
    page.post(url("thread_new", forum.slug), {**told, "attachments": [other.pk]})
    page.force_login(member)
    form = words(page.get(url("thread_new", forum.slug)))
    assert 'value="Who pays?"' in form
    assert "The host, we hear.\n\n* * *\n\nWhat to wear?\n\nIt snowed." in form
    assert "one.pdf" in form and "other.pdf" in form


@pytest.mark.parametrize("writer", ["", "nonsense", "old", "other salt"])
def test_without_a_valid_writer_nothing_is_kept(client, member, writer, monkeypatch):
    thread = a_thread()
    told = sent(member, thread)
    if writer == "old":
        monkeypatch.setattr(drafting, "LASTS", -1)
    elif writer == "other salt":
        told["writer"] = signing.dumps([member.pk, "thread", thread.pk], salt="x")
    else:
        told["writer"] = writer
    answer = client.post(url("thread_reply", thread.pk), told)
    assert answer.url.startswith("/account/login/")
    assert "What you wrote is kept." not in words(client.get(answer.url))
    assert not Draft.objects.exists()


def test_a_writer_who_may_not_see_or_write_any_more_keeps_nothing(client, db):
    member, pending = a_member(), a_pending()
    closed, open_one = a_thread(a_forum(STAFF), a_staff()), a_thread(a_forum(PUBLIC))
    for who, thread in ((member, closed), (pending, open_one)):
        answer = client.post(url("thread_reply", thread.pk), sent(who, thread))
        assert answer.url.startswith("/account/login/")
    assert not Draft.objects.exists()


def test_a_writer_sent_by_somebody_else_makes_a_draft_of_its_own_person_only(
    client, member
):
    thread, other = a_thread(), a_member()
    client.post(url("thread_reply", thread.pk), sent(member, thread, "Theirs"))
    assert [draft.author for draft in Draft.objects.all()] == [member]
    assert thread.posts.count() == 1
    client.force_login(other)
    assert "Theirs" not in words(client.get(thread.get_absolute_url()))
    assert "Theirs" not in words(client.get("/forums/drafts/"))


def test_a_form_from_before_a_new_sign_in_keeps_its_text(member):
    """Signing in anew gives new tokens against forgery: the old form's is refused."""
    strict = Client(enforce_csrf_checks=True)
    strict.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    strict.force_login(member)
    thread = a_thread()
    form = url("thread_reply", thread.pk)
    answer = strict.post(form, sent(member, thread, "Not lost"))
    assert answer.status_code == 403
    assert "What you wrote is kept as a draft." in words(answer)
    assert f'href="{form}"' in words(answer)
    assert texts(member) == ["Not lost"]
    by_htmx = strict.post(form, sent(member, thread, "Not lost"), headers=HTMX)
    assert by_htmx["HX-Redirect"] == form
    told = {**sent(member, thread, "<b>To be copied</b>"), "writer": ""}
    copied = strict.post(form, told)
    assert "&lt;b&gt;To be copied&lt;/b&gt;</textarea>" in words(copied)


# Later


def test_old_drafts_are_forgotten(member):
    old, gone, kept = a_thread(), a_thread(), a_thread()
    for thread in (old, gone, kept):
        save_draft(member, thread, {"markdown": "x"})
    now, day = timezone.now(), timedelta(days=1)
    Draft.objects.filter(thread=old).update(saved_at=now - DRAFTS_KEPT - day)
    Draft.objects.filter(thread=gone).update(discarded_at=now - DISCARDED - day)
    forget_old_drafts()
    assert [draft.thread for draft in Draft.objects.all()] == [kept]


def test_drafts_go_with_their_author_and_with_their_place(db):
    author, stays, thread = a_member(), a_member(), a_thread()
    save_draft(author, thread, {"markdown": "x"})
    save_draft(stays, thread, {"markdown": "x"})
    author.delete()
    assert Draft.objects.get().author == stays
    Thread.objects.filter(pk=thread.pk).delete()
    assert not Draft.objects.exists()


def test_a_draft_is_not_found_by_search(page, member):
    save_draft(member, a_forum(), {"title": "unfindablequark", "markdown": "A word"})
    deliver_events()
    assert "A word" not in words(page.get("/search/?q=unfindablequark"))
