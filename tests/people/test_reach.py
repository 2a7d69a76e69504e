"""Each field of a profile reaches as far as its owner says, for each kind of viewer."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from network.audience import can_see
from network.people.models import Profile
from network.people.models.profiles import FIELDS
from tests.exchange.factories import a_partnership
from tests.people.factories import a_member, a_pending, a_staff, as_seen, profile_of

WIDTH = ["me", "partnerships", "members", "public"]


@pytest.fixture
def viewers(db):
    """One of each kind, by how near they stand to the owner."""
    partnership = a_partnership()
    owner = a_member("Amina Kileo", of=partnership)
    return {
        "owner": owner,
        "me": as_seen(owner),
        "partnerships": as_seen(a_member(of=partnership)),
        "members": as_seen(a_member()),
        "staff": as_seen(a_staff()),
        "pending": as_seen(a_pending()),
        "public": AnonymousUser(),
    }


STANDS_AS = {"staff": "members", "pending": "public"}


@pytest.mark.parametrize("reach", WIDTH)
@pytest.mark.parametrize("field", [name for name in FIELDS if name != "name"])
def test_a_field_is_seen_by_those_it_reaches_and_nobody_else(viewers, field, reach):
    profile = profile_of(viewers["owner"])
    profile.reach = {**profile.reach, "name": "public", field: reach}
    profile.save()
    for kind, viewer in viewers.items():
        if kind == "owner":
            continue
        stands = STANDS_AS.get(kind, kind)
        expected = WIDTH.index(reach) >= WIDTH.index(stands)
        seen = field in profile.shown_to(viewer).fields
        listed = Profile.objects.showing(field, viewer).filter(pk=profile.pk).exists()
        assert (seen, listed) == (expected, expected), kind


@pytest.mark.parametrize("reach", WIDTH)
def test_a_person_is_found_by_those_the_name_reaches(viewers, reach):
    profile = profile_of(viewers["owner"])
    profile.reach = {**profile.reach, "name": reach}
    profile.audience = profile.effective_audience()
    profile.save()
    for kind, viewer in viewers.items():
        if kind == "owner":
            continue
        stands = STANDS_AS.get(kind, kind)
        expected = WIDTH.index(reach) >= WIDTH.index(stands)
        assert can_see(viewer, profile) is expected, kind
        assert profile.shown_to(viewer).is_visible is expected, kind


def test_nothing_reaches_further_than_the_name(db):
    owner = a_member(reach={"name": "partnerships", "headline": "public"})
    profile = profile_of(owner)
    assert profile.reach_of("headline") == "partnerships"
    assert "headline" in profile.fields_at("partnerships")
    assert profile.shown_to(AnonymousUser()).headline == ""


def test_a_hidden_name_leaves_neither_name_nor_address(db):
    owner = a_member("Amina Kileo", reach={"name": "me"})
    shown = profile_of(owner).shown_to(a_member())
    assert (shown.name, shown.url, shown.photo_url) == ("A member", "", "")


def test_every_reach_has_its_own_fields(db):
    profile = profile_of(a_member())
    texts = [profile.fields_at(reach) for reach in WIDTH]
    assert frozenset().union(*texts) == frozenset(FIELDS)
    assert sum(map(len, texts)) == len(FIELDS)


def test_a_person_who_is_not_approved_is_shown_to_nobody(db):
    pending = profile_of(a_pending(country="NO"))
    assert not can_see(a_member(), pending)
    assert pending.shown_to(a_member()).country == ""
    assert can_see(pending.user, pending)


def test_the_page_shows_what_the_viewer_may_see(client, db):
    owner = a_member("Amina Kileo", country="TZ", city="Mwera", phone="+255 1")
    client.force_login(a_member())
    page = client.get(profile_of(owner).get_absolute_url()).content.decode()
    assert "Amina Kileo" in page
    assert "Tanzania" in page
    assert "Mwera" not in page and "+255 1" not in page and owner.email not in page


def test_the_page_is_missing_for_who_may_not_see_it(client, db):
    there = profile_of(a_member("Amina Kileo")).get_absolute_url()
    missing = reverse("people:person_detail", args=["nobody-here"])
    for method in (client.get, client.head, client.options):
        closed, absent = method(there), method(missing)
        assert closed.status_code == absent.status_code == 404
        assert closed.headers == absent.headers


def test_the_owner_sees_the_page_as_others_do(client, db):
    owner = a_member("Amina Kileo", city="Mwera", phone="+255 1")
    client.force_login(owner)
    there = profile_of(owner).get_absolute_url()
    assert "+255 1" in client.get(there).content.decode()
    as_member = client.get(there, {"as": "members"}).content.decode()
    assert "Mwera" not in as_member and "+255 1" not in as_member
    assert "Mwera" in client.get(there, {"as": "partnerships"}).content.decode()
    assert "Amina" not in client.get(there, {"as": "public"}).context["shown"].name


def test_others_cannot_look_through_other_eyes(client, db):
    owner = a_member("Amina Kileo", phone="+255 1")
    client.force_login(a_member())
    page = client.get(profile_of(owner).get_absolute_url(), {"as": "me"})
    assert "+255 1" not in page.content.decode()
