"""What membership and placement grant, and who are peers."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Q, Value

from network.audience import keys, of, register_audiences, register_peers
from network.exchange.models import (
    OrganisationMembership,
    Placement,
    StaffAccess,
)
from network.people.models import User


@dataclass(frozen=True)
class Ties:
    """Ids of the organisations one works for, and of one's partnerships."""

    organisations: frozenset[int]
    partnerships: frozenset[int]


def ties_of(user) -> Ties:
    """What memberships and confirmed placements give, read in one query a request."""
    if not hasattr(user, "_ties"):
        works = OrganisationMembership.objects.current().filter(person=user.pk)
        placed = Placement.objects.confirmed().filter(person=user.pk)
        pairs = works.order_by().values_list(
            "organisation", "organisation__partnership_members__partnership"
        )
        nowhere = Value(None, output_field=BigIntegerField())
        pairs = pairs.union(
            placed.order_by().values_list(nowhere, "round__partnership")
        )
        found = list(pairs)
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


@register_audiences
def of_staff_with_a_reason(user):
    if not user.acts_as_staff:
        return []
    taken = StaffAccess.objects.open().filter(user=user.pk)
    return keys("partnership", taken, "partnership")


@register_peers
def people_of_my_partnerships(user):
    """Staff who took access with a reason share nothing: they are no peers."""
    mine = partnerships_of(user)
    if not mine:
        return []
    members = OrganisationMembership.objects.current().filter(
        organisation__partnership_members__partnership__in=mine
    )
    placed = Placement.objects.confirmed().filter(round__partnership__in=mine)
    either = Q(pk__in=members.values("person")) | Q(pk__in=placed.values("person"))
    return keys("peer", User.objects.filter(either), "pk")
