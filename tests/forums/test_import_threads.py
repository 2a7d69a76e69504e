"""Conversations that others published become threads: in order, once, quietly."""

import pytest
from django.db import transaction

from forums.actions import post_reply
from forums.importing import ThreadImporter, told_language
from forums.models import Forum, Post, Thread
from network.events import deliver_events
from network.models import Delivery, OutboxEvent
from network.notifications.models import Notification, Subscription
from network.themes.models import Theme, ThemeLabel
from tests.factories import a_member
from tests.forums.factories import a_forum
from tests.records import (
    a_comment_record,
    a_file,
    a_reply_record,
    a_thread_record,
    run,
    told,
)
from tests.search.fixtures import a_fresh_index  # noqa: F401

pytestmark = pytest.mark.django_db


def import_(tmp_path, *records, **options):
    return run("import_threads", a_file(tmp_path, *records), **options)


def thread(id="t1"):
    return Thread.objects.get(source_id=id)


def posts(id="t1"):
    return list(thread(id).posts.order_by("number").values_list("number", "markdown"))


def a_full_record(**fields):
    return a_thread_record(
        comments=[a_comment_record("Which flour?", "2020-01-05T10:00:00")],
        replies=[
            a_reply_record("9", "2020-01-03T10:00:00", accepted=True),
            a_reply_record(
                "8",
                "2020-01-02T10:00:00",
                comments=[
                    a_comment_record("Later.", "2020-01-09T10:00:00"),
                    a_comment_record("Sooner.", "2020-01-08T10:00:00"),
                ],
            ),
        ],
        **fields,
    )


def test_a_question_becomes_a_thread_with_its_source(client, tmp_path):
    output, failed = import_(tmp_path, a_full_record(closed="2021-01-01T00:00:00"))
    assert not failed and told(output)["created"] == 1
    row = thread()
    assert row.forum.name == "bread.example.org" and row.forum.audience == "members"
    assert row.kind == "question" and row.author is None
    assert row.created_at.isoformat() == "2020-01-01T09:00:00.500000+00:00"
    assert row.last_post_at.day == 9 and row.closed_at.year == 2021
    assert row.licence == "CC BY-SA 4.0" and "Stack Exchange" in row.attribution
    assert client.get(row.get_absolute_url()).status_code == 404
    client.force_login(a_member())
    html = client.get(row.get_absolute_url()).content.decode()
    for shown in ("<em>rises</em>", "member-a", "Which flour?", "CC BY-SA 4.0",
                  "Stack Exchange", "https://bread.example.org/q/t1"):  # fmt: skip
        assert shown in html


def test_each_reply_is_followed_by_its_comments_in_time_order(tmp_path):
    import_(tmp_path, a_full_record())
    assert posts() == [
        (1, "It never *rises*."), (2, "Which flour?"), (3, "Answer 8."),
        (4, "Sooner."), (5, "Later."), (6, "Answer 9."),
    ]  # fmt: skip
    row = thread()
    assert row.last_number == row.revision == 6 and row.accepted_post.number == 6
    post = row.posts.get(number=4)
    assert post.author_name == "member-c" and post.created_at.day == 8
    assert post.html == "<p>Sooner.</p>\n"


def test_an_author_whose_account_is_gone_still_has_a_name(tmp_path):
    import_(tmp_path, a_thread_record(author=None))
    assert Post.objects.get().author_name == "N. N."


def test_a_consultation_is_a_discussion_with_its_statements(tmp_path):
    statements = [
        {"id": "2", "author": "member-b", "created": "1403058993627", "body": "More."},
        {"id": "1", "author": "member-a", "created": "1403054214174", "body": "Less."},
    ]
    record = {
        "id": "p1", "title": "What is the right hour for the market?",
        "description": "Say it in a sentence.", "url": "https://example.org/p1",
        "participants": 2, "comments": statements, "licence": "CC BY 4.0",
        "attribution": "The Example Project",
    }  # fmt: skip
    import_(tmp_path, record)
    assert posts("p1") == [(1, "Say it in a sentence."), (2, "Less."), (3, "More.")]
    row = thread("p1")
    assert row.kind == "discussion" and row.language == "en"
    assert row.attribution == "The Example Project" and row.created_at.year == 2014


def test_a_question_with_its_answer_is_an_answered_question(tmp_path):
    record = {
        "id": "h1", "lang": "en", "focus": "Sleep", "synonyms": [], "category": None,
        "question": "How much sleep is enough?", "answer": "Until you wake.",
        "publisher": "An institute", "url": "https://example.org/h1",
        "licence": "CC BY 4.0",
    }  # fmt: skip
    import_(tmp_path, record)
    row = thread("h1")
    assert row.title == "How much sleep is enough?" and row.kind == "question"
    assert row.accepted_post.markdown == "Until you wake."
    assert row.accepted_post.author_name == "An institute"


def test_languages_without_threads_are_reported(tmp_path):
    output, failed = import_(tmp_path, a_thread_record(lang="de"))
    assert not failed and "left out: a language we have no threads in: de" in output
    assert not Thread.objects.exists() and not Forum.objects.exists()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The bread and the butter of it is that", "en"),
        ("Das Brot und die Butter ist nicht für uns", "de"),
        ("Le pain et les gens dans une ville", "fr"),
        ("El pan y los amigos del pueblo para una fiesta", "es"),
        ("O pão e os amigos não são para uma festa da vila", "pt"),
        ("Hva er det som ikke er til å bære", "nb"),
        ("Kva er det som ikkje er til å bere", "nn"),
        ("面包和黄油", "zh"),
    ],
)
def test_a_text_without_a_stated_language_tells_it(text, language):
    assert told_language(text) == language


