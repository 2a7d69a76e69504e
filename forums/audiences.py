from django.db.models import Q

from forums.models import Forum, Held
from network.audience import keys, of, register_query
from network.exchange.models import OrganisationMembership, PartnershipMember

Role = OrganisationMembership.Role

HELD = "held."  # «held.3»: the third post that waits is their own


@register_query("audience")
def moderated_forums(user_id):
    """A moderator holds the forum itself: what is kept for its moderators."""
    return keys("forum", Forum.objects.filter(moderators=user_id), "pk")


@register_query("right")
def what_waits_of_theirs(user_id):
    return keys("right.held", Held.objects.waiting().filter(author=user_id), "pk")


@register_query("audience")
def rooms_of_partnerships(user_id):
    """Partners' coordinators moderate their rooms, for as long as they are that."""
    return keys("forum", _of_partnerships(user_id), "pk")


def moderated(user_id):
    """The forums of both."""
    theirs = Q(pk__in=_of_partnerships(user_id).values("pk"))
    chosen = Forum.moderators.through.objects.filter(user=user_id)
    return Forum.objects.filter(theirs | Q(pk__in=chosen.values("forum")))


def _of_partnerships(user_id):
    acts = OrganisationMembership.objects.current().filter(
        person=user_id, role__in=[Role.ADMINISTRATOR, Role.COORDINATOR]
    )
    theirs = PartnershipMember.objects.filter(
        organisation__in=acts.values("organisation")
    )
    return Forum.objects.filter(partnership__in=theirs.values("partnership"))


def seen_by(forum: Forum) -> list[str]:
    """Who holds one of these sees the forum, as `Forum.objects.visible_to` says."""
    return [forum.audience, of("forum", forum.pk)] if forum.audience else []
