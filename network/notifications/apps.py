from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class NotificationsConfig(AnnouncingConfig):
    name = "network.notifications"
    verbose_name = _("Notifications")
