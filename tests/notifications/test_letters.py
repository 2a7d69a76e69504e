"""Letters: gathered, planned, asked again when they go, and their headers."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default as parsed
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone, translation

from forums.actions import accept_answer, hide_post, move_thread, post_reply
from forums.models import Thread
from network.audience import STAFF
from network.events import deliver_events, publish
from network.models import Delivery
from network.notifications import letters as sending
from network.notifications.actions import (
    change_mail_settings,
    change_ways,
    mark_read,
    mark_unread,
    notify,
    set_level,
)
from network.notifications.events import LetterDue, MailDue
from network.notifications.kinds import Pace
from network.notifications.models import Letter, Level, Notification
from network.notifications.planning import queue_due
from network.people.actions import block, change_profile, leave, suspend
from tests.forums.factories import a_forum, a_post, a_thread
from tests.notifications.helpers import inbox, letters
from tests.people.factories import a_member, a_staff, profile_of


def watched(title="Who receives the guest?", **fields):
    """A reader who wants letters about a thread."""
    reader = a_member(**{"language": "en", **fields})
    return reader, a_thread(author=reader, title=title)


def headers_of(letter):
    """As a mail program reads them."""
    return message_from_bytes(letter.message().as_bytes(), policy=parsed)


# Gathering


def test_one_answer_is_a_letter_that_reads_like_the_notification(db):
    reader, thread = watched()
    post_reply(thread, a_member("Neema Lwitiko"), "We *paid* the deputy.")
    [letter] = letters()
    assert letter.to == [reader.email]
    assert letter.subject == "Neema Lwitiko answered in “Who receives the guest?”"
    assert "We paid the deputy." in letter.body
    assert "We paid the deputy." in letter.alternatives[0].content


def test_an_address_that_somebody_wrote_breaks_on_a_phone(db):
    _reader, thread = watched()
    a_post(thread, markdown="https://example.org/" + "a" * 200)
    html = letters()[0].alternatives[0].content
    assert "word-break:break-word" in html.rpartition("example.org/a")[0]


def test_nothing_goes_before_ten_minutes_have_gathered_it(db):
    _reader, thread = watched()
    a_post(thread)
    deliver_events()
    letter = Letter.objects.get()
    assert letter.planned_at - letter.created_at >= timedelta(minutes=10)
    sending.send(letter.pk)
    assert mail.outbox == []


def test_what_comes_meanwhile_goes_with_it(db):
    _reader, thread = watched()
    for words in ("First words", "Second words"):
        post_reply(thread, a_member("Neema Lwitiko"), words)
    [letter] = letters()
    assert letter.subject == "“Who receives the guest?”: 2 new"
    assert letter.body.index("First words") < letter.body.index("Second words")
    assert letter.alternatives[0].content.count("Who receives the guest?</a></h2>") == 1


def test_news_after_a_letter_went_begins_the_next_one(db):
    _reader, thread = watched()
    a_post(thread, markdown="Before it went")
    letters()
    a_post(thread, markdown="After it went")
    first, second = letters()
    assert "Before it went" in first.body
    assert "Before it went" not in second.body
    assert "After it went" in second.body


def test_news_while_a_letter_is_being_sent_is_in_the_next_one(db):
    reader, thread = watched()
    a_post(thread)
    deliver_events()
    Letter.objects.update(planned_at=timezone.now())
    sending.take(Letter.objects.get().pk)
    a_post(thread)
    deliver_events()
    assert Letter.objects.filter(recipient=reader).count() == 2


def test_several_threads_stand_apart_the_most_important_first(db):
    reader, thread = watched("What is a quiet week?")
    question = a_thread(kind=Thread.Kind.QUESTION, title="How to begin?")
    mine = post_reply(question, reader, "Slowly.")
    a_post(thread)
    accept_answer(mine, question.author)
    [letter] = [one for one in letters() if one.to == [reader.email]]
    assert letter.body.index("How to begin?") < letter.body.index("a quiet week?")
    assert letter.subject.endswith(", and 1 more")


# When it goes


@pytest.mark.parametrize(
    ("pace", "at", "planned"),
    [
        ("now", "2026-06-10T12:00+02:00", "2026-06-10T12:10+02:00"),
        ("now", "2026-06-10T19:55+02:00", "2026-06-11T07:00+02:00"),
        ("now", "2026-06-10T03:00+02:00", "2026-06-10T07:00+02:00"),
        ("daily", "2026-06-10T06:59+02:00", "2026-06-10T07:00+02:00"),
        ("daily", "2026-06-10T07:00+02:00", "2026-06-11T07:00+02:00"),
        ("weekly", "2026-06-10T12:00+02:00", "2026-06-15T07:00+02:00"),
        ("weekly", "2026-06-15T06:00+02:00", "2026-06-15T07:00+02:00"),
        # The clocks go back in the night to 25 October, forward on 28 March.
        ("daily", "2026-10-24T12:00+02:00", "2026-10-25T07:00+01:00"),
        ("now", "2027-03-27T23:00+01:00", "2027-03-28T07:00+02:00"),
    ],
)
def test_when_a_letter_is_planned(pace, at, planned):
    from network.notifications.models import MailSettings

    reach = MailSettings(time_zone="Europe/Oslo")
    found = reach.planned(pace, datetime.fromisoformat(at))
    assert found == datetime.fromisoformat(planned)


@pytest.mark.parametrize(
    ("hours", "planned"),
    [
        ({"quiet_from": 9, "quiet_to": 15}, "2026-06-10T15:00+00:00"),
        ({"quiet_from": 0, "quiet_to": 0}, "2026-06-10T12:10+00:00"),
        ({"time_zone": "Asia/Kathmandu"}, "2026-06-10T12:10+00:00"),
        ({"time_zone": "Asia/Tokyo"}, "2026-06-10T22:00+00:00"),
        ({"time_zone": "Nowhere/Town", "quiet_from": 23}, "2026-06-10T12:10+00:00"),
        (
            {"paused_until": datetime.fromisoformat("2026-06-20T09:00+00:00")},
            "2026-06-20T09:00+00:00",
        ),
    ],
)
def test_quiet_hours_zone_and_pause(hours, planned):
    from network.notifications.models import MailSettings

    reach = MailSettings(**{"time_zone": "UTC", **hours})
    at = datetime.fromisoformat("2026-06-10T12:00+00:00")
    assert reach.planned(Pace.NOW, at) == datetime.fromisoformat(planned)


@pytest.mark.parametrize(
    ("pace", "paused_until", "planned"),
    [
        (Pace.NOW, "2026-06-24T23:30+02:00", "2026-06-25T07:00+02:00"),
        (Pace.DAILY, "2026-06-24T14:00+02:00", "2026-06-25T07:00+02:00"),
        (Pace.WEEKLY, "2026-06-24T14:00+02:00", "2026-06-29T07:00+02:00"),
        (Pace.DAILY, "2026-06-01T14:00+02:00", "2026-06-11T07:00+02:00"),
    ],
)
def test_after_a_pause_letters_come_at_their_hours(pace, paused_until, planned):
    from network.notifications.models import MailSettings

    paused = datetime.fromisoformat(paused_until)
    reach = MailSettings(time_zone="Europe/Oslo", paused_until=paused)
    at = datetime.fromisoformat("2026-06-10T12:00+02:00")
    assert reach.planned(pace, at) == datetime.fromisoformat(planned)


@pytest.mark.parametrize("was_tried", [False, True])
def test_what_was_held_up_until_the_quiet_hours_waits_for_their_end(db, was_tried):
    reader, thread = watched()
    now = timezone.now()
    quiet = {"quiet_from": now.hour, "quiet_to": (now.hour + 2) % 24}
    change_mail_settings(reader, time_zone="UTC", **quiet)
    a_post(thread)
    deliver_events()
    hour_ago = now - timedelta(hours=1)
    closed_at = hour_ago if was_tried else None
    Letter.objects.update(planned_at=hour_ago, closed_at=closed_at)
    queue_due()
    deliver_events()
    assert mail.outbox == []
    assert Letter.objects.get().planned_at.hour == quiet["quiet_to"]
    assert len(letters()) == 1


def test_who_has_chosen_no_zone_has_that_of_their_country(db):
    from network.notifications.models import MailSettings

    member = a_member(country="TZ")
    assert str(MailSettings.objects.of([member.pk])[member.pk].zone) == (
        "Africa/Dar_es_Salaam"
    )


def test_who_moves_to_another_country_has_their_letter_at_its_hour(db):
    reader, thread = watched(country="NO")
    change_ways(reader, {"answers": (True, Pace.DAILY)})
    a_post(thread)
    deliver_events()
    profile = profile_of(reader)
    profile.country = "NP"
    change_profile(profile)
    deliver_events()
    planned = Letter.objects.get().planned_at.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert (planned.hour, planned.minute) == (7, 0)


def test_other_hours_move_what_waits(db):
    reader, thread = watched()
    a_post(thread)
    deliver_events()
    until = timezone.now() + timedelta(days=14)
    change_mail_settings(reader, paused_until=until)
    assert Letter.objects.get().planned_at >= until
    change_mail_settings(reader, paused_until=None, quiet_from=0, quiet_to=0)
    assert Letter.objects.get().planned_at < until


def test_a_letter_put_off_after_it_was_queued_waits(db):
    reader, thread = watched()
    a_post(thread)
    deliver_events()
    Letter.objects.update(planned_at=timezone.now())
    queue_due()
    change_mail_settings(reader, paused_until=timezone.now() + timedelta(days=14))
    deliver_events()
    assert mail.outbox == []
    assert len(letters()) == 1


def test_another_pace_moves_what_waits(db):
    reader, thread = watched()
    a_post(thread)
    deliver_events()
    change_ways(reader, {"answers": (True, Pace.WEEKLY)})
    assert Notification.objects.get().letter.pace == Pace.WEEKLY
    [letter] = letters()
    assert "answered in" in letter.subject


@pytest.mark.parametrize("pace", [Pace.DAILY, Pace.WEEKLY])
def test_a_choice_made_while_a_letter_is_due_does_not_put_it_off(db, pace):
    reader, thread = watched()
    change_ways(reader, {"answers": (True, pace)})
    a_post(thread)
    deliver_events()
    hour = timezone.now().astimezone(ZoneInfo("Europe/Oslo"))
    due = hour.replace(minute=0, second=0, microsecond=0)
    Letter.objects.update(planned_at=due, queued_at=due)
    hours = {"quiet_from": 0, "quiet_to": 0, "daily_hour": due.hour}
    change_mail_settings(reader, **hours, weekly_day=due.weekday())
    assert Letter.objects.get().planned_at == due
    queue_due()
    deliver_events()
    assert len(mail.outbox) == 1


def test_what_was_switched_off_and_on_again_still_goes(db):
    reader, thread = watched()
    a_post(thread)
    deliver_events()
    for pace in (Pace.NEVER, Pace.DAILY):
        change_ways(reader, {"answers": (True, pace)})
    assert len(letters()) == 1


# Asked again when it goes


@pytest.mark.parametrize(
    "happens",
    [
        lambda reader, post: mark_read(reader, Notification.objects.all()),
        lambda reader, post: hide_post(post),
        lambda reader, post: move_thread(post.thread, a_forum(STAFF)),
        lambda reader, post: set_level(reader, post.thread, Level.TRACKING),
        lambda reader, post: set_level(reader, post.thread, Level.MUTED),
        lambda reader, post: suspend(reader, by=a_staff()),
        lambda reader, post: leave(reader),
        lambda reader, post: block(reader, post.author),
        lambda reader, post: block(post.author, reader),
        lambda reader, post: change_ways(reader, {"answers": (True, Pace.NEVER)}),
        lambda reader, post: post.delete(),
    ],
    ids=[
        "read", "hidden", "moved", "tracks", "mutes", "suspended", "left", "blocks",
        "is blocked", "never", "deleted",
    ],
)  # fmt: skip
@pytest.mark.parametrize("pace", [Pace.NOW, Pace.DAILY])
def test_no_letter_if_meanwhile(db, happens, pace):
    reader, thread = watched()
    change_ways(reader, {"answers": (True, pace)})
    post = a_post(thread)
    deliver_events()
    happens(reader, post)
    assert letters() == []
    assert not Letter.objects.filter(news__isnull=False).exists()


def test_what_was_read_is_left_out_of_a_letter_with_other_news(db):
    reader, thread = watched()
    post = a_post(thread, markdown="Read on the phone")
    a_post(thread, markdown="Not read yet")
    deliver_events()
    mark_read(reader, Notification.objects.filter(target_id=post.pk))
    [letter] = letters()
    assert "Not read yet" in letter.body
    assert "Read on the phone" not in letter.body


def test_what_was_marked_read_by_mistake_still_goes(db):
    reader, thread = watched()
    a_post(thread)
    deliver_events()
    now = timezone.now()
    mark_read(reader, Notification.objects.all(), at=now)
    mark_unread(reader, now)
    assert len(letters()) == 1


# Digests


def test_a_daily_letter_says_what_matters_most_and_how_much_more(db):
    reader, thread = watched(name="Ingebjørg Lauvdal")
    change_ways(reader, {"answers": (True, Pace.DAILY)})
    for number in range(7):
        a_post(thread, a_member("Neema Lwitiko"), f"Answer number {number}")
    for number in range(25):
        other = a_thread(author=reader, title=f"Another thread {number}")
        a_post(other)
    [letter] = letters()
    assert letter.subject == "Your day in Attende: 32 new"
    assert letter.body.count("\n* ") == 20
    assert "and 4 more here" in letter.body
    assert "And 8 more in your inbox." in letter.body
    assert "Hello, Ingebjørg. This came back to you." in letter.body


def test_much_that_one_no_longer_wants_leaves_room_for_the_rest(db, monkeypatch):
    monkeypatch.setattr(sending, "READ_AT_MOST", 3)
    reader, loud = watched("Too much of it")
    for _ in range(4):
        a_post(loud)
    a_post(a_thread(author=reader, title="Still of interest"))
    deliver_events()
    set_level(reader, loud, Level.MUTED)
    [letter] = letters()
    assert "Still of interest" in letter.subject


def test_a_day_with_nothing_new_brings_no_letter(db):
    watched()
    assert letters() == []


def test_new_threads_come_weekly_to_who_watches_the_forum(db):
    forum, reader = a_forum(), a_member(language="en")
    set_level(reader, forum, Level.WATCHING)
    a_thread(forum, title="First of the week")
    a_thread(forum, title="Second of the week")
    [letter] = letters()
    assert letter.subject == "Your week in Attende: 2 new"
    assert "First of the week" in letter.body
    assert "Second of the week" in letter.body


# The table of levels, kinds and ways


@pytest.mark.parametrize(
    ("level", "ways", "in_inbox", "by_mail"),
    [
        (Level.WATCHING, (True, Pace.NOW), True, "now"),
        (Level.WATCHING, (True, Pace.DAILY), True, "daily"),
        (Level.WATCHING, (True, Pace.NEVER), True, None),
        (Level.WATCHING, (False, Pace.WEEKLY), False, "weekly"),
        (Level.WATCHING, (False, Pace.NEVER), False, None),
        (Level.TRACKING, (True, Pace.NOW), True, None),
        (Level.TRACKING, (False, Pace.NOW), False, None),
        (Level.NORMAL, (True, Pace.NOW), False, None),
        (Level.MUTED, (True, Pace.NOW), False, None),
    ],
)
def test_what_one_follows_reaches_one_by_the_ways_chosen(
    db, level, ways, in_inbox, by_mail
):
    reader, thread = a_member(), a_thread()
    set_level(reader, thread, level)
    change_ways(reader, {"answers": ways})
    a_post(thread)
    deliver_events()
    rows = Notification.objects.filter(recipient=reader)
    assert rows.in_inbox().exists() == in_inbox
    sent = Letter.objects.filter(recipient=reader).values_list("pace", flat=True)
    assert list(sent) == ([by_mail] if by_mail else [])


@pytest.mark.parametrize(
    ("level", "told"),
    [(Level.WATCHING, True), (Level.TRACKING, True), (Level.NORMAL, True),
     (Level.MUTED, False)],
)  # fmt: skip
def test_what_concerns_oneself_is_told_unless_muted(db, level, told):
    helper = a_member()
    question = a_thread(kind=Thread.Kind.QUESTION)
    answer = post_reply(question, helper, "So.")
    set_level(helper, question, level)
    accept_answer(answer, question.author)
    deliver_events()
    assert inbox(helper) == (["accepted"] if told else [])
    assert Letter.objects.filter(recipient=helper).exists() == told


def test_a_mention_in_an_answer_is_one_piece_of_news(db, monkeypatch):
    from network.notifications import verbs

    mentioned = verbs.Verb("mentioned", "%(actor)s mentions you", "person", direct=True)
    monkeypatch.setitem(verbs._verbs, "mentioned", mentioned)
    for mention_first in (True, False):
        reader, thread = watched()
        writer = a_member()
        post = post_reply(thread, writer, "Ask her.")
        if mention_first:
            notify([reader.pk], "mentioned", post, actor=writer)
        deliver_events()
        notify([reader.pk], "mentioned", post, actor=writer)
        deliver_events()
        assert inbox(reader) == ["mentioned"]


# Headers


def test_the_headers_of_a_letter_about_a_thread(db):
    reader = a_member()
    forum = a_forum(name='Hosts, guests & "friends" på Sørlandet')
    thread = a_thread(forum, author=reader)
    a_post(thread)
    a_thread_letter = letters()[0]
    found = headers_of(a_thread_letter)
    letter = Letter.objects.get()
    assert found["Message-ID"] == f"<letter-{letter.pk}@127.0.0.1>"
    thread_id = f"<thread.{thread.pk}@127.0.0.1>"
    assert found["In-Reply-To"] == found["References"] == thread_id
    assert found["List-ID"].endswith(f"<forum.{forum.pk}.127.0.0.1>")
    assert "Sørlandet" in found["List-ID"]
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Precedence"] == "bulk"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Unsubscribe"].strip().startswith("<http")


def test_letters_of_one_thread_stand_together(db):
    _reader, thread = watched()
    a_post(thread)
    letters()
    a_post(thread)
    first, second = (headers_of(one) for one in letters())
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"]


@pytest.mark.parametrize("kind", ["title", "name", "forum"])
def test_line_breaks_and_signs_make_no_headers(db, kind):
    evil = 'Hi\r\nBcc: all@example.org\n\n<script>, "æ" <a@b.no>'
    reader = a_member(language="en")
    forum = a_forum(name=evil if kind == "forum" else "Forum")
    thread = a_thread(forum, author=reader, title=evil if kind == "title" else "Hi")
    post_reply(thread, a_member(evil if kind == "name" else "Ann"), "x")
    [letter] = letters()
    found = headers_of(letter)
    assert found["Bcc"] is None
    assert "\n" not in found["Subject"]
    assert letter.recipients() == [reader.email]
    assert "<script>" not in letter.alternatives[0].content


def test_the_letter_is_in_the_readers_language_and_time(db, monkeypatch):
    seen = []
    message = sending.mail.message

    def note(*args):
        zone = timezone.get_current_timezone_name()
        seen.append((translation.get_language(), zone))
        return message(*args)

    monkeypatch.setattr(sending.mail, "message", note)
    for language, country in (("nn", "NO"), ("en", "NP"), ("", "MZ")):
        _reader, thread = watched(language=language, country=country)
        a_post(thread)
        letters()
    assert seen == [
        ("nn", "Europe/Oslo"), ("en", "Asia/Kathmandu"), ("nb", "Africa/Maputo")
    ]  # fmt: skip


# Once, and never lost


def test_a_letter_that_was_sent_is_not_sent_again(db):
    _reader, thread = watched()
    a_post(thread)
    letters()
    from django.db import transaction

    with transaction.atomic():
        publish(LetterDue(letter=Letter.objects.get().pk))
    assert len(letters()) == 1


def test_another_process_leaves_a_letter_that_is_being_sent(db):
    _reader, thread = watched()
    a_post(thread)
    deliver_events()
    Letter.objects.update(planned_at=timezone.now())
    letter = sending.take(Letter.objects.get().pk)
    with pytest.raises(sending.BeingSent):
        sending.send(letter.pk)
    assert mail.outbox == []
    # The first one died: its lease ends, and the letter goes.
    Letter.objects.update(leased_until=timezone.now())
    sending.send(letter.pk)
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_is_asked_again(db, monkeypatch):
    from django.core.mail import EmailMultiAlternatives

    _reader, thread = watched()
    a_post(thread)
    send = EmailMultiAlternatives.send
    monkeypatch.setattr(EmailMultiAlternatives, "send", lambda self: 1 / 0)
    letters()
    assert Notification.objects.get().mailed_at is None
    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    Delivery.objects.open().update(due_at=timezone.now())
    deliver_events()
    assert len(mail.outbox) == 1
    assert Notification.objects.get().mailed_at


def test_an_event_of_an_earlier_version_gathers_too(db):
    from django.db import transaction

    reader, thread = watched()
    a_post(thread)
    deliver_events()
    Notification.objects.update(letter=None)
    Letter.objects.all().delete()
    with transaction.atomic():
        publish(MailDue(notification=Notification.objects.get().pk))
        publish(MailDue(notification=987654))
    assert [letter.to for letter in letters()] == [[reader.email]]


# Many


def test_telling_many_takes_no_more_queries_than_telling_few(
    db, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from network.notifications.actions import notify_followers
    from network.notifications.models import Subscription

    def asked(followers: int) -> int:
        thread = a_thread()
        people = [a_member() for _ in range(followers)]
        Subscription.objects.bulk_create(
            Subscription(user=one, target=f"thread.{thread.pk}", level=Level.WATCHING)
            for one in people
        )
        post = a_post(thread)
        with CaptureQueriesContext(
            connection,
        ) as found:
            notify_followers("replied", post, actor=post.author)
        return len(found)

    few = asked(3)
    assert few <= 20
    assert asked(40) == few
