from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class ForumsConfig(AnnouncingConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self):
        super().ready()
        from forums import home  # noqa: F401 it registers
        from forums.drafting import keep_for_writer
        from network.views import text_keepers

        text_keepers.append(keep_for_writer)
