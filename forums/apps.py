from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class ForumsConfig(AnnouncingConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self):
        super().ready()
        from forums import conversations, files, home, menu, news  # noqa: F401 they register
        from forums.drafting import keep_for_writer
        from forums.pictures_in_text import pictures_in_text
        from network.markdown import extend
        from network.views import text_keepers

        text_keepers.append(keep_for_writer)
        extend(pictures_in_text)
