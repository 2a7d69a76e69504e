from datetime import timedelta

from django.utils import timezone

from network.notifications.models import Letter, Notification
from network.notifications.planning import queue_due
from network.schedule import every

KEPT = timedelta(days=365)
LETTERS_KEPT = timedelta(days=90)


@every(minutes=1)
def send_letters() -> None:
    while queue_due():
        pass


@every(hours=24)
def forget_old_letters() -> None:
    """What was in them stands in the inbox."""
    Letter.objects.filter(sent_at__lt=timezone.now() - LETTERS_KEPT).delete()


@every(hours=24)
def forget_old_notifications() -> None:
    """The privacy page says how long they are kept."""
    Notification.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
