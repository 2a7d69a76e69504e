from network.apps import AnnouncingConfig


class ExchangeConfig(AnnouncingConfig):
    name = "network.exchange"

    def ready(self):
        super().ready()
        from network.exchange import filters, sections  # noqa: F401 they register
