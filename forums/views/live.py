"""What open pages ask for after a nudge."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forums.filters import ThreadFilter
from forums.models import Forum, Thread
from forums.unread import came
from forums.views.shared import find_thread, whole_number
from network.news import since_asked
from network.people.presence import present

# A page asks again after as many seconds, and at most so often: of a crowd each asks
# less, so that together they ask no more.
PACE, EACH = 1.5, 0.05
AGAIN, AGAIN_WRITING = 60, 10
NAMED = 20


@require_safe
def thread_list_news(request: HttpRequest) -> HttpResponse:
    """How many threads came or go on since `?since=`; 204: none.

    Narrowed as the list that asks: `?forum=3&kind=question`, or as lists of all are.
    """
    since = since_asked(request)
    if "forum" in request.GET:
        forums = Forum.objects.visible_to(request.user)
        forum = get_object_or_404(forums, pk=whole_number(request, "forum"))
        threads = Thread.objects.visible_to(request.user).filter(forum=forum)
        kind = request.GET.get("kind", "")
        if kind in Thread.Kind.values:
            threads = threads.filter(kind=kind)
    else:
        threads = ThreadFilter(request.GET, request=request).qs
    new, going_on = came(threads, request.user, since)
    if not (new or going_on):
        return HttpResponse(status=204)
    context = {"new": new, "going_on": going_on, "all": new + going_on}
    return render(request, "forums/_list_news.html", context)


@require_safe
def thread_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else has the thread open, and who writes, as far as one may know."""
    thread = find_thread(request, pk)
    people = present(f"thread.{thread.pk}", request.user)
    shown = [(profile.shown_to(request.user), writes) for profile, writes in people]
    writers = [one for one, writes in shown if writes]
    context = {
        "here": [one for one, _writes in shown],
        "named": [one for one, _writes in shown[:NAMED]],
        "writers": writers,
        "pace": max(PACE, len(shown) * EACH),
        "again": max(AGAIN_WRITING if writers else AGAIN, len(shown) * EACH * 10),
    }
    return render(request, "forums/_here.html", context)
