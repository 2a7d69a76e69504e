from network.apps import AnnouncingConfig


class ForumsConfig(AnnouncingConfig):
    name = "forums"
