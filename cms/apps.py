from network.apps import AnnouncingConfig


class CmsConfig(AnnouncingConfig):
    name = "cms"
