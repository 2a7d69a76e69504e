from network.apps import AnnouncingConfig


class ForumsConfig(AnnouncingConfig):
    name = "forums"

    def ready(self):
        super().ready()
        from forums import home  # noqa: F401 it registers
