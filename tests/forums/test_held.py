"""First posts of new members wait for a moderator where a forum asks for it."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from forums.actions import decide, move_thread, post_reply, save_draft
from forums.models import Attachment, Draft, Forum, Held, Post, Review, Thread
from network.events import deliver_events
from network.people.actions import suspend
from tests.factories import a_forum, a_member, a_post, a_staff, a_thread, inbox
from tests.forums.uploads import picture, sent

Outcome = Review.Outcome


def url(name, *args):
    return reverse(f"forums:{name}", args=args)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def moderator(db):
    return a_member("Mona Moderator")


@pytest.fixture
def forum(moderator):
    return a_forum(moderators=[moderator], name="Hosting", hold_newcomers=2)


@pytest.fixture
def thread(forum, moderator):
    return a_thread(forum, moderator, title="Rent")


@pytest.fixture
def newcomer(db):
    return a_member("Nina Newcomer")


@pytest.fixture
def answer(client, thread, newcomer):
    """answer(text, **fields) -> the answer to the form."""

    def send(text="We paid the landlord directly.", **fields):
        client.force_login(newcomer)
        form = {"markdown": text, "language": "en", "token": "t1", **fields}
        return client.post(url("thread_reply", thread.pk), form)

    return send


def test_one_is_told_that_first_posts_wait_before_one_writes(client, forum, thread):
    client.force_login(a_member())
    told = "The first 2 posts of a new member wait here"
    assert told in client.get(forum.get_absolute_url()).text
    for place in (thread.get_absolute_url(), url("thread_new", forum.slug)):
        assert "You are new here" in client.get(place).text
    known = a_member()
    for _n in range(2):
        a_post(author=known)
    client.force_login(known)
    assert "You are new here" not in client.get(thread.get_absolute_url()).text


def test_an_answer_that_waits_is_seen_by_its_author_and_the_moderators_only(
    client, thread, newcomer, moderator, answer
):
    assert answer().status_code == 302
    deliver_events()
    assert thread.posts.count() == 1
    assert inbox(moderator) == ["review_waits"]
    page = client.get(thread.get_absolute_url()).text
    assert "We paid the landlord" in page
    assert "Waits for a moderator. Nobody else sees it until then." in page
    client.force_login(moderator)
    assert "We paid the landlord" in client.get(thread.get_absolute_url()).text
    assert "We paid the landlord" in client.get(url("review_list")).text

    client.force_login(a_member())
    page = client.get(thread.get_absolute_url()).text
    assert "landlord" not in page and "0 answers" in page


def test_where_scripts_run_the_form_says_that_it_waits(client, thread, newcomer):
    client.force_login(newcomer)
    form = {"markdown": "We paid.", "language": "en"}
    htmx = {"HX-Request": "true"}
    page = client.post(url("thread_reply", thread.pk), form, headers=htmx).text
    assert "Your answer waits for a moderator" in page
    assert "Your answer stands above" not in page


def test_sent_twice_it_waits_once_and_late_savings_are_not_heard(
    client, thread, newcomer, answer
):
    answer()
    answer()
    assert Held.objects.count() == 1
    there = url("draft_save", "thread", thread.pk)
    client.post(there, {"markdown": "We paid", "token": "t1"})
    assert not Draft.objects.exists()


def test_one_text_sent_from_two_windows_waits_once(client, answer, forum, thread):
    for token in "ab":
        assert answer(token=token).url.endswith(f"#held-{Held.objects.get().pk}")
    answer("We paid the landlord twice.", token="c")
    assert [one.thread for one in Held.objects.all()] == [thread, thread]
    for title, token in (("Rent", "d"), ("Rent", "e"), ("Rents", "f")):
        told = {"title": title, "kind": "question", "token": token, "language": "en"}
        client.post(url("thread_new", forum.slug), {**told, "markdown": "How much?"})
    assert [one.title for one in forum.held.all()] == ["Rent", "Rents"]
    assert not Draft.objects.exists()


def test_who_presses_twice_has_decided_once(client, thread, moderator, answer):
    answer()
    client.force_login(moderator)
    there = Review.objects.get().get_absolute_url()
    for _n in range(2):
        told = client.post(there, {"outcome": "published"}, follow=True)
        assert "Decided. Both sides are told." in told.text
    told = client.post(there, {"outcome": "refused", "note": "No."})
    assert told.status_code == 422
    assert thread.posts.count() == 2


def test_published_it_is_as_if_just_written(client, thread, newcomer, answer):
    reader = a_member()
    client.force_login(reader)
    client.get(thread.get_absolute_url())
    answer()
    between = a_post(thread, thread.author, "In between.")
    deliver_events()
    client.force_login(reader)
    client.get(thread.get_absolute_url())  # has read all there is
    from network.notifications.models import Subscription

    Subscription.objects.follow(reader, thread)
    save_draft(newcomer, thread, {"markdown": "Another thing"}, token="t2")

    decide(Review.objects.get(), a_staff(), Outcome.PUBLISHED)
    deliver_events()
    post = Post.objects.get(author=newcomer)
    assert (post.number, post.markdown) == (3, "We paid the landlord directly.")
    assert post.created_at > between.created_at
    assert inbox(reader) == ["replied"]
    assert "held_published" in inbox(newcomer)
    assert Draft.objects.get(author=newcomer).markdown == "Another thing"
    assert not Held.objects.exists()
    listed = client.get("/forums/threads/?show=unread").text
    assert "1 new" in listed
    client.force_login(newcomer)
    page = client.get(Review.objects.get().get_absolute_url()).text
    assert "Published" in page and post.get_absolute_url() in page


def test_a_thread_that_waits_has_its_kind_themes_and_title_when_published(
    client, forum, newcomer, moderator
):
    from network.themes.models import Theme

    theme = Theme.objects.create(slug="bees", scheme=Theme.Scheme.SECTOR)
    theme.labels.create(language="en", text="Bees", preferred=True)
    client.force_login(newcomer)
    form = {"markdown": "How?", "language": "en", "title": "Who pays the rent?"}
    form |= {"kind": "question", "themes": [theme.pk]}
    client.post(url("thread_new", forum.slug), form)
    assert not Thread.objects.exists()
    assert "Who pays the rent?" in client.get(forum.get_absolute_url()).text
    other = a_member()
    client.force_login(other)
    assert "Who pays" not in client.get(forum.get_absolute_url()).text

    decide(Review.objects.get(), moderator, Outcome.PUBLISHED)
    thread = Thread.objects.get()
    assert (thread.title, thread.kind) == ("Who pays the rent?", "question")
    assert list(thread.themes.all()) == [theme]
    assert "Who pays" in client.get(forum.get_absolute_url()).text


def test_refused_its_author_is_told_why_and_has_the_text_as_a_draft(
    client, thread, newcomer, moderator, answer
):
    answer()
    client.force_login(moderator)
    review = Review.objects.get()
    there = review.get_absolute_url()
    assert client.post(there, {"outcome": "refused"}).status_code == 422
    client.post(there, {"outcome": "refused", "note": "Leave out the name."})
    deliver_events()

    assert "held_refused" in inbox(newcomer)
    assert Draft.objects.get(author=newcomer).markdown.startswith("We paid")
    client.force_login(newcomer)
    page = client.get(there).text
    assert "Leave out the name." in page and "/forums/drafts/" in page
    page = client.get(thread.get_absolute_url()).text
    assert "Waits for a moderator" not in page and "We paid the landlord" in page
    client.force_login(moderator)
    assert "Leave out the name." in client.get(url("decision_list")).text


def test_pictures_wait_with_the_post_and_come_with_it(
    client, thread, newcomer, moderator, answer
):
    answer("See this", files=[sent("a.png", picture())])
    file = Attachment.objects.get()
    stranger = a_member()
    for who, status in ((newcomer, 200), (moderator, 200), (stranger, 404)):
        client.force_login(who)
        assert client.get(file.url).status_code == status, who
    decide(Review.objects.get(), moderator, Outcome.PUBLISHED)
    file.refresh_from_db()
    assert file.post == Post.objects.get(author=newcomer)
    client.force_login(stranger)
    assert client.get(file.url).status_code == 200


def test_a_known_member_and_moderators_need_not_wait(client, thread, moderator):
    known = a_member()
    for _n in range(2):
        a_post(author=known)
    for who in (known, moderator, a_staff()):
        client.force_login(who)
        form = {"markdown": "We paid.", "language": "en"}
        client.post(url("thread_reply", thread.pk), form)
    assert not Held.objects.exists()
    assert thread.posts.count() == 4


def test_what_waits_goes_with_its_thread_and_is_not_sent_to_a_closed_one(
    client, thread, newcomer, answer
):
    answer()
    partnership_room = a_forum("staff")
    move_thread(thread, partnership_room)
    client.force_login(newcomer)
    assert "landlord" not in client.get("/forums/").text
    assert not Held.objects.visible_to(newcomer).exists()
    Thread.objects.update(closed_at=thread.created_at)
    staff = a_staff()
    client.force_login(staff)
    review = Review.objects.get()
    page = client.post(review.get_absolute_url(), {"outcome": "published"})
    assert page.status_code == 422 and "This thread is closed." in page.text
    assert Held.objects.count() == 1


def test_what_somebody_wrote_who_was_shut_out_meanwhile_is_not_published(
    client, thread, newcomer, moderator, answer
):
    answer()
    suspend(newcomer, by=a_staff())
    client.force_login(moderator)
    there = Review.objects.get().get_absolute_url()
    page = client.post(there, {"outcome": "published"})
    assert page.status_code == 422
    assert "Its author is not a member any more." in page.text
    assert thread.posts.count() == 1
    client.post(there, {"outcome": "refused", "note": "You are not a member."})
    assert not Review.objects.waiting().exists()


def test_what_a_newcomer_changes_in_a_post_that_waited_is_looked_at_again(
    client, thread, newcomer, moderator, answer
):
    answer()
    decide(Review.objects.get(), moderator, Outcome.PUBLISHED)
    deliver_events()
    post = Post.objects.get(author=newcomer)
    client.force_login(newcomer)
    there = url("post_edit", thread.pk, post.number)
    client.post(there, {"markdown": post.markdown, "language": "en"})
    assert not Review.objects.waiting().exists()
    for text in ("Buy cheap rent.", "Buy cheap rent here."):
        client.post(there, {"markdown": text, "language": "en", "version": post.edits})
        post.refresh_from_db()
    deliver_events()
    assert post.markdown == "Buy cheap rent here."  # it stands meanwhile
    client.force_login(moderator)
    page = client.get(url("review_list")).text
    assert "Buy cheap rent" in page and "First post, changed since" in page
    assert inbox(moderator).count("review_waits") == 1
    decide(Review.objects.waiting().get(), moderator, Outcome.HIDDEN, "No sales.")
    deliver_events()
    assert "post_hidden" in inbox(newcomer)


def test_what_a_known_member_changes_is_looked_at_by_nobody(client, thread):
    known = a_member()
    post = [a_post(thread, known) for _n in range(3)][-1]
    client.force_login(known)
    form = {"markdown": "We paid after all.", "language": "en"}
    client.post(url("post_edit", thread.pk, post.number), form)
    assert Post.objects.get(pk=post.pk).edits == 1
    assert not Review.objects.exists()


def test_moderators_set_how_many_wait(client, forum, moderator):
    client.force_login(moderator)
    form = {"description": "Of hosting", "hold_newcomers": 5}
    client.post(url("room_edit", forum.pk), form)
    forum.refresh_from_db()
    assert forum.hold_newcomers == 5


def test_what_waits_stays_in_the_queue_where_first_posts_wait_no_more(
    client, forum, moderator, answer
):
    answer()
    client.force_login(moderator)
    told = "1 first post waits here for a moderator. It stays in the queue"
    queue = reverse("forums:review_list", query={"kind": "held", "forum": forum.pk})
    assert told in client.get(url("room_edit", forum.pk)).text
    form = {"description": "Of hosting", "hold_newcomers": 1}
    assert told not in client.post(url("room_edit", forum.pk), form, follow=True).text
    form["hold_newcomers"] = 0
    page = client.post(url("room_edit", forum.pk), form, follow=True).text
    assert told in page and f'href="{escape(queue)}"' in page
    assert "We paid the landlord directly." in client.get(queue).text


def test_what_waits_is_seen_in_its_place_where_first_posts_wait_no_more(
    client, forum, thread, newcomer, moderator, answer
):
    answer("Ask for a receipt.")
    Forum.objects.filter(pk=forum.pk).update(hold_newcomers=0)
    for who, sees in ((newcomer, True), (moderator, True), (a_member(), False)):
        client.force_login(who)
        page = client.get(thread.get_absolute_url()).content.decode()
        assert ("Ask for a receipt." in page) is sees


def test_no_forum_tells_of_what_waits_in_another(client, answer):
    answer()
    moderator = a_member()
    client.force_login(moderator)
    room = a_forum(moderators=[moderator])
    assert "first post waits" not in client.get(url("room_edit", room.pk)).text


def test_answers_made_by_imports_and_tests_do_not_wait(thread, newcomer):
    post_reply(thread, newcomer, "At once.")
    assert not Held.objects.exists()
