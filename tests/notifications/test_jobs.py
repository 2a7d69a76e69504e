from datetime import timedelta

from django.utils import timezone

from network.events import deliver_events
from network.notifications.jobs import KEPT, forget_old_notifications
from network.notifications.models import Notification
from tests.factories import a_member
from tests.forums.factories import a_post, a_thread


def test_notifications_are_forgotten_after_a_year(db):
    follower = a_member()
    thread = a_thread(followers=[follower])
    a_post(thread)
    deliver_events()
    kept = Notification.objects.filter(recipient=follower)
    forget_old_notifications()
    assert kept.exists()
    Notification.objects.update(created_at=timezone.now() - KEPT - timedelta(days=1))
    forget_old_notifications()
    assert not kept.exists()
