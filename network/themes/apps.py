from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class ThemesConfig(AnnouncingConfig):
    name = "network.themes"
    verbose_name = _("Themes")
