from datetime import timedelta

from django.utils import timezone

from network.notifications.models import Notification
from network.schedule import every

KEPT = timedelta(days=365)


@every(hours=24)
def forget_old_notifications() -> None:
    """The privacy page says how long they are kept."""
    Notification.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
