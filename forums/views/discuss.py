from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums.conversations import about_of
from forums.models import Forum
from forums.permissions import can_start
from forums.reading import tree
from forums.views.shared import crumbs_of


@login_required
@require_safe
def discuss(request: HttpRequest) -> HttpResponse:
    """In which forum to talk about `?about=work.12`."""
    about = about_of(request.GET.get("about", ""), request.user)
    if about is None:
        raise Http404
    if not request.user.is_member:
        raise PermissionDenied
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    open_ones = [forum for forum in forums if can_start(request.user, forum)]
    context = {"about": about, "forums": tree(open_ones), "crumbs": crumbs_of()}
    return render(request, "forums/discuss.html", context)
