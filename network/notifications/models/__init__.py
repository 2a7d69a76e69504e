from network.notifications.kinds import Pace
from network.notifications.models.letters import Letter
from network.notifications.models.notifications import (
    LOUDNESS,
    Level,
    Notification,
    Subscription,
)
from network.notifications.models.preferences import MailSettings, Preference

__all__ = [
    "LOUDNESS",
    "Letter",
    "Level",
    "MailSettings",
    "Notification",
    "Pace",
    "Preference",
    "Subscription",
]
