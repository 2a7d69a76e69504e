"""Who shares a partnership with whom. The exchange app knows; it registers the rule."""

from collections.abc import Callable, Iterable

_rules: list[Callable[..., Iterable[int]]] = []


def register_peers(function):
    """Decorator: function(user) yields ids of who shares a partnership with user."""
    _rules.append(function)
    return function


def peers_of(user) -> frozenset[int]:
    """Ids of the user's peers, read once a request; nobody has any before approval."""
    if not getattr(user, "is_member", False):
        return frozenset()
    if not hasattr(user, "_peers"):
        user._peers = frozenset(pk for rule in _rules for pk in rule(user))
    return user._peers
