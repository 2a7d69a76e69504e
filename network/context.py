from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from network.languages import OWN_NAMES, UI_LANGUAGES

# What apps put into a person's own menu: function(user) -> MenuItem or None. They ask
# the database nothing: what they need is among `rights_of(user)`.
menu_rules = []

# Set by network.notifications: unread notifications of a user.
unread_counters = []


def site(request) -> dict:
    """What every template may use."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_demo": settings.DEMO,
        "ui_languages": [(code, OWN_NAMES[code]) for code in UI_LANGUAGES],
        "own_menu": SimpleLazyObject(lambda: _own_menu(user)),
        "person": SimpleLazyObject(lambda: _own_profile(user)),
        "unread_count": SimpleLazyObject(
            lambda: sum(count(user) for count in unread_counters)
        ),
    }


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    count: int = 0


def _own_menu(user) -> list[MenuItem]:
    if not getattr(user, "is_member", False):
        return []
    return [item for rule in menu_rules if (item := rule(user)) is not None]


def _own_profile(user):
    """With the photo, as its owner sees it; None for who has no profile."""
    profile = getattr(user, "profile", None)
    return profile and profile.shown_at("me")
