"""Who is not shown to whom."""

from django.contrib.auth.models import Permission
from django.db.models import Case, F, Q, Value, When

from network.audience import keys, register_exclusions, register_query
from network.people.models import Block


@register_query("exclusion")
def blocked_either_way(user_id):
    """«user.9» for everyone this member blocked, and everyone who blocked them."""
    pairs = Block.objects.filter(Q(blocker=user_id) | Q(blocked=user_id))
    other = Case(When(blocker=user_id, then=F("blocked")), default=F("blocker"))
    return keys("user", pairs, other)


@register_exclusions
def hidden_from_my_country(user):
    """«hidden.TZ» for who lives there: it stands on those who hide from Tanzania."""
    profile = getattr(user, "profile", None)
    if profile is not None and profile.country:
        yield f"hidden.{profile.country}"


@register_query("right", when=lambda user: user.is_staff)
def editor(user_id):
    """«right.editor» for whom the editor lets in, themselves or by a group."""
    theirs = Q(user=user_id) | Q(group__user=user_id)
    return keys(
        "right",
        Permission.objects.filter(theirs, codename="access_admin"),
        Value("editor"),
    )
