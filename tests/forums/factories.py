"""Forums, threads and posts for tests: told only what the test is about."""

from itertools import count

from forums.actions import post_reply, start_thread
from forums.models import Forum, Post, Thread
from network.audience import MEMBERS
from network.notifications.models import Subscription
from tests.people.factories import a_member

number = count(1)


def a_forum(audience: str = MEMBERS, moderators=(), **fields) -> Forum:
    n = next(number)
    fields = {"name": f"Forum {n}", "slug": f"forum-{n}", **fields}
    forum = Forum.objects.create(audience=audience, **fields)
    forum.moderators.set(moderators)
    return forum


def a_thread(forum=None, author=None, followers=(), **fields) -> Thread:
    """A thread with its first post; `followers` hear of every answer."""
    told = {
        "title": f"How do you prepare a workplace? ({next(number)})",
        "markdown": "Those who stay behind are not ready.",
        "language": "en",
    }
    thread = start_thread(
        forum or a_forum(), author or a_member(), **{**told, **fields}
    )
    for follower in followers:
        Subscription.objects.follow(follower, thread)
    return thread


def a_post(thread=None, author=None, markdown="We paired each newcomer.") -> Post:
    return post_reply(thread or a_thread(), author or a_member(), markdown)
