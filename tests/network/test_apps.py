import pytest
from django.apps import apps

from network.apps import AnnouncingConfig


@pytest.mark.parametrize(
    "label",
    ["network", "themes", "people", "exchange", "notifications", "cms", "forums"],
)
def test_an_app_has_its_own_configuration_which_imports_its_subscribers(label):
    assert isinstance(apps.get_app_config(label), AnnouncingConfig)
