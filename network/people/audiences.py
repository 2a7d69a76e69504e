"""Who is not shown to whom, and who would rather not hear of whom."""

from django.contrib.auth.models import Permission
from django.db.models import Case, F, Q, Value, When

from network.audience import (
    exclusions_of,
    keys,
    register_exclusions,
    register_query,
)
from network.people.models import Block, Mute


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


@register_query("exclusion")
def muted(user_id):
    """«muted.9» for everyone this member would rather not hear of: stands on no row."""
    return keys("muted", Mute.objects.filter(muter=user_id), "muted")


def muted_by(user) -> set[int]:
    """Ids of those this reader has muted; no query, they are among the exclusions."""
    names = (key.partition(".") for key in exclusions_of(user))
    return {int(pk) for kind, _dot, pk in names if kind == "muted"}
