from forums.models import Forum
from network.audience import keys, register_audiences
from network.exchange.models import OrganisationMembership, PartnershipMember

Role = OrganisationMembership.Role


@register_audiences
def moderated_forums(user):
    """A moderator holds the forum itself: what is kept for its moderators."""
    return keys("forum", user.moderated_forums.all(), "pk")


@register_audiences
def rooms_of_partnerships(user):
    """Partners' coordinators moderate their rooms, for as long as they are that."""
    acts = OrganisationMembership.objects.current().filter(
        person=user.pk, role__in=[Role.ADMINISTRATOR, Role.COORDINATOR]
    )
    theirs = PartnershipMember.objects.filter(
        organisation__in=acts.values("organisation")
    )
    rooms = Forum.objects.filter(partnership__in=theirs.values("partnership"))
    return keys("forum", rooms, "pk")
