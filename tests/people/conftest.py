import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture
def client():
    """A visitor who reads English, whatever the site's own language is."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield
