"""What a person would find in the inbox, here and in the mail."""

from django.core import mail
from django.utils import timezone

from network.events import deliver_events
from network.notifications.models import Letter, Notification
from network.notifications.planning import queue_due
from network.notifications.reading import told
from network.people.models import User


def inbox(user) -> list[str]:
    """The verbs of what the user may read now, newest first."""
    reader = User.objects.get(pk=user.pk)
    rows = Notification.objects.visible_to(reader)
    return [one.verb.name for one in told(rows, reader)]


def letters() -> list:
    """What has been sent when all that waits has come to its hour."""
    deliver_events()
    Letter.objects.waiting().update(planned_at=timezone.now())
    while queue_due():
        deliver_events()
    return mail.outbox
