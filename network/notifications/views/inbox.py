from datetime import timedelta
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audience import zone_chosen_by
from network.back import back
from network.context import site
from network.htmx import is_htmx
from network.moments import moment, zone_here
from network.news import news_address, since_asked
from network.notifications import targets
from network.notifications.actions import mark_read, mark_unread, set_level
from network.notifications.following import follow_form
from network.notifications.kinds import shown_kinds, verbs_of
from network.notifications.models import Level, Notification
from network.notifications.reading import Gathered, Told, gathered, news_for, told
from network.pagination import page_of
from network.quick import part


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All, or with `?show=unread` what is new, with `?kind=` one kind of it.

    `?read=<moment>` offers to undo.
    """
    seen = timezone.now()
    show = "unread" if request.GET.get("show") == "unread" else ""
    kinds = {one.name: one for one in shown_kinds()}
    kind = kinds.get(request.GET.get("kind", ""))
    rows = news_for(request.user, bool(show), kind and verbs_of(kind.name))
    page = page_of(request, rows, per_page=30)
    known = [(one.pk, 0, one.created_at) for one in page.object_list]
    news = reverse("notifications:inbox_news")
    context = {
        "page": page,
        "news": news_address(news, seen, known, kind=kind and kind.name),
        "days": by_day(told(page.object_list, request.user)),
        "show": show,
        "kind": kind,
        "kinds": kinds.values(),
        "undo": moment(request.GET.get("read", "")),
        "zone_unknown": not zone_chosen_by(request.user),
        "elsewhere": [(_("Go to the forums"), "/forums/")],
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_safe
def inbox_news(request: HttpRequest) -> HttpResponse:
    """How much came since `?since=`, narrowed as the page that asks; 204: nothing."""
    since = since_asked(request)
    rows = Notification.objects.visible_to(request.user).in_inbox().unread()
    rows = rows.exclude(pk__in=since.known).filter(created_at__gt=since.at)
    kind = {one.name: one for one in shown_kinds()}.get(request.GET.get("kind", ""))
    if kind:
        rows = rows.filter(verb__in=verbs_of(kind.name))
    n = rows.count()
    if not n:
        return HttpResponse(status=204)
    return render(request, "notifications/_inbox_news.html", {"n": n})


@login_required
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for a page that was nudged."""
    context = {**site(request), "user": request.user}
    return HttpResponse(part("includes/_bell.jinja", context))


@login_required
@require_safe
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go where it points."""
    rows = Notification.objects.visible_to(request.user).filter(pk=pk)
    news = told(rows, request.user)
    if not news:
        raise Http404
    if request.method == "GET":
        mark_read(request.user, rows)
    return redirect(news[0].url)


@login_required
@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Notification.objects.visible_to(request.user).filter(pk=pk)
    get_object_or_404(rows)
    mark_read(request.user, rows)
    if is_htmx(request):
        news = gathered(told(rows.select_related("actor__profile"), request.user))
        context = {"news": news, "csrf_token": get_token(request)}
        return HttpResponse(part("notifications/_notifications.jinja", context))
    return redirect("notifications:inbox")


@login_required
@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = Notification.objects.visible_to(request.user).in_inbox()
    mark_read(request.user, mine, at=now)
    query = {"read": now.isoformat()}
    return redirect(reverse("notifications:inbox", query=query))


@login_required
@require_POST
def inbox_unread(request: HttpRequest) -> HttpResponse:
    """Undo of `inbox_read`."""
    at = moment(request.POST.get("read", ""))
    if at:
        mark_unread(request.user, at)
    return redirect("notifications:inbox")


@login_required
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Set how much one hears of a target: a thread, forum, theme or person."""
    row = targets.find(request.POST.get("target", ""), request.user)
    level = request.POST.get("level", "")
    if row is None or level not in Level.values:
        raise Http404
    set_level(request.user, row, level)
    if is_htmx(request):
        row.follow_level = level
        return HttpResponse(follow_form(request, row))
    return redirect(back(request, row.get_absolute_url()))


def by_day(news: list[Told]) -> list[tuple[str, list[Gathered]]]:
    """Under today, this week and earlier where the reader is, as they come."""
    zone = zone_here()
    today = timezone.localdate(timezone=zone)

    def day(one: Told) -> str:
        at = timezone.localdate(one.at, zone)
        if at == today:
            return _("Today")
        return _("This week") if at > today - timedelta(days=7) else _("Earlier")

    return [(name, gathered(group)) for name, group in groupby(news, day)]
