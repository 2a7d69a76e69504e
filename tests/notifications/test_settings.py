"""The page of choices, the page of what one follows, the link in every letter."""

import re

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from forums.actions import post_reply, start_thread
from network.audience import STAFF
from network.events import deliver_events
from network.notifications.actions import follow_by_rule, set_level
from network.notifications.kinds import Pace, shown_kinds
from network.notifications.mail import SALT
from network.notifications.models import (
    Level,
    MailSettings,
    Notification,
    Preference,
    Subscription,
)
from tests.forums.factories import a_forum, a_post, a_thread
from tests.notifications.helpers import letters
from tests.people.factories import a_member, a_staff, a_superuser

SETTINGS = "/inbox/settings/"
FOLLOWING = "/inbox/following/"


@pytest.fixture
def member(db):
    return a_member(language="en")


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def words(answer) -> str:
    return answer.content.decode()


def as_it_stands(**changed) -> dict[str, str]:
    """What the form sends when nothing but `changed` was touched."""
    sent = {
        "time_zone": "country", "quiet_from": 20, "quiet_to": 7, "daily_hour": 7,
        "weekly_day": 0, "when_started": "watching", "when_answered": "tracking",
        "when_mentioned": "tracking",
    }  # fmt: skip
    for kind in shown_kinds():
        sent |= {f"{kind.name}-inbox": "on", f"{kind.name}-pace": kind.pace}
    sent |= changed
    return {name: value for name, value in sent.items() if value is not None}


# Choices


@pytest.mark.parametrize("address", [SETTINGS, FOLLOWING])
def test_the_pages_ask_for_sign_in(client, db, address):
    assert client.get(address).status_code == 302


def test_a_box_can_be_pressed_beside_it(page):
    text = page.get(SETTINGS).content.decode()
    assert text.count('<label><input type="checkbox"') == len(list(shown_kinds()))


def test_choices_are_kept_where_they_differ(page, member):
    sent = {"answers-pace": "weekly", "threads-inbox": None}
    answer = page.post(SETTINGS, as_it_stands(**sent), follow=True)
    assert "Your choices are saved." in words(answer)
    kept = Preference.objects.order_by("kind").values_list("kind", "inbox", "pace")
    assert list(kept) == [("answers", True, "weekly"), ("threads", False, "weekly")]
    page.post(SETTINGS, as_it_stands())
    assert not Preference.objects.exists()


def test_the_page_shows_what_was_chosen(page):
    page.post(SETTINGS, as_it_stands(quiet_from=22, time_zone="Asia/Kathmandu"))
    text = words(page.get(SETTINGS))
    assert "between 22:00 and 7:00" in text
    assert '<option value="Asia/Kathmandu" selected>' in text


@pytest.mark.parametrize(
    "wrong",
    [{"answers-pace": "hourly"}, {"quiet_from": 24}, {"time_zone": "Moon/Sea"},
     {"when_started": "always"}, {"weekly_day": "x"}],
)  # fmt: skip
def test_what_cannot_be_chosen_is_said_and_nothing_is_kept(page, wrong):
    answer = page.post(SETTINGS, as_it_stands(**wrong, daily_hour=9))
    assert answer.status_code == 422
    assert "One thing must be put right" in words(answer)
    assert '<option value="9" selected>' in words(answer)
    assert not MailSettings.objects.exists()


def test_the_page_costs_the_same_however_much_is_chosen(
    page, django_assert_max_num_queries
):
    sent = {f"{kind.name}-pace": "never" for kind in shown_kinds()}
    page.post(SETTINGS, as_it_stands(**sent), follow=True)
    with django_assert_max_num_queries(12):
        page.get(SETTINGS)


def test_a_pause_and_its_end(page, member):
    assert "Pause all e-mail" in words(page.get(SETTINGS))
    text = words(page.post("/inbox/settings/pause/", follow=True))
    assert "No e-mail comes before" in text
    text = words(page.post("/inbox/settings/pause/", {"resume": "1"}, follow=True))
    assert "Pause all e-mail" in text
    assert MailSettings.objects.get().paused_until is None


def test_saving_does_not_end_a_pause(page):
    page.post("/inbox/settings/pause/")
    page.post(SETTINGS, as_it_stands())
    assert MailSettings.objects.get().paused_until > timezone.now()


def test_the_browser_s_zone_counts_until_one_is_chosen(page):
    page.post("/inbox/settings/zone/", {"zone": "Africa/Blantyre"})
    assert MailSettings.objects.get().time_zone == "Africa/Blantyre"
    page.post("/inbox/settings/zone/", {"zone": "Asia/Kathmandu"})
    page.post("/inbox/settings/zone/", {"zone": "Moon/Sea"})
    assert MailSettings.objects.get().time_zone == "Africa/Blantyre"
    assert 'id="zone"' not in words(page.get("/inbox/"))


