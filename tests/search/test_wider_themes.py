"""What is about a theme is about the one above it, wherever the theme stands today."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.test import Client

from network.audience import MEMBERS, STAFF
from network.events import deliver_events
from network.models import Delivery
from network.themes.actions import save_themes
from network.themes.models import Theme
from network.themes.tables import rows_of_themes
from search import engines
from search.engines.base import EngineDown
from tests.exchange.factories import a_partnership, an_organisation
from tests.factories import a_lesson
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member, profile_of
from tests.search.helpers import titles
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client) -> Client:
    client.force_login(a_member("Rita Reader"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def tree(db) -> tuple[Theme, Theme, Theme]:
    """Two themes, and one below the first."""
    hosting = a_theme("hosting", names={"en": "Hosting"})
    travel = a_theme("travel", names={"en": "Travel"})
    family = a_theme("host-family", parent=hosting, names={"en": "Host family"})
    return hosting, travel, family


def found(client, **params) -> list[str]:
    deliver_events()
    return sorted(titles(client.get("/search/", params)))


def all_about(theme: Theme) -> list[str]:
    """One of each kind of row that has themes; their titles, sorted."""
    a_lesson(title="Lesson", themes=[theme])
    an_organisation("Organisation").themes.add(theme)
    a_partnership("Partnership", audience=MEMBERS).themes.add(theme)
    profile_of(a_member("Person")).themes.add(theme)
    a_thread(title="Thread", forum=a_forum(audience=MEMBERS), themes=[theme])
    forum = a_forum(audience=MEMBERS)
    forum.themes.add(theme)
    a_thread(title="Thread in its forum", forum=forum)
    call_command("rebuild_index", verbosity=0)
    names = ["Lesson", "Organisation", "Partnership", "Person", "Thread"]
    return [*names, "Thread in its forum"]


def test_a_wider_theme_finds_and_counts_what_is_about_the_narrower(reader, tree):
    hosting, _travel, family = tree
    a_lesson(title="Of families", themes=[family])
    a_lesson(title="Of hosts", themes=[hosting])
    a_lesson(title="Of both", themes=[hosting, family])
    both = ["Of both", "Of families"]
    assert found(reader, theme="hosting") == [*both, "Of hosts"]
    assert found(reader, theme="host-family") == both
    assert found(reader, q="theme:hosting") == [*both, "Of hosts"]
    assert set(found(reader, q="hosting")) == {*both, "Of hosts"}
    page = reader.get("/search/?kind=lesson").content.decode()
    options = page[page.index('value="hosting"') :]
    assert options.index(">3<") < options.index('value="host-family"')
    assert ">2<" in options[options.index('value="host-family"') :]


def test_a_theme_that_is_moved_takes_all_that_is_about_it_along(reader, tree):
    _hosting, travel, family = tree
    everything = all_about(family)
    assert found(reader, theme="hosting") == everything
    family.parent = travel
    family.save()
    assert found(reader, theme="hosting") == []
    assert found(reader, theme="travel") == everything
    family.parent = None
    family.save()
    assert found(reader, theme="travel") == []
    assert found(reader, theme="host-family") == everything


def test_a_theme_that_is_moved_by_a_table_does_so_too(reader, tree):
    everything = all_about(tree[2])
    row = rows_of_themes()["host-family"]
    save_themes([replace(row, parent="travel")])
    assert found(reader, theme="travel") == everything


def test_a_theme_with_another_name_leaves_the_index_alone(reader, tree):
    _hosting, _travel, family = tree
    all_about(family)
    deliver_events()
    Delivery.objects.all().delete()
    family.position = 7
    family.save()
    save_themes(rows_of_themes().values())
    assert not Delivery.objects.filter(subscriber__contains="index_changes").exists()


def test_a_move_while_search_is_away_reaches_it_later(reader, tree):
    _hosting, travel, family = tree
    a_lesson(title="Of families", themes=[family])
    deliver_events()

    class Away:
        def index(self, writes):
            raise EngineDown("no answer")

    with engines.using(Away()):
        family.parent = travel
        family.save()
        deliver_events()
    assert Delivery.objects.filter(
        subscriber__contains="index_changes", done_at=None
    ).exists()
    Delivery.objects.filter(done_at=None).update(due_at="2020-01-01T00:00Z")
    assert found(reader, theme="travel") == ["Of families"]


def test_a_wider_theme_tells_nothing_of_what_is_hidden(reader, tree):
    _hosting, _travel, family = tree
    a_lesson(STAFF, title="Of staff", themes=[family])
    a_lesson(MEMBERS, title="Of members", themes=[family])
    assert found(reader, theme="hosting") == ["Of members"]
    page = reader.get("/search/", {"theme": "hosting"}).content.decode()
    assert "1 result<" in page
