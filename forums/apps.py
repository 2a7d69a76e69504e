from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class ForumsConfig(AnnouncingConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self):
        super().ready()
        from forums import conversations, home  # noqa: F401 they register
