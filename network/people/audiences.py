"""Who is not shown to whom."""

from django.db.models import Case, F, Q, When

from network.audience import keys, register_exclusions
from network.people.models import Block


@register_exclusions
def blocked_either_way(user):
    """«user.9» for everyone this member blocked, and everyone who blocked them."""
    pairs = Block.objects.filter(Q(blocker=user.pk) | Q(blocked=user.pk))
    other = Case(When(blocker=user.pk, then=F("blocked")), default=F("blocker"))
    return keys("user", pairs, other)


@register_exclusions
def hidden_from_my_country(user):
    """«hidden.TZ» for who lives there: it stands on those who hide from Tanzania."""
    profile = getattr(user, "profile", None)
    if profile is not None and profile.country:
        yield f"hidden.{profile.country}"
