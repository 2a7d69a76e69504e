from datetime import datetime, timedelta

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

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


@register.filter
def when(at: datetime) -> str:
    """How long ago within a day, the weekday within a week, the date before that."""
    now = timezone.localtime()
    at = timezone.localtime(at)
    if now - at < timedelta(days=1):
        return naturaltime(at)
    if now - at < timedelta(days=7):
        return date_format(at, "l")
    return date_format(at, "MONTH_DAY_FORMAT" if at.year == now.year else "DATE_FORMAT")
