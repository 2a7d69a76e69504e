from network.apps import AnnouncingConfig


class ThemesConfig(AnnouncingConfig):
    name = "network.themes"
