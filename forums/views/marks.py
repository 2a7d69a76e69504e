"""Marking whole forums as read, and taking that back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from forums import actions
from forums.models import Forum
from forums.views.shared import find_forum
from network.moments import moment


@login_required
@require_POST
def forums_read(request: HttpRequest) -> HttpResponse:
    """All forums: what is written after the page was shown stays unread."""
    at = _mark(request, Forum.objects.visible_to(request.user))
    return redirect(reverse("forums:forum_list", query={"read": at.isoformat()}))


@login_required
@require_POST
def forum_read(request: HttpRequest, slug: str) -> HttpResponse:
    """A forum, and those below it."""
    forum = find_forum(request, slug)
    below = Forum.objects.visible_to(request.user).filter(parent=forum)
    at = _mark(request, [forum, *below])
    there = reverse("forums:forum_detail", args=[slug], query={"read": at.isoformat()})
    return redirect(there)


@login_required
@require_POST
def forums_unread(request: HttpRequest) -> HttpResponse:
    """Undo of either: back to the forum it was done in, if the reader still sees it."""
    at = moment(request.POST.get("read", ""))
    if at:
        actions.unmark_all_read(request.user, at)
    forums = Forum.objects.visible_to(request.user)
    forum = forums.filter(slug=request.POST.get("forum", "")).first()
    return redirect(forum or "forums:forum_list")


def _mark(request: HttpRequest, forums):
    seen = moment(request.POST.get("seen", ""))
    return actions.mark_all_read(request.user, forums, seen)
