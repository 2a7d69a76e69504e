from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule


class AnnouncingConfig(AppConfig):
    """An app whose subscribers and registrations are imported when Django starts."""

    def ready(self):
        for name in ("audiences", "subscribers", "targets"):
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")


class NetworkConfig(AnnouncingConfig):
    name = "network"