# Following by rule


@pytest.mark.parametrize("level", Level.values)
def test_what_one_begins_and_answers_is_followed_as_one_wishes(page, member, level):
    page.post(SETTINGS, as_it_stands(when_started=level, when_answered=level))
    began = start_thread(a_forum(), member, title="Ask", markdown="x", language="en")
    answered = a_thread()
    post_reply(answered, member, "So.")
    for thread in (began, answered):
        assert Subscription.objects.level_of(member, thread) == level


def test_a_rule_leaves_alone_what_was_chosen(member):
    thread = a_thread()
    set_level(member, thread, Level.MUTED)
    follow_by_rule(member, thread, "mentioned")
    assert Subscription.objects.level_of(member, thread) == Level.MUTED


def test_where_one_is_mentioned_one_tracks(member):
    thread = a_thread()
    follow_by_rule(member, thread, "mentioned")
    assert Subscription.objects.level_of(member, thread) == Level.TRACKING


# What one follows


def test_all_that_one_follows_or_mutes_stands_there_by_kind(page, member):
    thread, muted = a_thread(title="A followed one"), a_thread(title="A muted one")
    dropped = a_thread(title="One dropped")
    someone = a_member("Neema Lwitiko").profile
    for row, level in [
        (thread, Level.WATCHING), (muted, Level.MUTED), (dropped, Level.NORMAL),
        (thread.forum, Level.TRACKING), (someone, Level.TRACKING),
    ]:  # fmt: skip
        set_level(member, row, level)
    text = words(page.get(FOLLOWING))
    assert "A followed one" in text and "A muted one" in text
    assert "One dropped" not in text
    assert thread.forum.name in words(page.get(FOLLOWING, {"kind": "forum"}))
    assert "Neema Lwitiko" in words(page.get(FOLLOWING, {"kind": "person"}))


@pytest.mark.parametrize("query", [{"kind": "nothing"}, {"changed": "x.1"}, {}])
def test_where_nothing_is_followed_it_says_how(page, query):
    text = words(page.get(FOLLOWING, {**query, "before": "muted"}))
    assert "You follow nothing here yet" in text


def test_a_level_is_changed_in_its_place_and_back(page, member):
    thread = a_thread(title="Who receives the guest?")
    set_level(member, thread, Level.WATCHING)
    sent = {"target": f"thread.{thread.pk}", "level": "normal"}
    text = words(page.post("/inbox/following/change/", sent, follow=True))
    assert "Changed: Who receives the guest?" in text
    assert Subscription.objects.level_of(member, thread) == Level.NORMAL
    back = {**sent, "level": "watching", "undo": "1"}
    text = words(page.post("/inbox/following/change/", back, follow=True))
    assert "Who receives the guest?" in text and "Changed:" not in text
    assert Subscription.objects.level_of(member, thread) == Level.WATCHING


def test_what_one_may_no_longer_see_is_not_there(page, member):
    thread = a_thread(a_forum(STAFF), author=a_staff(), title="Closed to me")
    set_level(member, thread, Level.WATCHING)
    key = f"thread.{thread.pk}"
    assert "Closed to me" not in words(page.get(FOLLOWING))
    text = words(page.get(FOLLOWING, {"changed": key, "before": "muted"}))
    assert "Closed to me" not in text
    sent = {"target": key, "level": "muted"}
    assert page.post("/inbox/following/change/", sent).status_code == 404


def test_much_that_is_followed_comes_in_pages_at_the_same_cost(
    page, member, django_assert_max_num_queries
):
    forum, author = a_forum(), a_member()
    for number in range(25):
        set_level(member, a_thread(forum, author, title=f"No {number}"), Level.TRACKING)
    page.get(FOLLOWING)
    with django_assert_max_num_queries(12):
        text = words(page.get(FOLLOWING))
    assert text.count('name="target"') == 20
    assert words(page.get(FOLLOWING, {"page": 2})).count('name="target"') == 5


# Out of the letters


def stop_address(number: int = 0) -> str:
    header = mail.outbox[number].extra_headers["List-Unsubscribe"]
    return re.search(r"/inbox/stop/[^>]+", header)[0]


def a_letter_about_a_thread():
    reader = a_member(language="en")
    thread = a_thread(author=reader, title="Who receives the guest?")
    a_post(thread)
    letters()
    return reader, thread


