"""Who is not shown to whom."""

from django.db.models import Q

from network.audience import register_exclusions
from network.people.models import Block


@register_exclusions
def blocked_either_way(user):
    """«user.9» for everyone this member blocked, and everyone who blocked them."""
    pairs = Block.objects.filter(Q(blocker=user.pk) | Q(blocked=user.pk))
    for blocker, blocked in pairs.values_list("blocker", "blocked"):
        yield f"user.{blocked if blocker == user.pk else blocker}"


@register_exclusions
def hidden_from_my_country(user):
    """«hidden.TZ» for who lives there: it stands on those who hide from Tanzania."""
    profile = getattr(user, "profile", None)
    if profile is not None and profile.country:
        yield f"hidden.{profile.country}"
