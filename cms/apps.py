from network.apps import AnnouncingConfig


class CmsConfig(AnnouncingConfig):
    name = "cms"

    def ready(self):
        super().ready()
        from cms import events, jobs, sections  # noqa: F401 they register
