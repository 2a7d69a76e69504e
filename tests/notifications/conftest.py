import pytest


@pytest.fixture
def client(client):
    """These tests read what pages say, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