@pytest.fixture
def visitor(client, db):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_thread_s_mail_is_stopped_with_one_click_and_without_signing_in(visitor):
    reader, thread = a_letter_about_a_thread()
    text = words(visitor.get(stop_address()))
    assert "What shall stop?" in text
    assert "Who receives" not in text
    assert Subscription.objects.level_of(reader, thread) == Level.WATCHING
    answer = visitor.post(stop_address(), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Subscription.objects.level_of(reader, thread) == Level.TRACKING
    assert not Preference.objects.exists()
    a_post(thread)
    assert len(letters()) == 1
    assert Notification.objects.filter(recipient=reader).in_inbox().count() == 2


def test_all_of_its_kind_is_stopped_where_one_asks(visitor):
    a_letter_about_a_thread()
    text = words(visitor.post(stop_address(), {"what": "kinds"}))
    assert "Somebody answers" in text
    assert Preference.objects.get().pace == Pace.NEVER
    undo = re.search(r'name="undo" value="([^"]+)"', text)[1]
    text = words(visitor.post(stop_address(), {"undo": undo}))
    assert "The e-mails come again" in text
    assert not Preference.objects.exists()


def test_stopping_a_thread_can_be_taken_back(visitor):
    reader, thread = a_letter_about_a_thread()
    text = words(visitor.post(stop_address()))
    undo = re.search(r'name="undo" value="([^"]+)"', text)[1]
    visitor.post(stop_address(), {"undo": undo})
    assert Subscription.objects.level_of(reader, thread) == Level.WATCHING


@pytest.mark.parametrize("what", ["keys", "kinds"])
def test_what_was_stopped_twice_can_be_taken_back_all_the_same(visitor, what):
    _reader, thread = a_letter_about_a_thread()
    for _ in range(2):
        text = words(visitor.post(stop_address(), {"what": what}))
    undo = re.search(r'name="undo" value="([^"]+)"', text)[1]
    visitor.post(stop_address(), {"undo": undo})
    a_post(thread)
    assert len(letters()) == 2


def test_the_link_of_a_digest_stops_what_it_tells_of(visitor):
    forum, reader = a_forum(), a_member(language="en")
    set_level(reader, forum, Level.WATCHING)
    a_thread(forum), a_thread(forum)
    letters()
    assert "A new thread" in words(visitor.get(stop_address()))
    visitor.post(stop_address())
    kept = Preference.objects.values_list("kind", "pace")
    assert list(kept) == [("threads", "never")]


def test_links_in_letters_of_an_earlier_version_still_work(visitor):
    reader, thread = a_letter_about_a_thread()
    signed = signing.dumps(Notification.objects.first().pk, salt=SALT)
    address = reverse("notifications:unsubscribe", args=[signed])
    visitor.post(address)
    assert Subscription.objects.level_of(reader, thread) == Level.TRACKING


def test_a_forged_link_stops_nothing(visitor):
    reader, _thread = a_letter_about_a_thread()
    assert visitor.post("/inbox/stop/1:forged/").status_code == 404
    other = signing.dumps(
        {"user": reader.pk, "before": {"kinds": {}, "keys": []}}, salt="another"
    )
    assert visitor.post(stop_address(), {"undo": other}).status_code == 404


# The inbox


def test_the_inbox_shows_one_kind(page, member):
    a_post(a_thread(author=member, title="My own thread"))
    forum = a_forum()
    set_level(member, forum, Level.TRACKING)
    a_thread(forum, title="Begun by another")
    letters()
    text = words(page.get("/inbox/", {"kind": "answers"}))
    assert "My own thread" in text and "Begun by another" not in text
    text = words(page.get("/inbox/", {"kind": "knowledge"}))
    assert "Nothing of this kind" in text


def test_what_comes_by_mail_only_is_not_in_the_inbox(page, member):
    page.post(SETTINGS, as_it_stands(**{"answers-inbox": None}))
    a_post(a_thread(author=member, title="My own thread"))
    assert len(letters()) == 1
    text = words(page.get("/inbox/"))
    assert "My own thread" not in text
    assert 'data-unread="0"' in text


def test_marking_the_inbox_as_read_leaves_what_comes_by_mail_only(page, member):
    page.post(SETTINGS, as_it_stands(**{"answers-inbox": None}))
    a_post(a_thread(author=member))
    deliver_events()
    page.post("/inbox/read/")
    assert len(letters()) == 1


def test_administrators_see_what_waits_and_cannot_change_it(client, db):
    a_letter_about_a_thread()
    client.force_login(a_superuser())
    for query in ("", "?state=waiting", "?state=queued", "?state=sent"):
        answer = client.get(f"/admin/notifications/letter/{query}")
        assert answer.status_code == 200
        assert "Who receives the guest?" not in words(answer)
    assert client.get("/admin/notifications/letter/add/").status_code == 403
