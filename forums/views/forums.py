from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forums.filters import ThreadFilter, lists_for
from forums.models import Forum, Thread
from forums.permissions import can_moderate, can_run_rooms, can_start
from forums.reading import (
    byline_of,
    count_replies,
    latest_threads,
    tree,
    with_threads,
)
from forums.unread import news_of, with_unread
from forums.views.shared import crumbs_of
from network.moments import moment
from network.news import news_address
from network.notifications.models import Subscription
from network.notifications.targets import key_of
from network.pagination import page_of

PINNED_FIRST = [F("pinned_at").desc(nulls_last=True)]


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    seen = timezone.now()
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    shown = _with_latest(request, forums)
    latest = [forum.latest for forum in shown if forum.latest]
    ways_in = [
        (_("Join the network"), reverse("account_signup")),
        (_("Sign in"), reverse("account_login")),
    ]
    context = {
        "forums": tree(shown),
        "has_news": any(forum.news for forum in shown),
        "seen": seen,
        "news": _news_of(seen, latest),
        "undo": moment(request.GET.get("read", "")),
        "can_run_rooms": can_run_rooms(request.user),
        "ways_in": ways_in,
        "lists": lists_for(request.user),
    }
    return render(request, "forums/forum_list.html", context)


@require_safe
def forum_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Threads, pinned ones first, then by newest post; `?kind=question`: one kind."""
    seen = timezone.now()
    forums = Forum.objects.visible_to(request.user)
    forums = Subscription.objects.with_level(forums, "forum", request.user)
    forum = get_object_or_404(forums, slug=slug)
    above, below = _family(request, forum)
    kind = request.GET.get("kind", "")
    threads = Thread.objects.visible_to(request.user).filter(forum=forum)
    if kind in Thread.Kind.values:
        threads = threads.filter(kind=kind)
    loose = threads.filter(pinned_at=None)
    page = page_of(request, loose.order_by("-last_post_at", "-pk"))
    pinned = threads.exclude(pinned_at=None) if page.number == 1 else threads.none()
    rows = threads.filter(
        Q(pk__in=[thread.pk for thread in page.object_list]) | Q(pk__in=pinned)
    )
    page.object_list = _listed(
        request, rows.order_by(*PINNED_FIRST, "-last_post_at", "-pk")
    )
    unread = [thread for thread in page.object_list if thread.unread or thread.is_new]
    context = {
        "forum": forum,
        "below": below,
        "page": page,
        "has_news": bool(unread) or any(one.news for one in below),
        "seen": seen,
        "target": key_of(forum),
        "news": _news_of(seen, page.object_list, forum=forum.pk, kind=kind),
        "undo": moment(request.GET.get("read", "")),
        "kind": kind,
        "kinds": Thread.Kind.choices,
        "can_start": can_start(request.user, forum),
        "can_edit_room": can_moderate(request.user, forum),
        "crumbs": crumbs_of(*above),
        "begin": _begin(request, forum),
    }
    return render(request, "forums/forum_detail.html", context)


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """Threads of all forums: latest, new, unread, unanswered, one's own."""
    seen = timezone.now()
    threads = Thread.objects.visible_to(request.user).filter(forum__archived_at=None)
    narrowed = ThreadFilter(request.GET, threads, request=request)
    page = page_of(request, narrowed.qs.order_by("-last_post_at", "-pk"))
    page.object_list = _listed(request, page.object_list.select_related("forum"))
    wished = {name: request.GET.get(name) for name in ("show", "theme", "language")}
    context = {
        "page": page,
        "news": _news_of(seen, page.object_list, **wished),
        "narrowed": narrowed,
        "lists": lists_for(request.user),
        "crumbs": crumbs_of(),
        "onward": [(_("See the latest"), reverse("forums:thread_list"))],
    }
    return render(request, "forums/thread_list.html", context)


def _news_of(seen, threads: list[Thread], **narrowed) -> str:
    """Where the page asks what came after it was made."""
    known = [(one.pk, one.last_number, one.last_post_at) for one in threads]
    return news_address(reverse("forums:thread_list_news"), seen, known, **narrowed)


def _with_latest(request: HttpRequest, forums) -> list[Forum]:
    """As the list shows them: threads counted, the latest one, how many are news."""
    shown = list(with_threads(forums, request.user))
    if not shown:
        return []
    latest = latest_threads(shown, request.user)
    news = news_of([forum.pk for forum in shown], request.user)
    for forum in shown:
        forum.latest = latest.get(forum.newest)
        forum.news = news.get(forum.pk, 0)
    return shown


def _family(request: HttpRequest, forum: Forum) -> tuple[list[Forum], list[Forum]]:
    """The forum above, if the reader sees it, and those below."""
    seen = Forum.objects.visible_to(request.user)
    if forum.parent_id:
        return list(seen.filter(pk=forum.parent_id)), []
    return [], _with_latest(request, seen.filter(parent=forum, archived_at=None))


def _begin(request: HttpRequest, forum: Forum) -> list[tuple[str, str]]:
    if not can_start(request.user, forum):
        return []
    return [(_("Start a thread"), reverse("forums:thread_new", args=[forum.slug]))]


def _listed(request: HttpRequest, threads) -> list[Thread]:
    """As a list shows them: answers, what is unread, who began."""
    rows = with_unread(threads, request.user).select_related("author__profile")
    found = list(rows)
    count_replies(found, request.user)
    for thread in found:
        thread.byline = byline_of(thread, request.user)
    return found
