"""Files of posts: who sees them, how they are sent, and when they go."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from forums import jobs
from forums.actions import attachments as keeping
from forums.actions import (
    discard_draft,
    edit_post,
    hide_post,
    keep_file,
    move_thread,
    post_reply,
    restore_post,
    save_draft,
    set_forum_audience,
    start_thread,
)
from forums.models import Attachment, Draft
from network.audience import PUBLIC, STAFF
from tests.forums.factories import a_forum, a_post, a_thread
from tests.forums.uploads import PDF, an_attachment, office, picture, sent
from tests.people.factories import a_member, a_pending, a_staff


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def thread(db):
    return a_thread()


def words(answer) -> str:
    return answer.content.decode()


def reply_url(thread) -> str:
    return reverse("forums:thread_reply", args=[thread.pk])


def edit_url(post) -> str:
    return reverse("forums:post_edit", args=[post.thread_id, post.number])


def files_on_disk(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


def a_post_with(*files: Attachment, thread=None, text="See below.", **told):
    author = files[0].uploader
    shows = {file.pk: told.get("alt", "") for file in files}
    return post_reply(thread or a_thread(), author, text, attachments=shows)


def asked(client, url: str, **headers) -> tuple:
    return tuple(
        (method, getattr(client, method)(url, headers=headers).status_code)
        for method in ("get", "head", "options", "post")
    )


# Who sees


def test_until_it_is_posted_a_file_is_its_uploaders_alone(client, member):
    file = an_attachment(member)
    for user, status in [(a_member(), 404), (a_staff(), 404), (member, 200)]:
        client.force_login(user)
        for url in (file.url, file.thumb_url):
            assert client.get(url).status_code == status


def test_then_whoever_sees_the_post_sees_the_file(client, member):
    file = an_attachment(member, "plan.pdf")
    post = a_post_with(file)
    other, staff = a_member(), a_staff()
    client.force_login(other)
    answer = client.get(file.url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == 'inline; filename="plan.pdf"'
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    hide_post(post)
    for user, status in [(other, 404), (member, 200), (staff, 200)]:
        client.force_login(user)
        assert client.get(file.url).status_code == status
    restore_post(post)
    client.force_login(other)
    assert client.get(file.url).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}])
@pytest.mark.parametrize("close", ["move", "narrow", "hide"])
def test_what_is_closed_answers_as_what_is_missing(page, close, headers):
    post = a_post_with(an_attachment(name="plan.pdf"))
    file = post.attachments.get()
    assert page.get(file.url).status_code == 200
    if close == "move":
        move_thread(post.thread, a_forum(STAFF))
    elif close == "narrow":
        set_forum_audience(post.thread.forum, STAFF)
    else:
        hide_post(post)
    missing = re.sub(r"[^/]+\.pdf", "none.pdf", file.url)
    assert asked(page, file.url, **headers) == asked(page, missing, **headers)
    assert page.get(file.url, headers=headers).status_code == 404


def test_a_document_is_handed_over_for_saving_under_its_own_name(page, member):
    file = an_attachment(member, "Ærleg plan.docx", office("docx"))
    answer = page.get(file.url)
    said = answer.headers["Content-Disposition"]
    assert said == "attachment; filename*=utf-8''%C3%86rleg%20plan.docx"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    html = an_attachment(member, "page.txt", b"<script>alert(1)</script>")
    answer = page.get(html.url)
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"].startswith("attachment")


# Sending with the page's script


def test_a_file_is_sent_alone_and_answered_by_its_place_in_the_form(page, member):
    url = reverse("forums:attachment_new")
    answer = page.post(url, {"file": sent("photo.png", picture())})
    file = Attachment.objects.get()
    assert (answer.status_code, file.uploader, file.post) == (201, member, None)
    assert f'name="attachments" value="{file.pk}"' in words(answer)
    assert "What does the picture show?" in words(answer)


def test_what_is_refused_is_said_why_and_nothing_is_kept(page, tmp_path):
    url = reverse("forums:attachment_new")
    answer = page.post(url, {"file": sent("drawing.svg", b"<svg/>")})
    assert answer.status_code == 422
    assert "Save it as PNG" in words(answer)
    assert page.post(url, {}).status_code == 422
    assert page.post(url, {"file": "no file"}).status_code == 422
    assert page.get(url).status_code == 405
    assert (Attachment.objects.count(), files_on_disk(tmp_path)) == (0, [])


def test_only_members_send_files(client, db):
    url = reverse("forums:attachment_new")
    assert client.post(url).status_code == 302
    client.force_login(a_pending())
    assert client.post(url, {"file": sent("a.txt", b"a")}).status_code == 403


def test_a_request_that_is_too_large_is_answered_in_plain_words(page, settings, thread):
    settings.LARGEST_REQUEST = 5000
    given = {"markdown": "x", "language": "en", "files": sent("a.txt", b"a" * 6000)}
    answer = page.post(reply_url(thread), given)
    assert answer.status_code == 413
    assert "at most 4.9" in words(answer)
    assert Attachment.objects.count() == 0


# The plain form


def test_a_reply_brings_its_files_along(page, member, thread):
    files = [sent("a.png", picture()), sent("plan.pdf", PDF)]
    given = {"markdown": "Look.", "language": "en", "files": files}
    assert page.post(reply_url(thread), given).status_code == 302
    post = thread.posts.get(number=2)
    text = words(page.get(thread.get_absolute_url()))
    shown, _paper = post.attachments.order_by("-kind")
    assert post.files_below == 2
    assert f'src="{shown.thumb_url}" width="40" height="30" alt="a.png"' in text
    assert "plan.pdf" in text and ">PDF, " in text


def test_a_preview_keeps_files_and_what_was_said_of_them(page, member, thread):
    given = {"markdown": "Look.", "language": "en", "preview": "1"}
    first = page.post(reply_url(thread), {**given, "files": [sent("a.png", picture())]})
    file = Attachment.objects.get()
    assert f'name="attachments" value="{file.pk}"' in words(first)
    again = {**given, "attachments": [file.pk], f"alt-{file.pk}": "A house"}
    again["markdown"] = f"Look: ![](attachment:{file.pk})"
    second = page.post(reply_url(thread), again)
    assert 'value="A house"' in words(second)
    assert f'<img src="{file.thumb_url}"' in words(second)
    del again["preview"]
    page.post(reply_url(thread), again)
    post = thread.posts.get(number=2)
    assert post.markdown == f"Look: ![A house](attachment:{file.pk})"
    assert post.plain_text == "Look: A house"
    assert 'alt="A house"' in post.html
    assert post.files_below == 0


def test_an_error_keeps_the_files_that_were_good(page, thread):
    files = [sent("a.png", picture()), sent("bad.svg", b"<svg/>")]
    given = {"markdown": "Kept words.", "language": "en", "files": files}
    answer = page.post(reply_url(thread), given)
    text = words(answer)
    assert answer.status_code == 422
    assert "bad.svg: An SVG drawing" in text and "Kept words." in text
    assert f'name="attachments" value="{Attachment.objects.get().pk}"' in text
    assert thread.posts.count() == 1


def test_a_thread_begins_with_files(page):
    forum = a_forum()
    given = {"kind": "question", "title": "Who?", "markdown": "", "language": "en"}
    given["files"] = [sent("a.pdf", PDF)]
    url = reverse("forums:thread_new", args=[forum.slug])
    answer = page.post(url, given)
    assert answer.status_code == 422
    file = Attachment.objects.get()
    given |= {"markdown": "We.", "attachments": [file.pk]}
    del given["files"]
    assert page.post(url, given).status_code == 302
    file.refresh_from_db()
    assert file.post == forum.threads.get().posts.get()


def test_the_same_form_sent_twice_attaches_once(page, member, thread):
    file = an_attachment(member)
    given = {"markdown": "Look.", "language": "en", "token": "once"}
    given["attachments"] = [file.pk]
    first, second = (page.post(reply_url(thread), given) for _ in range(2))
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert thread.posts.count() == 2


def test_a_ticked_file_is_not_sent_and_is_gone(
    page, member, thread, tmp_path, django_capture_on_commit_callbacks
):
    file = an_attachment(member)
    given = {"markdown": "Look.", "language": "en"}
    given |= {"attachments": [file.pk], "removed": [file.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        assert page.post(reply_url(thread), given).status_code == 302
    assert Attachment.objects.count() == 0
    assert files_on_disk(tmp_path) == []


# Other people's files


@pytest.mark.parametrize("posted", [False, True])
def test_somebody_elses_file_is_an_error_that_tells_nothing(
    page, member, thread, posted
):
    file = an_attachment(name="secret.pdf")
    if posted:
        a_post_with(file, thread=a_thread(a_forum(STAFF), a_staff()))
    answers = []
    for pk in (file.pk, file.pk + 1000):
        given = {"markdown": f"![](attachment:{pk})", "language": "en"}
        given |= {"attachments": [pk], f"alt-{pk}": "mine", "token": "same"}
        for way in ({"preview": "1"}, {}):
            answer = page.post(reply_url(thread), {**given, **way})
            text = re.sub(r"\b\w{64}\b", "", words(answer))  # CSRF
            text = re.sub(r'name="(sequence|writer)" value="[^"]*"', "", text)
            text = text.replace(f"attachment:{pk})", "")
            answers.append((answer.status_code, text))
    assert answers[:2] == answers[2:]
    assert answers[1][0] == 422
    assert "secret.pdf" not in str(answers)
    file.refresh_from_db()
    assert (file.alt, thread.posts.count()) == ("", 1)


def test_nobody_removes_or_shows_another_persons_file(page, member, thread):
    theirs = an_attachment()
    given = {"markdown": f"![x](attachment:{theirs.pk})", "language": "en"}
    page.post(reply_url(thread), {**given, "removed": [theirs.pk]})
    post = thread.posts.get(number=2)
    page.post(edit_url(post), {**given, "removed": [theirs.pk]})
    post.refresh_from_db()
    assert Attachment.objects.filter(pk=theirs.pk).exists()
    assert post.html == "<p>x</p>\n"


def test_a_file_of_one_post_does_not_move_to_another(member):
    file = an_attachment(member)
    a_post_with(file)
    with pytest.raises(ValidationError):
        a_post_with(file)


def test_odd_numbers_in_the_form_do_no_harm(page, thread):
    for odd in ("-1", "x", "9" * 40, "١", "1e3", ""):
        given = {"markdown": "Fine.", "language": "en", "attachments": odd}
        given["removed"] = odd
        assert page.post(reply_url(thread), given).status_code == 302


# Editing


def test_editing_adds_removes_and_says_what_is_shown(
    page, member, tmp_path, django_capture_on_commit_callbacks
):
    old = an_attachment(member, "old.png")
    post = a_post_with(old, an_attachment(member, "plan.pdf"))
    text = words(page.get(edit_url(post)))
    assert "plan.pdf" in text and f'name="alt-{old.pk}"' in text
    new = an_attachment(member, "new.png")
    given = {"markdown": post.markdown, "language": "en", "attachments": [new.pk]}
    given |= {"removed": [old.pk], f"alt-{new.pk}": "A barn"}
    with django_capture_on_commit_callbacks(execute=True):
        assert page.post(edit_url(post), given).status_code == 302
    names = post.attachments.values_list("name", "alt")
    assert list(names) == [("plan.pdf", ""), ("new.png", "A barn")]
    assert "old.png" not in words(page.get(post.thread.get_absolute_url()))
    assert len(files_on_disk(tmp_path)) == 3


def test_editing_the_words_alone_leaves_the_files(member):
    file = an_attachment(member)
    text = f"![A house](attachment:{file.pk})"
    post = a_post_with(file, text=text)
    edit_post(post, f"Again.\n\n{text}")
    post.refresh_from_db()
    assert f'<figure class="pictures"><a href="{file.url}"' in post.html
    assert post.files_below == 0
    edit_post(post, "Without.")
    assert (post.files_below, post.attachments.count()) == (1, 1)


def test_a_high_picture_is_given_the_size_in_which_it_stands():
    file = Attachment(kind="picture", width=900, height=1800)
    assert file.shown_size == (288, 576)
    assert Attachment(kind="picture", width=40, height=30).shown_size == (40, 30)


def test_what_a_picture_shows_is_changed_in_the_text_or_beside_it(member):
    file = an_attachment(member)
    post = a_post_with(file, text=f"![](attachment:{file.pk})", alt="A [big] house")
    assert post.markdown == rf"![A \[big\] house](attachment:{file.pk})"
    edit_post(
        post, f"![A barn](attachment:{file.pk})", attachments={file.pk: "A [big] house"}
    )
    assert post.attachments.get().alt == "A barn"
    edit_post(post, post.markdown, attachments={file.pk: "A shed"})
    assert post.markdown == f"![A shed](attachment:{file.pk})"


# Limits


def test_a_post_takes_so_many_files_and_bytes(page, member, thread, monkeypatch):
    files = [an_attachment(member, "a.pdf") for _ in range(3)]
    given = {"markdown": "Many.", "language": "en"}
    given["attachments"] = [file.pk for file in files]
    monkeypatch.setattr(keeping, "MOST_FILES", 2)
    answer = page.post(reply_url(thread), given)
    assert (answer.status_code, "at most 2 files" in words(answer)) == (422, True)
    monkeypatch.setattr(keeping, "MOST_FILES", 10)
    monkeypatch.setattr(keeping, "LARGEST_POST", 2 * len(PDF))
    answer = page.post(reply_url(thread), given)
    assert (answer.status_code, "together" in words(answer)) == (422, True)
    assert thread.posts.count() == 1


def test_a_day_takes_so_many_bytes(member, monkeypatch, tmp_path):
    monkeypatch.setattr(keeping, "LARGEST_DAY", 2 * len(PDF) + 1)
    first = an_attachment(member, "a.pdf")
    an_attachment(member, "b.pdf")
    with pytest.raises(ValidationError, match="tomorrow"):
        an_attachment(member, "c.pdf")
    an_attachment(a_member(), "d.pdf")
    Attachment.objects.filter(pk=first.pk).update(
        created_at=timezone.now() - timedelta(days=2)
    )
    an_attachment(member, "c.pdf")
    assert len(files_on_disk(tmp_path)) == 4


def test_two_at_once_do_not_get_past_the_days_limit(member, monkeypatch):
    """The second was let through before the first was stored; it is asked again."""
    monkeypatch.setattr(keeping, "LARGEST_DAY", len(PDF) + 10)
    look = keeping.looked_into

    def while_another_comes(upload):
        monkeypatch.setattr(keeping, "looked_into", look)
        an_attachment(member, "first.pdf")
        return look(upload)

    monkeypatch.setattr(keeping, "looked_into", while_another_comes)
    with pytest.raises(ValidationError):
        keep_file(member, sent("second.pdf", PDF))
    assert Attachment.objects.get().name == "first.pdf"


# Reading


def test_files_cost_one_query_where_there_are_any(page, django_assert_max_num_queries):
    thread = a_thread()
    url = thread.get_absolute_url()
    page.get(url)
    with django_assert_max_num_queries(12) as bare:
        page.get(url)
    for _ in range(5):
        author = a_member()
        files = (an_attachment(author, name) for name in ("a.png", "b.pdf"))
        a_post_with(*files, thread=thread)
    page.get(url)
    with django_assert_max_num_queries(12) as full:
        page.get(url)
    assert len(full) - len(bare) == 1
    news = reverse("forums:thread_news", args=[thread.pk])
    assert words(page.get(news, {"since": 1})).count("attached__document") == 5


def test_pictures_of_elsewhere_are_links_and_those_of_others_words(member):
    text = (
        "![a cat](https://evil.example/cat.png) ![](//evil.example/x.png) "
        "![logo](/file/images/logo.png) ![j](javascript:alert(1)) "
        "![gone](attachment:99999)"
    )
    html = a_post(markdown=text).html
    assert "<img" not in html
    assert (
        '<a href="https://evil.example/cat.png" rel="nofollow ugc noopener">a cat'
        in html
    )
    assert html.endswith("gone</p>\n")


def test_a_picture_amid_words_stands_in_its_line(member):
    file = an_attachment(member)
    post = a_post_with(file, text=f"Before ![x](attachment:{file.pk}) after")
    assert post.html.startswith(f'<p>Before <a href="{file.url}"')


# When they go


def test_files_go_with_their_post_once_that_is_certain(member, tmp_path, db):
    post = a_post_with(an_attachment(member))
    assert len(files_on_disk(tmp_path)) == 2
    with transaction.atomic():
        sid = transaction.savepoint()
        post.delete()
        transaction.savepoint_rollback(sid)
    assert len(files_on_disk(tmp_path)) == 2


def test_files_of_a_deleted_post_are_deleted(
    member, tmp_path, django_capture_on_commit_callbacks
):
    post = a_post_with(an_attachment(member))
    with django_capture_on_commit_callbacks(execute=True):
        post.delete()
    assert files_on_disk(tmp_path) == []


def test_what_nobody_posted_goes_after_a_week(
    member, django_capture_on_commit_callbacks, tmp_path
):
    for name in ("old.pdf", "posted.pdf", "new.pdf"):
        an_attachment(member, name)
    a_post_with(Attachment.objects.get(name="posted.pdf"))
    old = timezone.now() - timedelta(days=8)
    Attachment.objects.exclude(name="new.pdf").update(created_at=old)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.forget_unposted_files()
    names = set(Attachment.objects.values_list("name", flat=True))
    assert names == {"posted.pdf", "new.pdf"}
    assert len(files_on_disk(tmp_path)) == 2


def test_files_of_a_draft_wait_as_long_as_it_does(page, member, thread):
    file = an_attachment(member, "plan.pdf")
    save_draft(member, thread, {"markdown": "See below.", "attachments": [file.pk]})
    old = timezone.now() - timedelta(days=8)
    Attachment.objects.update(created_at=old)
    jobs.forget_unposted_files()
    assert "plan.pdf" in words(page.get(thread.get_absolute_url()))
    discard_draft(member, thread)
    Draft.objects.update(discarded_at=old)
    jobs.forget_old_drafts()
    jobs.forget_unposted_files()
    assert not Attachment.objects.exists()


def test_a_file_without_a_row_goes_after_a_day(member, monkeypatch, tmp_path):
    jobs.delete_orphaned_files()  # nothing was ever sent
    file = an_attachment(member)
    default_storage.save("attachments/2026/11/orphan.pdf", ContentFile(PDF))
    default_storage.save("documents/other.pdf", ContentFile(PDF))
    jobs.delete_orphaned_files()
    assert len(files_on_disk(tmp_path)) == 4
    monkeypatch.setattr(jobs, "ORPHANED", timedelta(days=-1))
    jobs.delete_orphaned_files()
    left = {path.name for path in files_on_disk(tmp_path)}
    assert "orphan.pdf" not in left and "other.pdf" in left
    assert default_storage.exists(file.file.name)


def test_a_visitor_sees_the_files_of_a_public_thread(client, db):
    thread = a_thread(a_forum(PUBLIC))
    file = an_attachment(name="plan.pdf")
    a_post_with(file, thread=thread)
    assert file.url in words(client.get(thread.get_absolute_url()))
    assert client.get(file.url).status_code == 200


def test_the_first_post_may_have_files(member):
    file = an_attachment(member)
    thread = start_thread(
        a_forum(), member, title="T", markdown="M", language="en",
        attachments={file.pk: "A barn"},
    )  # fmt: skip
    assert thread.posts.get().attachments.get().alt == "A barn"
