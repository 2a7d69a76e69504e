from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from network.events import deliver_events
from network.exchange import actions
from network.exchange.models import Organisation, OrganisationMembership, Placement
from tests.exchange.factories import (
    a_membership,
    a_partnership,
    a_placement,
    a_round,
    an_administrator,
    an_organisation,
)
from tests.people.factories import a_member, a_staff, profile_of

MANAGED = ["organisation_edit", "organisation_members", "placements_to_confirm"]
ANSWERS = {
    "name": "Mwera",
    "kind": "cooperative",
    "country": "TZ",
    "about": "We sort, dry and sell.",
    "about_language": "en",
    "audience": "members",
}


def url(name: str, *args) -> str:
    return reverse(f"exchange:{name}", args=args)


def test_the_list_shows_what_the_viewer_may_see_and_narrows(client, db):
    an_organisation("Closed to visitors", country="TZ", kind="company")
    an_organisation("Open", audience="public", country="NO")

    def names(**narrowed):
        page = client.get(url("organisation_list"), narrowed)
        return [item["title"] for item in page.context["items"]]

    assert names() == ["Open"]
    client.force_login(a_member())
    assert names() == ["Closed to visitors", "Open"]
    assert names(country="TZ") == names(kind="company") == ["Closed to visitors"]
    assert names(q="ope") == ["Open"]


def test_the_list_takes_a_constant_number_of_queries(
    client, db, django_assert_max_num_queries
):
    for _each in range(15):
        an_organisation(languages=["en"])
    client.force_login(a_member())
    client.get(url("organisation_list"))
    with django_assert_max_num_queries(12):
        client.get(url("organisation_list"))


def test_a_closed_page_and_a_missing_one_are_alike(client, db):
    there, missing = an_organisation("Mwera"), "mwira"
    for method in (client.get, client.head, client.options):
        closed = method(there.get_absolute_url())
        absent = method(url("organisation_detail", missing))
        assert closed.status_code == absent.status_code == 404
        assert closed.headers == absent.headers


def test_the_page_shows_people_and_partnerships_by_audience(client, db):
    organisation = an_organisation()
    open_one = a_partnership(
        "Open one",
        organisations=[organisation, an_organisation()],
        audience="members",
    )
    a_partnership("Closed one", organisations=[organisation, an_organisation()])
    a_membership(a_member("Amina Kileo"), organisation)
    a_membership(a_member("Shy Person", reach={"work": "me"}), organisation)
    client.force_login(a_member())
    page = client.get(organisation.get_absolute_url()).content.decode()
    assert "Amina Kileo" in page and open_one.name in page
    assert "Shy Person" not in page and "Closed one" not in page


@pytest.mark.parametrize("name", MANAGED)
def test_only_its_own_people_manage_an_organisation(client, db, name):
    organisation = an_organisation()
    there = url(name, organisation.slug)
    assert client.get(there).status_code == 302
    others = an_administrator(an_organisation())
    for user in (a_member(), a_member(of=organisation), others):
        client.force_login(user)
        assert client.get(there).status_code == 403
    client.force_login(an_administrator(organisation))
    assert client.get(there).status_code == 200
    if name != "placements_to_confirm":
        client.force_login(a_staff())
        assert client.get(there).status_code == 403


def test_staff_may_help_only_while_there_is_no_administrator(client, db):
    organisation = an_organisation()
    client.force_login(a_staff())
    assert client.get(url("organisation_edit", organisation.slug)).status_code == 200
    an_administrator(organisation)
    assert client.get(url("organisation_edit", organisation.slug)).status_code == 403


def test_its_administrators_change_the_page(client, db):
    organisation = an_organisation()
    client.force_login(an_administrator(organisation))
    there = url("organisation_edit", organisation.slug)
    changed = {"audience": "public", "languages": ["sw"], "website": "mwera.example"}
    answer = client.post(there, {**ANSWERS, **changed})
    assert answer.url == organisation.get_absolute_url()
    organisation.refresh_from_db()
    assert (organisation.audience, organisation.languages) == ("public", ["sw"])
    assert organisation.website == "https://mwera.example"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"audience": "staff"}, {"website": "javascript:alert(1)"}],
)
def test_bad_input_is_kept(client, db, wrong):
    organisation = an_organisation()
    client.force_login(an_administrator(organisation))
    there = url("organisation_edit", organisation.slug)
    page = client.post(there, {**ANSWERS, **wrong})
    assert page.status_code == 422
    assert "We sort, dry and sell." in page.content.decode()
    assert page.context["form"].errors.keys() == wrong.keys()


def test_the_logo_is_small_and_follows_the_page(client, db):
    out = BytesIO()
    Image.new("RGBA", (1200, 400), "teal").save(out, "PNG")
    organisation = an_organisation()
    actions.set_logo(organisation, SimpleUploadedFile("logo.png", out.getvalue()))
    there = url("organisation_logo", organisation.slug)
    assert client.get(there).status_code == 404
    client.force_login(a_member())
    answer = client.get(there)
    with Image.open(BytesIO(b"".join(answer.streaming_content))) as image:
        assert image.size == (480, 160)


def test_inviting_someone_to_a_role(client, db):
    organisation = an_organisation()
    client.force_login(an_administrator(organisation))
    there = url("organisation_members", organisation.slug)
    given = {"email": "ny@example.com", "role": "coordinator", "language": "en"}
    assert client.post(there, {**given, "email": "nobody"}).status_code == 422
    for _click in range(2):
        client.post(there, given)
    deliver_events()
    assert [message.to for message in mail.outbox] == [["ny@example.com"]]
    assert organisation.invitations.get().role == "coordinator"


