import pytest
from django.apps import apps
from django.contrib import admin
from django.utils.functional import Promise

from network.apps import AnnouncingConfig
from tests.people.factories import a_superuser

OWN = ["network", "themes", "people", "exchange", "notifications", "cms", "forums"]


@pytest.mark.parametrize("label", OWN)
def test_an_app_has_its_own_configuration_which_imports_its_subscribers(label):
    assert isinstance(apps.get_app_config(label), AnnouncingConfig)


@pytest.mark.parametrize("label", OWN)
def test_what_staff_read_of_an_app_has_a_name_in_their_language(label):
    config = apps.get_app_config(label)
    assert isinstance(config.verbose_name, Promise)
    for model in config.get_models():
        names = [model._meta.verbose_name, model._meta.verbose_name_plural]
        if model in admin.site._registry:
            fields = [field for field in model._meta.fields if not field.auto_created]
            names += [field.verbose_name for field in fields]
        assert [name for name in names if not isinstance(name, Promise)] == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/admin/network/delivery/", ["Leveringar", "Løp", "Forsøk"]),
        ("/admin/people/invitation/", ["Invitasjonar"]),
        ("/admin/forums/forum/", ["Forum", "Målgruppe"]),
    ],
)
def test_lists_of_the_admin_are_in_nynorsk(client, db, settings, address, words):
    settings.STAFF_TOTP_REQUIRED = False
    client.force_login(a_superuser(language="nn"))
    page = client.get(address).content.decode()
    assert [word for word in words if word.lower() not in page.lower()] == []
