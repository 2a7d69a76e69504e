from django import template
from django.db import models

from network.moments import when
from network.notifications.models import Level, Subscription
from network.notifications.targets import key_of

register = template.Library()


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow(context, row: models.Model) -> dict:
    """Buttons to follow a thread, forum, theme or person; nothing for non-members."""
    request = context["request"]
    user = request.user
    if not getattr(user, "is_member", False):
        return {}
    level = getattr(row, "follow_level", None)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "target": key_of(row),
        "level": level or Subscription.objects.level_of(user, row),
        "levels": Level.choices,
    }


register.filter("when", when)
