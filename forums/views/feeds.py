from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    conditional_page,
    require_POST,
    require_safe,
)

from forums import actions
from forums.feeds import ForumFeed, ThreadFeed, address_for, token_of
from forums.models import Forum
from forums.views.shared import crumbs_of, find_thread, whole_number
from network.audience import PUBLIC

# A reader of feeds that has it already is answered 304.
forum_feed = require_safe(conditional_page(ForumFeed()))
thread_feed = require_safe(conditional_page(ThreadFeed()))


@login_required
@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    """The person's own addresses: of `?thread=` or `?forum=`, if one is named."""
    if not request.user.is_member:
        raise PermissionDenied
    rows = []
    if "thread" in request.GET:
        thread = find_thread(request, whole_number(request, "thread"))
        rows = [thread, thread.forum]
    elif "forum" in request.GET:
        forums = Forum.objects.visible_to(request.user)
        rows = [get_object_or_404(forums, pk=whole_number(request, "forum"))]
    token = token_of(request.user)
    context = {
        "feeds": [(row, _address(row, token)) for row in rows],
        "crumbs": crumbs_of(),
    }
    return render(request, "forums/feed_list.html", context)


def _address(row, token: str) -> str:
    """What is public has one address for all: it names nobody."""
    audience = getattr(row, "forum", row).audience
    return address_for(row, "" if audience == PUBLIC else token)


@login_required
@require_POST
def feeds_renew(request: HttpRequest) -> HttpResponse:
    actions.renew_feeds(request.user)
    messages.success(
        request, _("Your feeds have new addresses. The old ones are void.")
    )
    return redirect("forums:feed_list")
