"""Kill the workers, take the mail and search servers away: nothing accepted is lost."""

import random
import socket
import time

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import Client
from django.utils import timezone

from network.models import Delivery
from network.notifications.models import Level, Notification, Subscription
from tests.crash import Worker, all_delivered, running, wait_until
from tests.factories import a_member
from tests.forums.factories import a_post, a_thread

KILLS = 4


class Letters:
    """A mail server's memory: how often each Message-ID came."""

    def __init__(self):
        self.received: list[str] = []

    async def handle_DATA(self, server, session, envelope):
        lines = envelope.content.decode().splitlines()
        self.received += [
            line[12:] for line in lines if line.startswith("Message-ID: ")
        ]
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

    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        Delivery.objects.open().update(due_at=timezone.now())
        with running(Worker(**mail)):
            wait_until(all_delivered, 60)
    finally:
        server.stop()

    for follower in followers:
        told = Notification.objects.filter(recipient=follower, target_kind="post")
        assert sorted(told.values_list("target_id", flat=True)) == [p.pk for p in posts]
    expected = Notification.objects.exclude(mailed_at=None)
    assert expected.count() == len(posts) * len(followers)
    assert len(set(letters.received)) == expected.count()
    assert len(letters.received) <= expected.count() + KILLS

    reader = Client()
    reader.force_login(followers[0])
    for word in ("kettle0", "kettle29", "kettle3400"):
        assert b"The kettle question" in reader.get(f"/search/?q={word}").content