def test_there_is_always_an_administrator(client, db):
    organisation = an_organisation()
    only = an_administrator(organisation)
    membership = only.memberships.get()
    with pytest.raises(ValidationError):
        actions.end_membership(membership)
    with pytest.raises(ValidationError):
        actions.change_role(membership, "staff", "")
    client.force_login(only)
    there = url("membership_end", organisation.slug, membership.pk)
    page = client.post(there, follow=True).content.decode()
    assert "needs an administrator" in page
    an_administrator(organisation)
    actions.end_membership(membership)
    assert organisation.memberships.current().count() == 1


def test_administrators_have_equal_rights(client, db):
    organisation = an_organisation()
    first, second = an_administrator(organisation), an_administrator(organisation)
    client.force_login(second)
    there = url("membership_change", organisation.slug, first.memberships.get().pk)
    client.post(there, {"role": "staff", "title": "Colleague"})
    assert first.memberships.get().role == "staff"


def test_memberships_of_others_are_out_of_reach(client, db):
    mine, theirs = an_organisation(), an_organisation()
    strange = a_membership(organisation=theirs)
    client.force_login(an_administrator(mine))
    for name in ("membership_change", "membership_end"):
        through_mine = url(name, mine.slug, strange.pk)
        through_theirs = url(name, theirs.slug, strange.pk)
        assert client.post(through_mine, {"role": "staff"}).status_code == 404
        assert client.post(through_theirs, {"role": "staff"}).status_code == 403
    assert OrganisationMembership.objects.current().filter(pk=strange.pk).exists()


def test_one_leaves_by_oneself(client, db):
    organisation = an_organisation()
    an_administrator(organisation)
    membership = a_membership(organisation=organisation)
    client.force_login(membership.person)
    client.post(url("membership_end", organisation.slug, membership.pk))
    assert not OrganisationMembership.objects.current().filter(pk=membership.pk)


# Placements: told by the participant, confirmed by a partner


def test_a_participant_tells_and_a_partner_confirms_in_a_round(client, db):
    host = an_organisation()
    partnership = a_partnership(organisations=[host, an_organisation()])
    round_ = a_round(partnership)
    participant = a_member("Amina Kileo")
    client.force_login(participant)
    told = {
        "from_country": "TZ",
        "to_country": "NO",
        "host": host.pk,
        "kind": "employee",
        "starts_on": "2023-02-13",
        "ends_on": "2024-02-09",
    }
    client.post(url("placement_add"), told)
    placement = Placement.objects.get(person=participant)
    assert placement.verified == "self"
    coordinator = a_membership(organisation=host, role="coordinator").person
    client.force_login(coordinator)
    queue = client.get(url("placements_to_confirm", host.slug)).content.decode()
    assert "Amina Kileo" in queue
    there = url("placement_confirm", host.slug, placement.pk)
    assert client.get(there).status_code == 200
    client.post(there, {"round": round_.pk})
    placement.refresh_from_db()
    assert (placement.verified, placement.round) == ("partner", round_)
    client.force_login(participant)
    assert client.get(partnership.get_absolute_url()).status_code == 200
    assert client.get(url("placement_edit", placement.pk)).status_code == 403


def test_nobody_confirms_their_own_exchange(client, db):
    host = an_organisation()
    coordinator = an_administrator(host)
    placement = a_placement(coordinator, host=host)
    client.force_login(coordinator)
    there = url("placement_confirm", host.slug, placement.pk)
    assert client.post(there, {}).status_code == 404
    placement.refresh_from_db()
    assert placement.verified == "self"


def test_a_round_of_others_cannot_be_given(client, db):
    host = an_organisation()
    placement, strange = a_placement(host=host), a_round(a_partnership())
    client.force_login(an_administrator(host))
    there = url("placement_confirm", host.slug, placement.pk)
    assert client.post(there, {"round": strange.pk}).status_code == 422
    with pytest.raises(ValidationError):
        actions.confirm_placement(placement, "partner", strange)


def test_placements_of_others_are_out_of_reach(client, db):
    placement = a_placement()
    client.force_login(a_member())
    for name in ("placement_edit", "placement_remove"):
        there = url(name, placement.pk)
        assert client.post(there).status_code == 404
    elsewhere = an_organisation()
    client.force_login(an_administrator(elsewhere))
    there = url("placement_confirm", elsewhere.slug, placement.pk)
    assert client.post(there, {}).status_code == 404


def test_coming_home_before_leaving_is_refused(client, db):
    client.force_login(a_member())
    told = {
        "from_country": "TZ",
        "to_country": "NO",
        "host_name": "Skarvøy Renewal",
        "kind": "employee",
        "starts_on": "2024-02-13",
        "ends_on": "2023-02-09",
    }
    page = client.post(url("placement_add"), told)
    assert page.status_code == 422
    assert "Skarvøy Renewal" in page.content.decode()


def test_the_profile_shows_the_line_of_the_exchange(client, db):
    host = an_organisation("Skarvøy", audience="members")
    placement = a_placement(a_member("Amina Kileo"), host=host, verified="norec")
    client.force_login(a_member())
    page = client.get(profile_of(placement.person).get_absolute_url()).content.decode()
    assert "Left Tanzania" in page and "Skarvøy" in page and "Came home" in page
    assert "36 months after" in page


def test_the_line_is_not_shown_to_whom_it_does_not_reach(client, db):
    person = a_member("Amina Kileo", reach={"exchange": "partnerships"})
    a_placement(person)
    client.force_login(a_member())
    page = client.get(profile_of(person).get_absolute_url()).content.decode()
    assert "Left Tanzania" not in page


def test_organisations_keep_their_address(db):
    slugs = [an_organisation("Mwera").slug for _each in range(2)]
    assert slugs == ["mwera", "mwera-2"]
    assert Organisation.objects.count() == 2
