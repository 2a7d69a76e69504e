from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forums.filters import ThreadFilter, in_order, lists_for
from forums.models import Forum, Thread
from forums.permissions import can_moderate, can_run_rooms, can_start
from forums.reading import latest_threads, listed, tree, with_threads
from forums.reviewing import waiting_in
from forums.unread import news_of
from forums.views.shared import crumbs_of
from network.audience import PreparedFor
from network.moments import moment
from network.news import news_address
from network.notifications.models import Subscription
from network.notifications.targets import key_of
from network.pagination import page_of
from network.prepared import Rows


@PreparedFor
def _forum(reader, slug):
    forums = Forum.objects.visible_to(reader).filter(slug=slug)
    forums = Subscription.objects.with_level(forums, "forum", reader)
    pinned = Thread.objects.filter(forum=OuterRef("pk")).exclude(pinned_at=None)
    below = Forum.objects.filter(parent=OuterRef("pk"))
    return forums.annotate(has_pinned=Exists(pinned), has_below=Exists(below))


def _of_forum(reader, forum, *kinds):
    threads = Thread.objects.visible_to(reader).filter(forum=forum)
    if kinds:
        threads = threads.filter(kind__in=kinds)
    return in_order(threads)


@PreparedFor
def _loose(reader, forum, *kinds):
    return _of_forum(reader, forum, *kinds).filter(pinned_at=None)


@PreparedFor
def _pinned(reader, forum, *kinds):
    rows = _of_forum(reader, forum, *kinds).exclude(pinned_at=None)
    return rows.order_by("-pinned_at", "-last_post_at", "-pk")


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    seen = timezone.now()
    shown = _with_latest(request, _all_shown(request.user))
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
    found = _forum(request.user, slug)
    if not found:
        raise Http404
    forum = found[0]
    above, below = _family(request, forum)
    kind = request.GET.get("kind", "")
    kinds = [one for one in Thread.Kind.values if one == kind]
    page = page_of(request, Rows(_loose, request.user, forum.pk, *kinds))
    ids = page.object_list
    if page.number == 1 and forum.has_pinned:
        ids = _pinned(request.user, forum.pk, *kinds) + ids
    page.object_list = listed([pk for (pk,) in ids], request.user)
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
        "waiting": waiting_in(forum, forum, request.user),
    }
    return render(request, "forums/forum_detail.html", context)


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """Threads of all forums: latest, new, unread, unanswered, one's own."""
    seen = timezone.now()
    narrowed = ThreadFilter(request.GET, request=request)
    page = page_of(request, narrowed.rows)
    page.object_list = listed([pk for (pk,) in page.object_list], request.user)
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


@PreparedFor
def _all_shown(reader):
    forums = Forum.objects.visible_to(reader).filter(archived_at=None)
    return with_threads(forums, reader)


@PreparedFor
def _shown_below(reader, parent):
    forums = Forum.objects.visible_to(reader).filter(archived_at=None, parent=parent)
    return with_threads(forums, reader)


def _with_latest(request: HttpRequest, shown: list[Forum]) -> list[Forum]:
    """As the list shows them: with the latest thread, and how many are news."""
    if not shown:
        return []
    latest = latest_threads(shown)
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
    if not forum.has_below:
        return [], []
    return [], _with_latest(request, _shown_below(request.user, forum.pk))


def _begin(request: HttpRequest, forum: Forum) -> list[tuple[str, str]]:
    if not can_start(request.user, forum):
        return []
    return [(_("Start a thread"), reverse("forums:thread_new", args=[forum.slug]))]
