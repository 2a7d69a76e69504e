from django.db import models
from django.http import HttpRequest
from django.middleware.csrf import get_token
from markupsafe import Markup

from network.notifications.models import Level, Subscription
from network.notifications.targets import key_of
from network.quick import part


def follow_form(request: HttpRequest, row: models.Model) -> Markup:
    """How much one hears of a thread, forum, theme or person; nothing for non-members.

    Their level is asked for unless it is known: `row.follow_level`.
    """
    if not getattr(request.user, "is_member", False):
        return Markup("")
    level = getattr(row, "follow_level", None)
    context = {
        "target": key_of(row),
        "level": level or Subscription.objects.level_of(request.user, row),
        "levels": Level.choices,
        "next": request.POST.get("next") or request.get_full_path(),
        "csrf_token": get_token(request),
    }
    return part("notifications/_follow.jinja", context)
