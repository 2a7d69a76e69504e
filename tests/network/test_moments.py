"""When something happened, as it is written to whoever reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forums.models import Post, Thread
from network.audience import PUBLIC
from network.notifications.actions import change_mail_settings
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member


@pytest.fixture
def thread(db):
    """Of an evening three days ago by UTC: in New Zealand it was the day after."""
    thread = a_thread(a_forum(PUBLIC))
    evening = timezone.now().replace(hour=20) - timedelta(days=3)
    Post.objects.update(created_at=evening)
    Thread.objects.update(created_at=evening, last_post_at=evening)
    thread.refresh_from_db()
    return thread


@pytest.mark.parametrize(
    ("where", "later"),
    [
        (None, 0),
        ({"country": "NO"}, 0),
        ({"country": "NZ"}, 1),
        ({"country": "NO", "time_zone": "Pacific/Auckland"}, 1),
        ({"country": "NZ", "time_zone": "America/Sao_Paulo"}, 0),
    ],
    ids=["a visitor", "at home", "by country", "as chosen", "chosen against country"],
)
def test_days_of_the_week_are_those_of_where_the_reader_is(
    client, thread, where, later
):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    if where:
        zone = where.pop("time_zone", "")
        member = a_member(language="en", **where)
        change_mail_settings(member, time_zone=zone)
        client.force_login(member)
    day = (thread.last_post_at + timedelta(days=later)).strftime("%A")
    for address in (thread.forum.get_absolute_url(), thread.get_absolute_url()):
        assert f">{day}</time>" in client.get(address).content.decode()
