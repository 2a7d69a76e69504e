"""What a post said before: versions side by side, and removing one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums import actions
from forums.history import steps_of
from forums.permissions import can_moderate
from forums.views.shared import crumbs_of, find_post
from network.pagination import page_of


@require_safe
def post_history(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Seen by exactly those who see the post."""
    post = find_post(request, pk, number)
    versions = post.versions.select_related("written_by__profile")
    page = page_of(request, versions.order_by("-number"), per_page=10)
    context = {
        "post": post,
        "thread": post.thread,
        "page": page,
        "steps": steps_of(post, list(page.object_list), request.user, page.number == 1),
        "can_remove": can_moderate(request.user, post.thread.forum),
        "crumbs": crumbs_of(post.thread.forum),
    }
    return render(request, "forums/post_history.html", context)


@login_required
@require_POST
def version_remove(
    request: HttpRequest, pk: int, number: int, version: int
) -> HttpResponse:
    post = find_post(request, pk, number)
    if not can_moderate(request.user, post.thread.forum):
        raise PermissionDenied
    row = get_object_or_404(post.versions, number=version)
    actions.remove_version(row, request.user)
    messages.success(request, _("The text of that version is removed."))
    return redirect("forums:post_history", pk, number)
