from network.apps import AnnouncingConfig


class NotificationsConfig(AnnouncingConfig):
    name = "network.notifications"
