from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forums.filters import ThreadFilter, lists_for
from forums.models import Forum, Thread
from forums.permissions import (
    can_start,
)
from forums.reading import (
    byline_of,
    latest_threads,
    tree,
    with_replies,
    with_threads,
)
from forums.unread import with_unread
from forums.views.shared import crumbs_of
from network.notifications.models import Subscription
from network.pagination import page_of


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    shown = list(with_threads(forums, request.user))
    latest = latest_threads(shown, request.user)
    for forum in shown:
        forum.latest = latest.get(forum.newest)
    ways_in = [
        (_("Join the network"), reverse("account_signup")),
        (_("Sign in"), reverse("account_login")),
    ]
    context = {
        "forums": tree(shown),
        "ways_in": ways_in,
        "lists": lists_for(request.user),
    }
    return render(request, "forums/forum_list.html", context)


@require_safe
def forum_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Threads, newest post first; `?kind=question` shows one kind."""
    forums = Forum.objects.visible_to(request.user)
    forums = Subscription.objects.with_level(forums, "forum", request.user)
    forum = get_object_or_404(forums, slug=slug)
    kind = request.GET.get("kind", "")
    threads = Thread.objects.visible_to(request.user).filter(forum=forum)
    if kind in Thread.Kind.values:
        threads = threads.filter(kind=kind)
    page = page_of(request, threads.order_by("-last_post_at", "-pk"))
    page.object_list = _listed(request, page.object_list)
    context = {
        "forum": forum,
        "page": page,
        "kind": kind,
        "kinds": Thread.Kind.choices,
        "can_start": can_start(request.user, forum),
        "crumbs": crumbs_of(),
        "begin": _begin(request, forum),
    }
    return render(request, "forums/forum_detail.html", context)


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """Threads of all forums: latest, new, unread, unanswered, one's own."""
    threads = Thread.objects.visible_to(request.user).filter(forum__archived_at=None)
    narrowed = ThreadFilter(request.GET, threads, request=request)
    page = page_of(request, narrowed.qs.order_by("-last_post_at", "-pk"))
    page.object_list = _listed(request, page.object_list.select_related("forum"))
    context = {
        "page": page,
        "narrowed": narrowed,
        "lists": lists_for(request.user),
        "crumbs": crumbs_of(),
        "onward": [(_("See the latest"), reverse("forums:thread_list"))],
    }
    return render(request, "forums/thread_list.html", context)


def _begin(request: HttpRequest, forum: Forum) -> list[tuple[str, str]]:
    if not can_start(request.user, forum):
        return []
    return [(_("Start a thread"), reverse("forums:thread_new", args=[forum.slug]))]


def _listed(request: HttpRequest, threads) -> list[Thread]:
    """As a list shows them: answers, what is unread, who began."""
    rows = with_unread(with_replies(threads, request.user), request.user)
    found = list(rows.select_related("author__profile"))
    for thread in found:
        thread.byline = byline_of(thread, request.user)
    return found
