"""What one follows or has muted, all in one place."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from network.notifications import targets
from network.notifications.actions import set_level
from network.notifications.models import Level, Subscription
from network.pagination import page_of

KINDS = {
    "thread": _("Threads"),
    "forum": _("Forums"),
    "theme": _("Themes"),
    "person": _("People"),
}


@login_required
@require_safe
def subscription_list(request: HttpRequest) -> HttpResponse:
    """`?kind=`, the newest first; `?changed=thread.41&before=watching` offers undo."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "thread"
    page = _followed(request, kind)
    context = {
        "page": page,
        "kind": kind,
        "kinds": KINDS.items(),
        "levels": Level.choices,
        "undo": _undo(request),
        "elsewhere": [(_("Go to the forums"), "/forums/")],
    }
    return render(request, "notifications/subscription_list.html", context)


@login_required
@require_POST
def subscription_change(request: HttpRequest) -> HttpResponse:
    key, level = request.POST.get("target", ""), request.POST.get("level", "")
    row = targets.find(key, request.user)
    if row is None or level not in Level.values:
        raise Http404
    before = Subscription.objects.level_of(request.user, row)
    set_level(request.user, row, level)
    kind = key.partition(".")[0]
    query = {"kind": kind if kind in KINDS else "thread"}
    if "undo" not in request.POST:
        query |= {"changed": key, "before": before}
    return redirect(reverse("notifications:subscription_list", query=query))


def _followed(request: HttpRequest, kind: str) -> Page:
    """A page of (row, title, level), of what one may see."""
    mine = Subscription.objects.filter(user=request.user.pk)
    mine = mine.filter(target__startswith=f"{kind}.").exclude(level=Level.NORMAL)
    mine = mine.order_by("-created_at", "-pk").values_list("target", "level")
    levels = {int(target.partition(".")[2]): level for target, level in mine}
    target = targets.target_of_kind(kind)
    seen = target.visible_to(request.user).filter(pk__in=levels)
    seen = set(seen.values_list("pk", flat=True))
    page = page_of(request, [pk for pk in levels if pk in seen])
    rows = targets.rows_of(kind, page.object_list, request.user)
    page.object_list = [
        (rows[pk], target.title(rows[pk]), levels[pk])
        for pk in page.object_list
        if pk in rows
    ]
    return page


def _undo(request: HttpRequest) -> dict | None:
    """What was changed just now, if it is there to be seen."""
    key, before = request.GET.get("changed", ""), request.GET.get("before", "")
    row = targets.find(key, request.user) if before in Level.values else None
    if row is None:
        return None
    title = targets.target_of_kind(targets.kind_of(row)).title(row)
    return {"target": key, "level": before, "title": title}
