"""What membership and placement grant, and who are peers."""

from django.db.models import Q

from network.audience import keys, register_query
from network.exchange.models import (
    OrganisationMembership,
    Partnership,
    PartnershipMember,
    Placement,
    StaffAccess,
)


def _works(user_id):
    return OrganisationMembership.objects.current().filter(person=user_id).order_by()


def _placed(user_id):
    return Placement.objects.confirmed().filter(person=user_id).order_by()


def _shared(user_id):
    """Places in partnerships of the organisations that one works for."""
    works = _works(user_id).values("organisation")
    return PartnershipMember.objects.filter(organisation__in=works)


def partnerships_of(user_id):
    """Those of one's organisations, and those in whose rounds one was placed."""
    either = Q(pk__in=_shared(user_id).values("partnership"))
    either |= Q(pk__in=_placed(user_id).values("round__partnership"))
    return Partnership.objects.filter(either).order_by().values("pk")


@register_query("audience")
def of_organisations(user_id):
    return keys("organisation", _works(user_id), "organisation")


@register_query("audience")
def of_their_partnerships(user_id):
    return keys("partnership", _shared(user_id), "partnership")


@register_query("audience")
def of_placements(user_id):
    placed = _placed(user_id).filter(round__isnull=False)
    return keys("partnership", placed, "round__partnership")


@register_query("audience", when=lambda user: user.acts_as_staff)
def of_staff_with_a_reason(user_id):
    taken = StaffAccess.objects.open().filter(user=user_id)
    return keys("partnership", taken, "partnership")


@register_query("peer")
def members_with_me(user_id):
    """Staff who took access with a reason share nothing: they are no peers."""
    members = OrganisationMembership.objects.current().filter(
        organisation__partnership_members__partnership__in=partnerships_of(user_id)
    )
    return keys("peer", members, "person")


@register_query("peer")
def placed_with_me(user_id):
    placed = Placement.objects.confirmed().filter(
        round__partnership__in=partnerships_of(user_id)
    )
    return keys("peer", placed, "person")
