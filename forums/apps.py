from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class ForumsConfig(AnnouncingConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self):
        super().ready()
        from forums import asking, conversations, files, home, menu, news  # noqa: F401 they register
        from forums.cards_in_text import cards_in_text
        from forums.drafting import keep_for_writer
        from forums.mentions import mentions_in_text
        from forums.pictures_in_text import pictures_in_text
        from forums.quotes import quotes_in_text
        from network.markdown import extend
        from network.views import text_keepers

        text_keepers.append(keep_for_writer)
        for plugin in (
            pictures_in_text,
            mentions_in_text,
            quotes_in_text,
            cards_in_text,
        ):
            extend(plugin)
