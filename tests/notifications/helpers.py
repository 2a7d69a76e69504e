"""What a person would find in the inbox."""

from network.notifications.models import Notification
from network.notifications.reading import told
from network.people.models import User


def inbox(user) -> list[str]:
    """The verbs of what the user may read now, newest first."""
    reader = User.objects.get(pk=user.pk)
    rows = Notification.objects.visible_to(reader)
    return [one.verb.name for one in told(rows, reader)]
