"""Fill a migrated, empty database with a large forum, and say what to fetch.

    python -m tests.benchmarks.forums.load corpus.jsonl targets.json

corpus.jsonl holds one object a line (tests/benchmarks/forums/corpus.py writes one):
{"t": "user", "id", "name"}, {"t": "forum", "id", "name", "desc"},
{"t": "topic", "id", "forum", "title", "user", "n_posts"} and
{"t": "post", "id", "topic", "user", "ts", "body"}. targets.json: addresses of pages,
cookies of signed-in members and a form to post. Rows are written in bulk: what the
forums' actions would have written, without telling anybody.
"""

import json
import os
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from forums.actions import slug_of  # noqa: E402
from forums.models import POSTS_A_PAGE, Forum, Post, ReadMark, Thread  # noqa: E402
from network.audience import MEMBERS  # noqa: E402
from network.markdown import render  # noqa: E402
from network.notifications.models import Notification, Subscription  # noqa: E402
from network.people.models import Profile, User  # noqa: E402

SIGNED_IN = 200
READ_BY_EACH = 300
TOLD_EACH, UNREAD_EACH = 500, 50


def load(corpus: Path) -> None:
    rows = defaultdict(list)
    with corpus.open() as lines:
        for line in lines:
            row = json.loads(line)
            rows[row["t"]].append(row)
    add_people(rows["user"])
    add_forums(rows["forum"])
    add_threads(rows["topic"], rows["post"])
    add_reading(len(rows["user"]), rows["topic"], rows["post"])
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"
        )


def add_people(users: list[dict]) -> None:
    accounts = [
        User(
            pk=user["id"],
            email=f"{user['name']}@example.net",
            first_name=user["name"].title(),
            last_name="Example",
            status=User.Status.APPROVED,
            password="!",
        )
        for user in users
    ]
    User.objects.bulk_create(accounts, 2000)
    profiles = [Profile(user=user, slug=f"person-{user.pk}") for user in accounts]
    for profile in profiles:
        profile.audience = profile.effective_audience()
    Profile.objects.bulk_create(profiles, 2000)


def add_forums(forums: list[dict]) -> None:
    Forum.objects.bulk_create(
        Forum(
            pk=forum["id"],
            name=forum["name"],
            slug=f"forum-{forum['id']}",
            description=forum["desc"][:600],
            audience=MEMBERS,
            language="en",
            position=forum["id"],
        )
        for forum in forums
    )


def add_threads(topics: list[dict], posts: list[dict]) -> None:
    of_topic = defaultdict(list)
    for post in posts:
        of_topic[post["topic"]].append(post)
    threads = [
        Thread(
            pk=topic["id"],
            forum_id=topic["forum"],
            author_id=topic["user"],
            title=topic["title"][:200],
            slug=slug_of(topic["title"]),
            language="en",
            created_at=at(of_topic[topic["id"]][0]),
            last_post_at=at(of_topic[topic["id"]][-1]),
            last_number=len(of_topic[topic["id"]]),
            revision=len(of_topic[topic["id"]]),
        )
        for topic in topics
    ]
    Thread.objects.bulk_create(threads, 2000)
    written = (
        Post(
            thread_id=topic["id"],
            number=number,
            revision=number,
            author_id=post["user"],
            markdown=post["body"],
            html=render(post["body"]),
            language="en",
            created_at=at(post),
        )
        for topic in topics
        for number, post in enumerate(of_topic[topic["id"]], start=1)
    )
    Post.objects.bulk_create(written, 2000)


def add_reading(people: int, topics: list[dict], posts: list[dict]) -> None:
    """For those who are signed in: what they have read, follow and were told of."""
    signed_in = range(1, min(SIGNED_IN, people) + 1)
    newest = [topic["id"] for topic in topics[-READ_BY_EACH:]]
    ReadMark.objects.bulk_create(
        (
            ReadMark(user_id=user, thread_id=topic, number=1)
            for user in signed_in
            for topic in newest
        ),
        5000,
    )
    Subscription.objects.bulk_create(
        (
            Subscription(user_id=user, target=f"thread.{topic}")
            for user in signed_in
            for topic in newest
        ),
        5000,
    )
    last = Post.objects.order_by("-pk").values_list("pk", flat=True)[:TOLD_EACH]
    Notification.objects.bulk_create(
        (
            Notification(
                recipient_id=user,
                verb="replied",
                target_kind="post",
                target_id=post,
                read_at=None if n < UNREAD_EACH else timezone.now(),
            )
            for user in signed_in
            for n, post in enumerate(last)
        ),
        5000,
    )


def at(post: dict) -> datetime:
    return datetime.fromtimestamp(post["ts"], UTC)


def targets() -> dict:
    """The longest thread, its forum, and what a member opens most."""
    thread = Thread.objects.order_by("-last_number").select_related("forum").first()
    forum = thread.forum.get_absolute_url()
    last = -(-thread.last_number // POSTS_A_PAGE)
    short = Thread.objects.filter(last_number__gte=20, forum=thread.forum_id).first()
    members = User.objects.order_by("pk")[:SIGNED_IN]
    return {
        "name": "attende",
        "base": settings.SITE_URL,
        "urls": {
            "forums": "/forums/",
            "list1": forum,
            "list100": f"{forum}?page=100",
            "topic1": thread.get_absolute_url(),
            "topicM": f"{thread.get_absolute_url()}?page={last // 2}",
            "topicN": f"{thread.get_absolute_url()}?page={last}",
            "short": short.get_absolute_url(),
            "unread": "/forums/threads/?show=unread",
            "latest": "/forums/threads/",
            "inbox": "/inbox/",
        },
        "info": {"threads_per_page": 20, "posts_per_page": POSTS_A_PAGE},
        "cookies": [cookies_of(member) for member in members],
        "csrf_cookie": "csrftoken",
        "post": {
            "url": f"/forums/thread/{short.pk}/reply/",
            "form": {"markdown": "@BODY@", "language": "en"},
        },
    }


def cookies_of(member: User) -> dict[str, str]:
    client = Client(HTTP_HOST=settings.SITE_HOST)
    client.force_login(member)
    client.get("/account/")
    return {name: cookie.value for name, cookie in client.cookies.items()}


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    if not User.objects.filter(email__endswith="@example.net").exists():
        load(source)
    target.write_text(json.dumps(targets(), indent=1))
