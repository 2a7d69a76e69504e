"""What a post said before: kept, compared, seen by who sees the post."""

import pytest
from django.urls import reverse

from forums.actions import EditedMeanwhile, edit_post, hide_post, remove_version
from forums.history import difference
from forums.models import Post, PostVersion
from network.audience import STAFF
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db


def history(post) -> str:
    return reverse("forums:post_history", args=[post.thread_id, post.number])


@pytest.fixture
def author():
    return a_member("Aud Author")


@pytest.fixture
def page(client, author):
    client.force_login(author)
    return client


def test_differences_are_of_words():
    parts = difference("We paired each newcomer.", "We paired every newcomer twice.")
    assert [(one.kind, one.text) for one in parts] == [
        ("", "We paired"), ("del", " each newcomer."),
        ("ins", " every newcomer twice."),
    ]  # fmt: skip


def test_a_long_text_of_one_word_is_compared_at_once():
    many, more = "a " * 10_000, "b a " * 5_000
    assert (
        "".join(one.text for one in difference(many, more) if one.kind != "del") == more
    )


def test_what_it_said_is_kept_and_shown_beside_what_it_says(page, author):
    post = edit_post(
        a_post(author=author, markdown="We paired each."), "We paired all."
    )
    edit_post(post, "We paired all, twice.")
    html = page.get(post.thread.get_absolute_url()).content.decode()
    assert history(post) in html
    html = page.get(history(post)).content.decode()
    for shown in (
        "<del>",
        "<ins>",
        "each.",
        "added:",
        "taken away:",
        "Version 1",
        "Aud Author",
    ):
        assert shown in html
    assert [one.markdown for one in post.versions.all()] == [
        "We paired each.",
        "We paired all.",
    ]


def test_saving_the_same_text_makes_no_version():
    post = a_post(markdown="The same.")
    edit_post(post, "The same.")
    assert not PostVersion.objects.exists()
    assert Post.objects.get(pk=post.pk).edited_at is None


def test_history_is_seen_by_exactly_those_who_see_the_post(client, author):
    moderator, reader = a_member(), a_member()
    post = a_post(a_thread(a_forum(moderators=[moderator])), author)
    edit_post(post, "Better.")
    hide_post(post)
    statuses = []
    for user in (reader, author, moderator, a_staff()):
        client.force_login(user)
        statuses.append(client.get(history(post)).status_code)
    assert statuses == [404, 200, 200, 200]
    closed = edit_post(a_post(a_thread(a_forum(STAFF))), "Better.")
    client.force_login(reader)
    assert client.get(history(closed)).status_code == 404


def test_a_post_never_edited_says_so(page):
    assert "It has not been edited" in page.get(history(a_post())).content.decode()


def test_a_moderator_removes_the_text_of_a_version_and_the_fact_stays(client, author):
    moderator = a_member()
    post = a_post(
        a_thread(a_forum(moderators=[moderator])), author, "Call 99 88 77 66."
    )
    edit_post(post, "Ask me.")
    gone = reverse("forums:version_remove", args=[post.thread_id, post.number, 1])
    client.force_login(author)
    assert client.post(gone).status_code == 403
    client.force_login(moderator)
    for _ in range(2):
        html = client.post(gone, follow=True).content.decode()
    assert "99 88 77 66" not in html and "A moderator has removed" in html
    version = post.versions.get()
    assert (version.markdown, version.html, version.removed_by) == ("", "", moderator)


def test_of_two_tabs_the_second_is_told_and_loses_nothing(page, author):
    post = a_post(author=author, markdown="One.")
    address = reverse("forums:post_edit", args=[post.thread_id, post.number])
    version = page.get(address).context["form"]["version"].value()
    sent = {"language": "en", "version": version}
    assert page.post(address, {**sent, "markdown": "First tab."}).status_code == 302
    answer = page.post(address, {**sent, "markdown": "Second tab."})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "First" in html and "Second tab.</textarea>" in html
    again = {
        **sent,
        "markdown": "Second tab.",
        "version": answer.context["form"]["version"].value(),
    }
    assert page.post(address, again).status_code == 302
    assert Post.objects.get(pk=post.pk).markdown == "Second tab."
    assert [one.markdown for one in post.versions.all()] == ["One.", "First tab."]


def test_the_same_edit_sent_twice_is_no_conflict(page, author):
    post = a_post(author=author, markdown="One.")
    address = reverse("forums:post_edit", args=[post.thread_id, post.number])
    sent = {"language": "en", "version": 0, "markdown": "Two."}
    assert [page.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert post.versions.count() == 1


def test_an_older_copy_of_the_row_cannot_overwrite_unseen():
    post = a_post(markdown="One.")
    stale = Post.objects.get(pk=post.pk)
    edit_post(post, "Two.", version=0)
    with pytest.raises(EditedMeanwhile):
        edit_post(stale, "Three.", version=0)


def test_many_versions_are_paged_and_each_is_compared_with_the_one_before(page):
    post = a_post(markdown="word 0")
    for n in range(1, 13):
        post = edit_post(post, f"word {n}")
    remove_version(post.versions.get(number=12), a_staff())
    html = page.get(history(post)).content.decode()
    assert html.count("<del>") == 9  # 3 to 11; 12 is gone, and so nothing to compare
    second = page.get(history(post), {"page": 2}).content.decode()
    assert second.count("<del>") == 1 and "Version 1<" in second
