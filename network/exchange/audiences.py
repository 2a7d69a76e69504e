"""What membership and placement grant: organisation.N, partnership.N; and who are peers."""

from django.db.models import Q

from network.audience import of, register_audiences
from network.exchange.models import (
    OrganisationMembership,
    Partnership,
    Placement,
    StaffAccess,
)
from network.people.models import User
from network.people.peers import register_peers


def organisations_of(user):
    """Ids of the organisations one works for today, as a subquery."""
    mine = OrganisationMembership.objects.current().filter(person=user.pk)
    return mine.values("organisation")


def partnerships_of(user) -> frozenset[int]:
    """Those of one's organisations, and those in whose rounds one was placed."""
    if not hasattr(user, "_partnerships"):
        placed = Placement.objects.confirmed().filter(person=user.pk)
        mine = Q(members__organisation__in=organisations_of(user))
        mine |= Q(rounds__in=placed.values("round"))
        found = Partnership.objects.filter(mine).values_list("pk", flat=True)
        user._partnerships = frozenset(found)
    return user._partnerships


@register_audiences
def of_organisations(user):
    for row in organisations_of(user):
        yield of("organisation", row["organisation"])


@register_audiences
def of_partnerships(user):
    for pk in partnerships_of(user):
        yield of("partnership", pk)


@register_audiences
def of_staff_with_a_reason(user):
    if user.acts_as_staff:
        taken = StaffAccess.objects.open().filter(user=user.pk)
        for pk in taken.values_list("partnership", flat=True):
            yield of("partnership", pk)


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
    return User.objects.filter(either).values_list("pk", flat=True)
