from django.utils.translation import gettext_lazy as _

from network.apps import AnnouncingConfig


class CmsConfig(AnnouncingConfig):
    name = "cms"
    verbose_name = _("Knowledge and pages")

    def ready(self):
        super().ready()
        from cms import events, files, jobs, sections  # noqa: F401 they register
