"""What the crash test asks of the database, in a process with the site's settings.

    python -m tests.services.crash_world make | clock | judge

Each prints one line of JSON. `clock` goes on until it is ended: letters that would wait
for their hour go now.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, InterfaceError, connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from forums.models import Post  # noqa: E402
from network.models import Delivery  # noqa: E402
from network.notifications.models import (  # noqa: E402
    Letter,
    Level,
    Notification,
    Subscription,
)
from network.notifications.planning import queue_due  # noqa: E402
from tests.forums.factories import a_forum, a_thread  # noqa: E402
from tests.people.factories import a_member  # noqa: E402

WRITERS, THREADS, FOLLOWERS = 20, 5, 3


def make() -> dict:
    call_command("migrate", verbosity=0)
    call_command("create_standard_pages", verbosity=0)
    call_command("rebuild_index", if_needed=True, verbosity=0)
    writers = [a_member(f"Writer {n}") for n in range(WRITERS)]
    followers = [a_member(f"Follower {n}") for n in range(FOLLOWERS)]
    forum = a_forum()
    threads = [a_thread(forum, a_member(f"Asker {n}")) for n in range(THREADS)]
    for thread in threads:
        for follower in followers:
            Subscription.objects.follow(follower, thread, Level.WATCHING)
    return {
        "threads": {thread.pk: thread.get_absolute_url() for thread in threads},
        "writers": [cookie_of(user) for user in writers],
        "followers": {user.pk: cookie_of(user) for user in followers},
    }


def cookie_of(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def clock() -> None:
    """Nothing else is hurried: what a killed process had begun waits for its lease."""
    while True:
        try:
            now = timezone.now()
            for pk in Letter.objects.filter(planned_at__gt=now).values_list("pk"):
                Letter.objects.filter(pk__in=pk).update(planned_at=now)
            queue_due()
        except (DatabaseError, InterfaceError):
            connection.close()
        time.sleep(1)


def judge() -> dict:
    """Posts by token, how often each follower was told of each, what is left to do."""
    posts = dict(Post.objects.exclude(token=None).values_list("token", "pk"))
    told = Notification.objects.filter(verb="replied", target_kind="post")
    people = Subscription.objects.filter(user__first_name="Follower")
    followers = sorted(set(people.values_list("user", flat=True)))
    told_of = [
        list(told.filter(recipient=user).values_list("target_id", flat=True))
        for user in followers
    ]
    # Beyond the most that a letter shows it says how much more there is.
    unmailed = told.filter(recipient__in=followers, mailed_at=None)
    unmailed = unmailed.filter(letter__sent_at=None)
    left = dict.fromkeys(("rows", "index", "nudge", "mail", "bulk"), 0)
    for lane in Delivery.objects.open().values_list("lane", flat=True):
        left[lane] += 1
    return {
        "posts": posts,
        "of_each": [sorted(keys) for keys in told_of],
        "unmailed": unmailed.count(),
        "letters": list(Letter.objects.values_list("pk", flat=True)),
        "waiting": Letter.objects.waiting().count(),
        "left": {lane: n for lane, n in left.items() if n},
        "errors": list(
            Delivery.objects.open()
            .exclude(error="")
            .values_list("error", flat=True)[:5]
        ),
        "numbers": {
            str(pk): list(
                Post.objects.filter(thread=pk)
                .order_by("number")
                .values_list("number", flat=True)
            )
            for pk in Post.objects.values_list("thread", flat=True).distinct()
        },
    }


if __name__ == "__main__":
    found = {"make": make, "clock": clock, "judge": judge}[sys.argv[1]]()
    print(json.dumps(found))
