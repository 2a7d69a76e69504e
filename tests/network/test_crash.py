"""Kill the workers, take the mail and search servers away: nothing accepted is lost."""

import random
import re
import socket
import threading
import time
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import Client
from django.utils import timezone

from network.events import deliver_due
from network.models import Delivery
from network.notifications.models import Letter, Level, Notification, Subscription
from network.notifications.planning import queue_due
from tests.crash import Worker, all_delivered, running, wait_until
from tests.factories import a_member
from tests.forums.factories import a_post, a_thread

KILLS = 4


class Letters:
    """A mail server's memory: how often each Message-ID came, and with what.

    after: called when a letter is kept and before its sender hears the yes.
    """

    def __init__(self, after=lambda: None):
        self.received: list[str] = []
        self.texts: list[str] = []
        self.after = after

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append(message["Message-ID"])
        self.texts.append(message.get_body(("plain",)).get_content())
        self.after()
        return "250 kept"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_do_nothing_twice():
    followers = [a_member(), a_member()]
    author = a_member()
    thread = a_thread(author=author, title="The kettle question")
    for follower in followers:
        Subscription.objects.follow(follower, thread, Level.WATCHING)
    port = free_port()
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    away = (
        {"ELASTICSEARCH_URL": "http://127.0.0.1:1"}
        if settings.ELASTICSEARCH_URL
        else {}
    )

    posts = [a_post(thread, author, f"kettle{n} boils") for n in range(30)]
    partly_done = 0
    for number in range(KILLS):
        worker = Worker(**mail, **away)
        worker.start()
        time.sleep(random.uniform(0.05, 0.4))
        worker.kill()
        done = Delivery.objects.exclude(done_at=None).count()
        partly_done += 0 < done < Delivery.objects.count()
        posts += [a_post(thread, author, f"kettle{number}{n}00") for n in range(5)]
    assert partly_done, "no worker was killed in the middle"

    Delivery.objects.open().update(due_at=timezone.now())
    while deliver_due("rows"):
        pass
    Letter.objects.update(planned_at=timezone.now())
    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with running(Worker(**mail)):
            wait_until(lambda: not Letter.objects.waiting().exists(), 60)
            wait_until(all_delivered, 60)
    finally:
        server.stop()

    for follower in followers:
        told = Notification.objects.filter(recipient=follower, target_kind="post")
        assert sorted(told.values_list("target_id", flat=True)) == [p.pk for p in posts]
        assert not told.filter(mailed_at=None).exists()
    assert len(letters.received) == len(set(letters.received)) == len(followers)

    reader = Client()
    reader.force_login(followers[0])
    for word in ("kettle0", "kettle29", "kettle3400"):
        assert b"The kettle question" in reader.get(f"/search/?q={word}").content


@pytest.mark.django_db(transaction=True)
def test_killed_between_the_server_s_yes_and_our_note_the_same_letter_goes_again():
    author, reader = a_member(), a_member()
    thread = a_thread(author=author)
    Subscription.objects.follow(reader, thread, Level.WATCHING)
    for number in range(3):
        a_post(thread, author, f"kettle{number} boils")
    while deliver_due("rows"):
        pass
    Letter.objects.update(planned_at=timezone.now())
    port = free_port()
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    worker = Worker(**mail)
    killed = threading.Event()

    def kill_once():
        if not killed.is_set():
            worker.process.kill()
            killed.set()

    letters = Letters(after=kill_once)
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        worker.start()
        assert killed.wait(60)
        worker.kill()
        letter = Letter.objects.get()
        assert letter.closed_at and not letter.sent_at
        # What comes now belongs to the next letter.
        a_post(thread, author, "kettle3 boils")
        Letter.objects.update(leased_until=None)
        Delivery.objects.open().update(due_at=timezone.now())
        while deliver_due("rows"):
            pass
        Letter.objects.waiting().update(planned_at=timezone.now())
        queue_due()  # the worker that died did so within this minute
        with running(Worker(**mail)), running(Worker(**mail)):
            wait_until(lambda: not Letter.objects.waiting().exists(), 60)
    finally:
        server.stop()

    assert len(letters.received) == 3
    name = f"<letter-{letter.pk}@127.0.0.1>"
    assert letters.received[0] == letters.received[1] == name
    told = [sorted(set(re.findall(r"kettle\d", text))) for text in letters.texts]
    assert told == [["kettle0", "kettle1", "kettle2"]] * 2 + [["kettle3"]]
    assert not Notification.objects.filter(recipient=reader, mailed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_several_processes_send_each_letter_once():
    author, readers = a_member(), [a_member() for _ in range(12)]
    thread = a_thread(author=author)
    for reader in readers:
        Subscription.objects.follow(reader, thread, Level.WATCHING)
    a_post(thread, author)
    while deliver_due("rows"):
        pass
    Letter.objects.update(planned_at=timezone.now())
    port = free_port()
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with running(Worker(**mail)), running(Worker(**mail)):
            wait_until(lambda: not Letter.objects.waiting().exists(), 60)
            wait_until(all_delivered, 60)
    finally:
        server.stop()
    assert len(letters.received) == len(set(letters.received)) == len(readers)
