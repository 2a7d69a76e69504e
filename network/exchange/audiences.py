"""What membership and placement grant, and who are peers."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Q, Value

from network.audience import keys, of, register_audiences, register_query
from network.exchange.models import (
    OrganisationMembership,
    Partnership,
    Placement,
    StaffAccess,
)
from network.people.models import User
from network.prepared import Prepared


@dataclass(frozen=True)
class Ties:
    """Ids of the organisations one works for, and of one's partnerships."""

    organisations: frozenset[int]
    partnerships: frozenset[int]


def _works(user_id):
    return OrganisationMembership.objects.current().filter(person=user_id).order_by()


def _placed(user_id):
    return Placement.objects.confirmed().filter(person=user_id).order_by()


@Prepared
def _pairs(user_id):
    """(organisation, partnership) of memberships, (None, partnership) of placements."""
    nowhere = Value(None, output_field=BigIntegerField())
    pairs = _works(user_id).values_list(
        "organisation", "organisation__partnership_members__partnership"
    )
    return pairs.union(_placed(user_id).values_list(nowhere, "round__partnership"))


def ties_of(user) -> Ties:
    """What memberships and confirmed placements give, read in one query a request."""
    if not hasattr(user, "_ties"):
        found = _pairs(user.pk)
        user._ties = Ties(
            frozenset(pair[0] for pair in found if pair[0]),
            frozenset(pair[1] for pair in found if pair[1]),
        )
    return user._ties


def partnerships_of(user) -> frozenset[int]:
    """Those of one's organisations, and those in whose rounds one was placed."""
    return ties_of(user).partnerships


@register_audiences
def of_organisations_and_partnerships(user):
    ties = ties_of(user)
    for pk in ties.organisations:
        yield of("organisation", pk)
    for pk in ties.partnerships:
        yield of("partnership", pk)


@register_query("audience", when=lambda user: user.acts_as_staff)
def of_staff_with_a_reason(user_id):
    taken = StaffAccess.objects.open().filter(user=user_id)
    return keys("partnership", taken, "partnership")


@register_query("peer", when=partnerships_of)
def people_of_my_partnerships(user_id):
    """Staff who took access with a reason share nothing: they are no peers."""
    works, placed = _works(user_id), _placed(user_id)
    mine = Partnership.objects.filter(
        Q(pk__in=works.values("organisation__partnership_members__partnership"))
        | Q(pk__in=placed.values("round__partnership"))
    ).values("pk")
    members = OrganisationMembership.objects.current().filter(
        organisation__partnership_members__partnership__in=mine
    )
    with_me = Placement.objects.confirmed().filter(round__partnership__in=mine)
    either = Q(pk__in=members.values("person")) | Q(pk__in=with_me.values("person"))
    return keys("peer", User.objects.filter(either), "pk")
