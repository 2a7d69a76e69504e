"""An organisation is found by all its names, by those who may know of it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from network.audience import MEMBERS, PUBLIC
from network.events import deliver_events
from network.exchange.actions import change_organisation
from network.exchange.models import Organisation
from network.people.models import Reach
from tests.exchange.factories import (
    a_partnership,
    a_placement,
    an_administrator,
    an_organisation,
)
from tests.people.factories import a_member
from tests.search.helpers import plain, titles

pytestmark = pytest.mark.django_db
NAMES = "ÅFF\nFriends of Åsdal | Amigos de Åsdal\n\n  ÅFF "


def signed_in(user) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


@pytest.fixture
def reader(db) -> Client:
    return signed_in(a_member("Rita Reader"))


def page_of(client, q: str, **params) -> str:
    deliver_events()
    return client.get("/search/", {"q": q, **params}).content.decode()


def found(client, q: str, **params) -> list[str]:
    deliver_events()
    return titles(client.get("/search/", {"q": q, **params}))


def without_tokens(page: str) -> str:
    return re.sub(r"\b[\w-]{22,}={0,2}", "", page)


def named(name="Foreininga Åsdal", **fields) -> Organisation:
    return an_organisation(name, **{"other_names": NAMES, **fields})


def test_it_is_found_by_each_of_its_names_and_so_is_what_is_about_it(reader):
    ours = named()
    a_partnership("Across the fjord", organisations=[ours, an_organisation()],
                  audience=MEMBERS)  # fmt: skip
    person = a_member("Asha Moyo", reach={"exchange": Reach.MEMBERS})
    a_placement(person, host=ours)
    for q in ("ÅFF", "aff", "amigos de asdal", "friends of Åsdal"):
        assert set(found(reader, q)) >= {
            "Foreininga Åsdal", "Across the fjord", "Asha Moyo",
        }, q  # fmt: skip


def test_what_it_is_called_besides_is_told_and_can_be_taken_away(reader):
    ours = named()
    a_partnership("Across the fjord", organisations=[ours, an_organisation()],
                  audience=MEMBERS)  # fmt: skip
    page = page_of(reader, "ÅFF")
    chip = plain(page.partition("Also searching")[2].partition("</ul>")[0])
    assert "Foreininga Åsdal" in chip and "Amigos de Åsdal" in chip
    token = f"organisation.{ours.pk}"
    assert f"plain={token}" in page
    assert found(reader, "ÅFF", plain=token) == ["Foreininga Åsdal"]


def test_a_name_that_is_given_or_taken_counts_at_once(reader):
    ours = named(other_names="")
    assert found(reader, "ÅFF") == []
    ours.other_names = NAMES
    change_organisation(ours)
    assert found(reader, "ÅFF") == ["Foreininga Åsdal"]
    assert "Also searching" in page_of(reader, "ÅFF")
    ours.other_names = ""
    change_organisation(ours)
    assert found(reader, "ÅFF") == []
    assert "Also searching" not in page_of(reader, "ÅFF")


def test_who_may_not_see_it_gets_the_same_answer_as_if_it_had_no_names(client):
    ours = named(other_names="")
    a_partnership("Across the fjord", organisations=[ours, an_organisation()],
                  audience=PUBLIC)  # fmt: skip
    asked = ("ÅFF", "friends of Åsdal", "afff", "Foreininga Åsdal")
    before = [without_tokens(page_of(client, q)) for q in asked]
    ours.other_names = NAMES
    change_organisation(ours)
    assert [without_tokens(page_of(client, q)) for q in asked] == before
    for q in asked:
        url = reverse("search:suggest")
        answer = client.get(url, {"q": q}, headers={"accept": "application/json"})
        assert answer.json() == {"groups": []}


def test_it_is_known_to_nobody_outside_from_the_moment_it_is_closed(client, reader):
    ours = named(audience=PUBLIC)
    a_partnership("Across the fjord", organisations=[ours, an_organisation()],
                  audience=PUBLIC)  # fmt: skip
    assert set(found(client, "ÅFF")) == {"Foreininga Åsdal", "Across the fjord"}
    ours.audience = MEMBERS
    change_organisation(ours)
    page = client.get("/search/", {"q": "ÅFF"}).content.decode()
    assert "Foreininga" not in page and "Across the fjord" not in page
    assert "Foreininga" not in client.get("/search/").content.decode()
    assert "Foreininga Åsdal" in found(reader, "ÅFF")


def test_its_administrator_writes_the_names_and_readers_see_them(reader):
    ours = named(other_names="")
    client = signed_in(an_administrator(ours))
    edit = reverse("exchange:organisation_edit", args=[ours.slug])
    form = {
        "name": ours.name, "kind": "other", "country": "NO", "about_language": "en",
        "audience": MEMBERS, "other_names": NAMES,
    }  # fmt: skip
    for bad in ("\n".join(f"Name {n}" for n in range(11)), "x" * 161, "y\n" * 400):
        answer = client.post(edit, {**form, "other_names": bad})
        assert answer.status_code == 422
    assert client.post(edit, form).status_code == 302
    page = plain(reader.get(ours.get_absolute_url()).content.decode())
    assert "Also called ÅFF, Friends of Åsdal, Amigos de Åsdal" in page
    listed = reader.get("/organisations/?q=amigos").content.decode()
    assert "Foreininga Åsdal" in listed
