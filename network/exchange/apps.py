from network.apps import AnnouncingConfig


class ExchangeConfig(AnnouncingConfig):
    name = "network.exchange"
