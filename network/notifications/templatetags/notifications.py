from django import template
from django.db import models
from markupsafe import Markup

from network.moments import when
from network.notifications.following import follow_form

register = template.Library()


@register.simple_tag(takes_context=True)
def follow(context, row: models.Model) -> Markup:
    return follow_form(context["request"], row)


register.filter("when", when)
