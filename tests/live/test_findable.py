"""How soon search follows, on the site as it is served."""

import time
from urllib.request import urlopen

import pytest

from cms.actions import set_audience
from network.audience import MEMBERS
from search.engines import get_engine
from tests.factories import a_lesson
from tests.live.server import Site

PATIENCE = 20  # seconds, on a machine that does other things; a quiet one takes one

pytestmark = pytest.mark.django_db(transaction=True)


def finds(site: Site, title: str) -> bool:
    with urlopen(f"{site.url}/search/?q={title}") as page:
        return f"<mark>{title}</mark>" in page.read().decode()


def test_what_is_published_is_soon_found_and_restricted_at_once_gone():
    get_engine().clear()
    with Site() as site:
        for title in ("Mangrove", "Harmattan", "Monsoon"):
            page = a_lesson(title=title)
            began = time.monotonic()
            while not finds(site, title):
                assert time.monotonic() - began < PATIENCE
                time.sleep(0.05)
            set_audience(page, MEMBERS)
            assert not finds(site, title)
