from django.conf import settings
from django.utils.functional import SimpleLazyObject

from network.languages import OWN_NAMES, UI_LANGUAGES

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
        "person": SimpleLazyObject(lambda: _own_profile(user)),
        "unread_count": SimpleLazyObject(
            lambda: sum(count(user) for count in unread_counters)
        ),
    }


def _own_profile(user):
    """With the photo, as its owner sees it; None for who has no profile."""
    profile = getattr(user, "profile", None)
    return profile and profile.shown_at("me")
