"""Names to choose from while one writes `@`."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forums.mentions import mentionable
from forums.models import Post
from forums.views.shared import find_forum, whole_number
from network.people.models import Profile
from network.text import slugify

MOST_OFFERED = 8
LONGEST_ASKED = 40


@login_required
@never_cache
@require_safe
def forum_people(request: HttpRequest, slug: str) -> HttpResponse:
    """`?q=ann&thread=41`: who may be mentioned there, those of the thread first."""
    forum = find_forum(request, slug)
    if not request.user.is_member:
        raise PermissionDenied
    asked = " ".join(request.GET.get("q", "")[:LONGEST_ASKED].split())
    wrote = Post.objects.filter(
        thread=whole_number(request, "thread"), thread__forum=forum, hidden_at=None
    )
    wrote = wrote.exclude(author=request.user.pk).values("author")
    found = mentionable(request.user, forum).select_related("user")
    found = found.filter(begins(asked)) if asked else found.filter(user__in=wrote)
    near = Case(When(user__in=wrote, then=Value(0)), default=Value(1))
    found = found.exclude(user=request.user.pk).order_by(near, *Profile._meta.ordering)
    people = [one.shown_to(request.user) for one in found[:MOST_OFFERED]]
    return render(request, "forums/_people.html", {"people": people})


def begins(asked: str) -> Q:
    """The handle or any of the names begins with what was typed."""
    typed = slugify(asked)
    handle = Q(slug__startswith=typed) | Q(slug__contains=f"-{typed}")
    names = Q(user__first_name__istartswith=asked) | Q(
        user__last_name__istartswith=asked
    )
    return names | handle if typed else names
