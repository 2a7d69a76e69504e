"""Who sees that somebody is there: whoever may know their name, if they wish it."""

from network import presence
from network.audience import audiences_of, exclusions_of, of, peers_of
from network.people.models import Profile
from network.people.models.profiles import PEERS


def describe(user) -> dict | None:
    """What `notices` asks of them; None: they are no member, or not to be seen."""
    profile = getattr(user, "profile", None)
    if profile is None or not (user.is_member and profile.shows_presence):
        return None
    hidden = [of("hidden", country) for country in profile.hidden_from]
    keys = [of("user", user.pk), *hidden]
    return {"pk": user.pk, "keys": keys, "audience": profile.audience}


def notices(viewer, person: dict) -> bool:
    """As `Profile.objects.visible_to`, of others, from what is in memory already."""
    if not getattr(viewer, "is_member", False) or viewer.pk == person["pk"]:
        return False
    peer = person["audience"] == PEERS and person["pk"] in peers_of(viewer)
    near = peer or person["audience"] in audiences_of(viewer)
    return near and exclusions_of(viewer).isdisjoint(person["keys"])


def present(target: str, viewer) -> list[tuple[Profile, bool]]:
    """(profile, whether they write) of those others there whom one may know."""
    if not getattr(viewer, "is_member", False):
        return []
    there = presence.here(target)
    there.pop(viewer.pk, None)
    people = Profile.objects.visible_to(viewer).filter(
        user__in=list(there), shows_presence=True
    )
    if not there:
        return []
    return [(one, there[one.user_id]) for one in people.select_related("user")]


presence.describe, presence.notices = describe, notices
