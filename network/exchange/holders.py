"""Who holds an audience: the other way round from `audiences_of`, for counting."""

from django.db.models import Q

from network.audience import MEMBERS, PUBLIC, STAFF
from network.exchange.models import OrganisationMembership, Placement, StaffAccess
from network.people.models import User


def holders_of(audience: str):
    """Approved members who hold it; whoever else a rule grants it to is not counted."""
    members = User.objects.filter(status=User.Status.APPROVED, is_active=True)
    if audience in (PUBLIC, MEMBERS):
        return members
    if audience == STAFF:
        return members.filter(is_staff=True)
    kind, _dot, pk = audience.partition(".")
    works = OrganisationMembership.objects.current()
    if kind == "organisation":
        here = works.filter(organisation=pk)
        return members.filter(pk__in=here.values("person"))
    if kind == "partnership":
        here = works.filter(organisation__partnership_members__partnership=pk)
        placed = Placement.objects.confirmed().filter(round__partnership=pk)
        opened = StaffAccess.objects.open().filter(partnership=pk)
        either = Q(pk__in=here.values("person")) | Q(pk__in=placed.values("person"))
        return members.filter(either | Q(pk__in=opened.values("user")))
    return members.none()
