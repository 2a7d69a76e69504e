from network.people.models import User


def can_approve(user) -> bool:
    """Staff decide who comes in."""
    return bool(getattr(user, "acts_as_staff", False))


def can_invite(user) -> bool:
    """To the network as such; organisations' administrators invite to their own."""
    return can_approve(user)


def can_suspend(user, other: User) -> bool:
    """Nobody suspends themselves; only an administrator another administrator."""
    below = user.is_superuser or not other.is_superuser
    return can_approve(user) and user.pk != other.pk and below
