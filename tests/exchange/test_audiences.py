"""What membership, placement and a reason grant, and what ends with them."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from network.audience import audiences_of, can_see, peers_of, pending_restrictions
from network.exchange import actions
from network.exchange.models import StaffAccess
from tests.exchange.factories import (
    a_membership,
    a_partnership,
    a_placement,
    a_round,
    an_organisation,
)
from tests.people.factories import a_member, a_pending, a_staff, as_seen


def holds(user) -> set[str]:
    """Audiences of organisations and partnerships, as a new request reads them."""
    kinds = ("organisation.", "partnership.")
    return {key for key in audiences_of(as_seen(user)) if key.startswith(kinds)}


def test_a_member_of_an_organisation_holds_it_and_its_partnerships(db):
    organisation = an_organisation()
    partnership = a_partnership(organisations=[organisation, an_organisation()])
    a_partnership()
    user = a_member(of=organisation)
    assert holds(user) == {organisation.own_audience, partnership.own_audience}


def test_what_a_membership_grants_ends_with_it(db):
    organisation = an_organisation()
    a_partnership(organisations=[organisation, an_organisation()])
    membership = a_membership(organisation=organisation)
    actions.end_membership(membership)
    assert holds(membership.person) == set()


def test_a_membership_begins_on_its_day(db):
    membership = a_membership()
    membership.starts_on = timezone.localdate() + timedelta(days=1)
    membership.save()
    assert holds(membership.person) == set()


def test_who_was_placed_holds_the_partnership_once_it_is_confirmed(db):
    partnership = a_partnership()
    placement = a_placement(round=a_round(partnership), verified="self")
    assert holds(placement.person) == set()
    actions.confirm_placement(placement, "partner")
    assert holds(placement.person) == {partnership.own_audience}
    actions.remove_placement(placement)
    assert holds(placement.person) == set()


def test_who_is_not_approved_holds_nothing(db):
    organisation = an_organisation()
    a_partnership(organisations=[organisation, an_organisation()])
    pending = a_pending()
    actions.add_member(organisation, pending)
    assert audiences_of(as_seen(pending)) == {"public", f"user.{pending.pk}"}
    assert peers_of(as_seen(pending)) == frozenset()


def test_peers_share_a_partnership(db):
    partnership = a_partnership()
    first, second = (member.organisation for member in partnership.partners())
    here, there = a_member(of=first), a_member(of=second)
    placed, stranger = a_member(of=partnership), a_member()
    assert peers_of(here) == {here.pk, there.pk, placed.pk}
    assert peers_of(stranger) == frozenset()


def test_staff_see_a_partnership_only_with_a_reason_and_for_a_week(db):
    partnership, staff = a_partnership(), a_staff()
    assert not can_see(as_seen(staff), partnership)
    access = actions.take_staff_access(staff, partnership, "A complaint of 3 May")
    assert can_see(as_seen(staff), partnership)
    assert peers_of(as_seen(staff)) == frozenset()
    # SQLite's clock tells milliseconds: within one, what has just ended would hold.
    ended = timezone.now() - timedelta(seconds=1)
    StaffAccess.objects.filter(pk=access.pk).update(until=ended)
    assert not can_see(as_seen(staff), partnership)


def test_who_is_no_longer_staff_loses_what_was_taken(db):
    partnership, staff = a_partnership(), a_staff()
    actions.take_staff_access(staff, partnership, "A complaint")
    staff.is_staff = False
    staff.save()
    assert not can_see(as_seen(staff), partnership)


def test_a_partnership_is_the_partners_own_until_each_has_agreed(db):
    partnership = a_partnership()
    first, second = (member.organisation for member in partnership.partners())
    insider, outsider = a_member(of=first), a_member()
    actions.propose_audience(partnership, first, insider, "public")
    assert can_see(as_seen(insider), partnership)
    assert not can_see(outsider, partnership)
    actions.agree(partnership, second, insider, "public")
    assert can_see(outsider, partnership) and can_see(AnonymousUser(), partnership)
    assert partnership.own_audience not in pending_restrictions()


def test_one_no_is_enough_and_holds_in_search_at_once(db):
    partnership = a_partnership(audience="public")
    organisation = partnership.partners()[0].organisation
    actions.withdraw_agreement(partnership, organisation)
    assert not can_see(AnonymousUser(), partnership)
    assert partnership.own_audience in pending_restrictions()


def test_a_wider_wish_asks_all_anew_and_a_narrower_one_holds(db):
    partnership = a_partnership(audience="members")
    first, second = (member.organisation for member in partnership.partners())
    by = a_member()
    actions.propose_audience(partnership, first, by, "public")
    assert partnership.audience == partnership.own_audience
    actions.agree(partnership, second, by, "public")
    assert partnership.audience == "public"
    actions.propose_audience(partnership, second, by, "members")
    assert partnership.audience == "members"


def test_a_new_partner_has_not_agreed(db):
    partnership = a_partnership(audience="public")
    actions.add_partner(partnership, an_organisation())
    assert partnership.audience == partnership.own_audience
    assert partnership.own_audience in pending_restrictions()


def test_an_organisation_that_narrows_is_hidden_in_search_at_once(db):
    organisation = an_organisation(audience="public")
    assert can_see(AnonymousUser(), organisation)
    organisation.audience = "members"
    actions.change_organisation(organisation)
    assert not can_see(AnonymousUser(), organisation)
    assert organisation.own_audience in pending_restrictions()


def test_geometry_follows_from_where_the_partners_are(db):
    def between(*countries):
        partners = [an_organisation(country=country) for country in countries]
        return str(a_partnership(organisations=partners).geometry)

    assert between("NO", "TZ") == "North–South"
    assert between("TZ", "MW") == "South–South"
    assert between("NO", "TZ", "MW") == "Multilateral"
    assert between("TZ", "MW", "MG") == "South–South, multilateral"