def test_all_threads_can_go_into_one_forum(tmp_path):
    forum = a_forum(slug="from-elsewhere")
    import_(tmp_path, a_thread_record(), forum="from-elsewhere")
    assert thread().forum == forum
    assert "There is no forum nowhere" in import_(tmp_path, forum="nowhere")[1]


def test_a_second_run_writes_nothing(tmp_path):
    records = [a_full_record(), *[a_thread_record(f"x{n}") for n in range(60)]]
    import_(tmp_path, *records)
    before = Post.objects.count(), OutboxEvent.objects.count()
    assert told(import_(tmp_path, *records)[0])["unchanged"] == 61
    assert (Post.objects.count(), OutboxEvent.objects.count()) == before


def test_a_changed_record_updates_its_posts_and_keeps_what_members_wrote(tmp_path):
    import_(tmp_path, a_full_record())
    post_reply(thread(), a_member(), "We had the same.")
    changed = a_full_record(title="Why does it not rise?", body="It *hardly* rises.")
    changed["replies"] += [a_reply_record("10", "2020-02-01T10:00:00")]
    changed["replies"][0]["accepted"] = False
    changed["replies"][1]["accepted"] = True
    output, _ = import_(tmp_path, changed)
    assert told(output)["updated"] == 1
    row = thread()
    assert row.title == "Why does it not rise?" and row.last_number == 8
    assert row.accepted_post.number == 3
    assert posts()[0] == (1, "It *hardly* rises.")
    assert posts()[6:] == [(7, "We had the same."), (8, "Answer 10.")]
    first = row.posts.get(number=1)
    assert "<em>hardly</em>" in first.html and first.edited_at
    assert row.revision == max(row.posts.values_list("revision", flat=True)) == 9
    assert told(import_(tmp_path, changed)[0])["unchanged"] == 1


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path):
    records = [
        a_full_record(),
        a_thread_record("x", lang="zh"),
        a_thread_record("y", body=""),
    ]
    dry, dry_failed = import_(tmp_path, *records, dry_run=True)
    assert not Forum.objects.exists() and not OutboxEvent.objects.exists()
    real, failed = import_(tmp_path, *records)
    assert told(dry) == told(real) and dry_failed == failed
    assert told(real)["created"] == 1 and "nothing was written" in dry


def test_errors_tell_their_line_and_the_run_goes_on(tmp_path):
    reply = a_reply_record("1", created="then")
    output, failed = import_(
        tmp_path,
        "[]",
        {"id": "t2", "title": "What?"},
        a_thread_record("t3", title="x" * 201),
        a_thread_record("t4", replies=[a_reply_record("1"), reply]),
        a_thread_record("t5", comments=[a_comment_record(body=None)]),
        a_thread_record("t6", comments="none"),
        a_thread_record("fine"),
    )
    wrong = [
        "not a JSON object", "neither replies, nor participants",
        "title is longer than 200 letters", "replies 2: created “then” is no time",
        "comments 1: no body", "comments is not a list of records",
    ]  # fmt: skip
    for line, text in enumerate(wrong, 1):
        assert f"records.jsonl:{line}: {text}" in output
    assert failed == "6 could not be taken." and told(output)["created"] == 1


def test_an_import_that_was_killed_completes_when_started_again(tmp_path, monkeypatch):
    size = ThreadImporter.batch_size
    records = [a_full_record(id=f"t{n}") for n in range(2 * size + 1)]
    save, batches = ThreadImporter._save, []

    def killed(self, items):
        batches.append(items)
        if len(batches) == 2:
            with transaction.atomic():
                self.write(items)
                raise KeyboardInterrupt
        save(self, items)

    monkeypatch.setattr(ThreadImporter, "_save", killed)
    with pytest.raises(KeyboardInterrupt):
        import_(tmp_path, *records)
    assert (Thread.objects.count(), Post.objects.count()) == (size, 6 * size)
    monkeypatch.undo()
    output, _ = import_(tmp_path, *records)
    assert (told(output)["created"], told(output)["unchanged"]) == (size + 1, size)
    assert (Thread.objects.count(), Post.objects.count()) == (
        2 * size + 1,
        12 * size + 6,
    )


def test_followers_of_the_forum_hear_nothing_and_live_events_overtake(tmp_path):
    import_(tmp_path, a_thread_record())
    follower = a_member()
    Subscription.objects.follow(follower, thread().forum)
    deliver_events()
    import_(tmp_path, a_full_record(id="t2"), a_full_record(body="New."))
    assert set(Delivery.objects.open().values_list("lane", flat=True)) == {"bulk"}
    deliver_events()
    assert not Notification.objects.exists()


def test_themes_are_recognised_in_tags_and_title(tmp_path):
    theme = Theme.objects.create(slug="x-baking", scheme="sector")
    ThemeLabel.objects.create(theme=theme, language="en", text="Baking")
    import_(tmp_path, a_thread_record(tags=["baking"]))
    assert list(thread().themes.all()) == [theme]


def test_an_imported_thread_is_found(client, tmp_path):
    import_(tmp_path, a_thread_record())
    deliver_events()
    client.force_login(a_member())
    assert (
        thread().get_absolute_url() in client.get("/search/?q=rises").content.decode()
    )
