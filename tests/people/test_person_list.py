import pytest
from django.urls import reverse

from network.people.actions import change_profile
from tests.exchange.factories import a_membership, a_placement, an_organisation
from tests.people.factories import a_member, a_pending, profile_of


def names(client, **narrowed) -> list[str]:
    page = client.get(reverse("people:person_list"), narrowed)
    assert page.status_code == 200
    return sorted(item["title"] for item in page.context["items"])


def test_members_find_each_other_and_visitors_those_who_are_public(client, db):
    a_member("Amina Kileo")
    a_member("Neema Lwitiko", reach={"name": "public"})
    a_pending("Petra Pending")
    assert names(client) == ["Neema Lwitiko"]
    client.force_login(a_member("Zed Viewer"))
    assert names(client) == ["Amina Kileo", "Neema Lwitiko", "Zed Viewer"]


def test_the_list_narrows_by_name_country_and_language(client, db):
    a_member("Amina Kileo", country="TZ", languages=["sw", "en"])
    a_member("Neema Lwitiko", country="MW", languages=["ny"])
    client.force_login(a_member("Zed Viewer"))
    assert names(client, q="kile ami") == ["Amina Kileo"]
    assert names(client, country="MW") == ["Neema Lwitiko"]
    assert names(client, language="sw") == ["Amina Kileo"]
    assert names(client, country="XX") != []  # a bad value narrows nothing


def test_who_was_placed_in_a_country_is_found_by_it(client, db):
    a_placement(a_member("Amina Kileo", country="TZ"), to_country="NO")
    client.force_login(a_member("Zed Viewer"))
    assert names(client, country="NO") == ["Amina Kileo"]


def test_an_organisation_finds_who_works_there_and_who_was_there(client, db):
    organisation = an_organisation("Mwera")
    a_membership(a_member("Amina Kileo"), organisation)
    a_placement(a_member("Ola Berg"), host=organisation)
    a_member("Nils Elsewhere")
    client.force_login(a_member("Zed Viewer"))
    assert names(client, organisation="mwera") == ["Amina Kileo", "Ola Berg"]


def test_a_filter_never_tells_what_is_hidden(client, db):
    hidden = dict.fromkeys(["country", "languages", "themes", "exchange", "work"], "me")
    shy = a_member("Amina Kileo", country="TZ", languages=["sw"], reach=hidden)
    organisation = an_organisation("Mwera")
    a_membership(shy, organisation)
    a_placement(shy, to_country="NO")
    client.force_login(a_member("Zed Viewer"))
    assert "Amina Kileo" in names(client)
    for narrowed in [
        {"country": "TZ"},
        {"country": "NO"},
        {"language": "sw"},
        {"organisation": "mwera"},
    ]:
        assert names(client, **narrowed) == []


def test_someone_hidden_from_a_country_is_not_there_for_it(client, db):
    shy = a_member("Amina Kileo", hidden_from=["NO"])
    client.force_login(a_member("Zed Viewer", country="NO"))
    assert names(client) == ["Zed Viewer"]
    assert client.get(profile_of(shy).get_absolute_url()).status_code == 404
    client.force_login(a_member("Yan Other", country="SE"))
    assert "Amina Kileo" in names(client)


def test_the_owner_hidden_from_their_own_country_still_finds_themselves(client, db):
    owner = a_member("Amina Kileo", country="NO", hidden_from=["NO"])
    client.force_login(owner)
    assert names(client) == ["Amina Kileo"]


def test_twenty_stand_on_a_page(client, db):
    for _number in range(22):
        a_member()
    client.force_login(a_member())
    assert len(names(client)) == 20
    assert len(names(client, page="2")) == 3
    assert len(names(client, page="nonsense")) == 20


def test_the_number_of_queries_does_not_grow(client, db, django_assert_max_num_queries):
    def people(number):
        for _each in range(number):
            user = a_member(country="TZ", languages=["sw", "en"])
            a_placement(user)
            a_membership(user, organisation)

    organisation = an_organisation()
    people(3)
    client.force_login(a_member(of=organisation))
    client.get(reverse("people:person_list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("people:person_list"))
    people(15)
    with django_assert_max_num_queries(12):
        client.get(reverse("people:person_list"))


def test_a_renamed_member_keeps_the_address(db):
    owner = a_member("Amina Kileo")
    profile = profile_of(owner)
    profile.user.last_name = "Strand"
    change_profile(profile)
    assert profile_of(owner).slug == "amina-kileo"


def test_two_of_the_same_name_have_two_addresses(db):
    slugs = [profile_of(a_member("Amina Kileo")).slug for _each in range(3)]
    assert slugs == ["amina-kileo", "amina-kileo-2", "amina-kileo-3"]
    assert profile_of(a_member("Me")).slug == "me-2"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Søren Åsæther", "soren-asaether"),
        ("Eiður Þórsson", "eidur-thorsson"),
        ("Łukasz Großmann", "lukasz-grossmann"),
        ("Đặng Nguyễn", "dang-nguyen"),
    ],
)
def test_an_address_keeps_every_letter_of_the_name(db, name, slug):
    assert profile_of(a_member(name)).slug == slug
