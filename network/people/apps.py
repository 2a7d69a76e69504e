from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class PeopleConfig(AnnouncingConfig):
    name = "network.people"
    verbose_name = _("People")
