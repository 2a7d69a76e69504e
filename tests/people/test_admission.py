"""Approval, suspension, invitations: who may, what follows, what happens twice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from network.audience import audiences_of, can_see, pending_restrictions
from network.events import deliver_events
from network.exchange.actions import invite_member
from network.exchange.models import OrganisationMembership
from network.models import OutboxEvent
from network.people import actions
from network.people.models import Invitation, User
from tests.exchange.factories import an_administrator, an_organisation
from tests.people.factories import (
    a_member,
    a_pending,
    a_staff,
    a_superuser,
    as_seen,
    profile_of,
)

INSIDE = ["people:approval_list", "people:invitation_list"]
OF_ONE = [
    "people:approval_detail",
    "people:approval_approve",
    "people:approval_decline",
]


def events(kind: str) -> int:
    return OutboxEvent.objects.filter(kind=kind).count()


@pytest.mark.parametrize("name", INSIDE)
def test_the_queue_is_not_there_for_members(client, db, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(a_member())
    assert client.get(reverse(name)).status_code == 404
    client.force_login(a_pending())
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", OF_ONE)
def test_a_member_can_decide_about_nobody(client, db, name):
    waiting = a_pending()
    client.force_login(a_member())
    there = reverse(name, args=[waiting.pk])
    method = client.get if name.endswith("detail") else client.post
    assert method(there).status_code == 404
    client.force_login(waiting)
    assert method(there).status_code == 404
    assert as_seen(waiting).status == "pending"


def test_the_queue_says_what_is_missing_whoever_waits_longest_first(client, db):
    a_pending("Old Oda", exchange="", country="NO")
    a_pending("New Nils", verified=False)
    client.force_login(a_staff())
    page = client.get(reverse("people:approval_list")).content.decode()
    assert page.index("Old Oda") < page.index("New Nils")
    assert "No exchange is named" in page
    assert "The e-mail address is not confirmed" in page


def test_the_queue_takes_a_constant_number_of_queries(
    client, db, django_assert_max_num_queries
):
    client.force_login(a_staff())
    for _each in range(8):
        a_pending(country="NO")
    client.get(reverse("people:approval_list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("people:approval_list"))


def test_approving_twice_is_approving_once(client, db):
    waiting = a_pending()
    client.force_login(a_staff())
    for _click in range(2):
        answer = client.post(reverse("people:approval_approve", args=[waiting.pk]))
        assert answer.status_code == 302
    assert events("people.UserApproved") == 1
    assert as_seen(waiting).application.decision == "approved"


def test_nobody_is_let_in_under_an_address_that_is_not_confirmed(client, db):
    waiting = a_pending(verified=False)
    client.force_login(a_staff())
    there = reverse("people:approval_approve", args=[waiting.pk])
    page = client.post(there, follow=True).content.decode()
    assert "not confirmed yet" in page
    assert as_seen(waiting).status == "pending"


def test_a_no_needs_words_which_the_person_gets(client, db):
    waiting = a_pending()
    client.force_login(a_staff())
    there = reverse("people:approval_decline", args=[waiting.pk])
    assert client.post(there, {"reason": ""}).status_code == 422
    client.post(there, {"reason": "We found no exchange of that name."})
    deliver_events()
    assert "We found no exchange of that name." in mail.outbox[-1].body
    assert as_seen(waiting).status == "pending"
    client.force_login(waiting)
    page = client.get(reverse("people:waiting")).content.decode()
    assert "We found no exchange of that name." in page


def test_whoever_was_declined_can_ask_again(db):
    waiting, staff = a_pending(), a_staff()
    actions.decline(waiting, staff, "Which exchange?")
    actions.apply(waiting, exchange="Malawi 2019", why="")
    actions.approve(waiting, staff)
    assert as_seen(waiting).is_member


def test_a_letter_is_sent_again_under_the_same_name(db):
    actions.approve(a_pending(), a_staff())
    deliver_events()
    name = mail.outbox[-1].extra_headers["Message-ID"]
    assert name.startswith("<people.UserApproved.")


def test_a_suspended_member_is_out_at_once(client, db):
    member = a_member()
    client.force_login(member)
    assert client.get(reverse("people:profile_edit")).status_code == 200
    profile = profile_of(member)
    actions.suspend(member, by=a_staff())
    assert client.get(reverse("people:profile_edit")).status_code == 302
    gone = as_seen(member)
    assert audiences_of(gone) <= {"public", f"user.{gone.pk}"}
    assert not can_see(a_member(), profile_of(member))
    assert f"person.{profile.pk}" in pending_restrictions()
    assert events("people.UserSuspended") == 1


def test_a_restored_member_is_there_again(db):
    member = a_member()
    actions.suspend(member, by=a_staff())
    actions.restore(member)
    assert can_see(a_member(), profile_of(member))


def test_who_may_suspend_whom(client, db):
    member, staff, superuser = a_member(), a_staff(), a_superuser()
    there = reverse("people:person_suspend", args=[profile_of(member).slug])
    client.force_login(a_member())
    assert client.post(there).status_code == 404
    client.force_login(staff)
    own = reverse("people:person_suspend", args=[profile_of(staff).slug])
    above = reverse("people:person_suspend", args=[profile_of(superuser).slug])
    assert client.post(own).status_code == client.post(above).status_code == 403
    assert client.post(there).status_code == 302
    assert as_seen(member).status == "suspended"


# Invitations


def test_an_invited_person_signs_up_and_is_in(client, db):
    organisation = an_organisation()
    by = an_administrator(organisation)
    row = invite_member(organisation, by, "Ny@Example.com", "coordinator")
    deliver_events()
    letter = mail.outbox[-1]
    assert letter.to == ["ny@example.com"]
    there = row.invitation.get_absolute_url()
    assert there in letter.body
    client.get(there)
    answers = {
        "first_name": "Ny",
        "email": "ny@example.com",
        "country": "NO",
        "exchange": "Mwera 2023",
        "password1": "nine-brown-goats",
        "adult": "on",
        "terms": "on",
        "privacy": "on",
    }
    client.post(reverse("account_signup"), answers)
    deliver_events()
    user = User.objects.get(email="ny@example.com")
    assert user.is_member
    assert client.get(reverse("people:profile_edit")).status_code == 200
    membership = OrganisationMembership.objects.get(person=user)
    assert (membership.organisation, membership.role) == (organisation, "coordinator")


def test_another_address_than_the_invited_one_waits_like_all_others(client, db):
    invitation = actions.invite(a_staff(), "ny@example.com")
    client.get(invitation.get_absolute_url())
    answers = {
        "first_name": "Else",
        "email": "else@example.com",
        "country": "NO",
        "exchange": "Mwera 2023",
        "adult": "on",
        "terms": "on",
        "privacy": "on",
    }
    client.post(reverse("account_signup"), answers)
    assert not User.objects.get(email="else@example.com").is_member
    assert Invitation.objects.open().exists()


def test_a_member_accepts_with_one_click_and_it_works_once(client, db):
    member = a_member(email="ny@example.com")
    organisation = an_organisation()
    row = invite_member(
        organisation, an_administrator(organisation), member.email, "staff"
    )
    client.force_login(member)
    there = reverse("people:invitation_accept", args=[row.invitation.token])
    for _click in range(2):
        assert client.post(there).status_code == 302
    deliver_events()
    assert OrganisationMembership.objects.filter(person=member).count() == 1
    assert events("people.InvitationAccepted") == 1


def test_an_invitation_is_for_nobody_else(client, db):
    invitation = actions.invite(a_staff(), "ny@example.com")
    other = a_pending()
    client.force_login(other)
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert "for someone else" in page
    there = reverse("people:invitation_accept", args=[invitation.token])
    assert client.post(there).status_code == 403
    assert as_seen(other).status == "pending"


@pytest.mark.parametrize("state", ["expired", "withdrawn", "used"])
def test_a_closed_invitation_opens_nothing(client, db, state):
    now = timezone.now()
    invitation = actions.invite(a_staff(), "ny@example.com")
    changes = {
        "expired": {"expires_at": now - timedelta(days=1)},
        "withdrawn": {"withdrawn_at": now},
        "used": {"accepted_at": now},
    }
    Invitation.objects.filter(pk=invitation.pk).update(**changes[state])
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert "no longer valid" in page
    assert "account_verified_email" not in client.session
    waiting = a_pending()
    User.objects.filter(pk=waiting.pk).update(email="ny@example.com")
    with pytest.raises(ValidationError):
        actions.accept_invitation(invitation, as_seen(waiting))


def test_a_forged_link_is_no_page(client, db):
    invitation = actions.invite(a_staff(), "ny@example.com")
    there = reverse("people:invitation_detail", args=[invitation.token[:-2] + "xx"])
    assert client.get(there).status_code == 404


def test_a_suspended_member_is_not_let_in_by_an_invitation(db):
    member, staff = a_member(email="ny@example.com"), a_staff()
    actions.suspend(member, by=staff)
    invitation = actions.invite(staff, "ny@example.com")
    actions.accept_invitation(invitation, as_seen(member))
    assert as_seen(member).status == "suspended"


def test_inviting_twice_sends_one_letter(db):
    staff = a_staff()
    for _click in range(2):
        actions.invite(staff, "ny@example.com")
    deliver_events()
    assert len(mail.outbox) == 1


def test_one_withdraws_only_what_one_has_sent(client, db):
    invitation = actions.invite(a_staff(), "ny@example.com")
    client.force_login(a_staff())
    there = reverse("people:invitation_withdraw", args=[invitation.pk])
    assert client.post(there).status_code == 404
    client.force_login(invitation.invited_by)
    assert client.post(there).status_code == 302
    assert not Invitation.objects.open().exists()


def test_a_bad_address_is_kept_for_correction(client, db):
    client.force_login(a_staff())
    answers = {"email": "no address", "message": "Hello Amina", "language": "en"}
    page = client.post(reverse("people:invitation_list"), answers)
    assert page.status_code == 422
    assert "Hello Amina" in page.content.decode()
