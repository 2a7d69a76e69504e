"""Whoever has a post before their eyes is not told of it afterwards."""

from django.test import Client

from forums.actions import edit_post, post_reply
from forums.views import threads
from network.events import deliver_events
from network.notifications.actions import set_level
from network.notifications.models import Level, Notification
from tests.forums.factories import a_forum, a_thread
from tests.notifications.helpers import letters
from tests.people.factories import a_member


def reads(reader, thread):
    client = Client()
    client.force_login(reader)
    client.get(thread.get_absolute_url())


def test_a_post_that_was_read_before_it_was_told_is_no_unread_news(db):
    reader, writer = a_member("Anna Lie"), a_member()
    thread = a_thread(author=reader)
    deliver_events()
    post_reply(thread, writer, "Ask @anna-lie.")
    reads(reader, thread)
    deliver_events()
    assert not Notification.objects.filter(recipient=reader).unread().exists()
    assert letters() == []


def test_a_post_that_is_told_while_an_open_page_fetches_it_is_no_news(db, monkeypatch):
    reader, writer = a_member("Anna Lie"), a_member()
    thread = a_thread(author=reader)
    deliver_events()
    post_reply(thread, writer, "Ask her.")
    entries_of = threads.entries_of

    def meanwhile(*args):
        deliver_events()
        return entries_of(*args)

    monkeypatch.setattr(threads, "entries_of", meanwhile)
    client = Client()
    client.force_login(reader)
    news = client.get(f"/forums/thread/{thread.pk}/news/", {"since": 1, "last": 1})
    assert "Ask her." in news.content.decode()
    assert not Notification.objects.filter(recipient=reader).unread().exists()
    assert letters() == []


def test_a_thread_that_was_read_before_it_was_told_is_no_unread_news(db):
    reader, named, forum = a_member(), a_member("Anna Lie"), a_forum()
    set_level(reader, forum, Level.WATCHING)
    thread = a_thread(forum, markdown="Ask @anna-lie.")
    reads(reader, thread)
    reads(named, thread)
    deliver_events()
    assert Notification.objects.count() == 2
    assert not Notification.objects.unread().exists()
    assert letters() == []


def test_who_is_named_in_a_post_they_had_read_is_told(db):
    reader, writer = a_member("Anna Lie"), a_member()
    thread = a_thread(author=reader)
    post = post_reply(thread, writer, "Ask her.")
    deliver_events()
    reads(reader, thread)
    edit_post(post, "Ask @anna-lie.")
    deliver_events()
    [news] = Notification.objects.filter(recipient=reader).unread()
    assert news.verb == "mentioned"
