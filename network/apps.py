from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class AnnouncingConfig(AppConfig):
    """An app whose subscribers and registrations are imported when Django starts."""

    # Where this class is imported Django finds two configurations, and takes neither
    # unless one of them says that it is the default.
    default = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self):
        for name in ("audiences", "cards", "jobs", "subscribers", "targets"):
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")


class NetworkConfig(AnnouncingConfig):
    name = "network"
    verbose_name = _("Network")
