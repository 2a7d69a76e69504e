from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class ExchangeConfig(AnnouncingConfig):
    name = "network.exchange"
    verbose_name = _("Exchange")

    def ready(self):
        super().ready()
        from network.exchange import filters, home, sections  # noqa: F401 they register
