"""People one would rather not read: muted, listed, and taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.back import back
from network.people import actions
from network.people.models import Mute, Profile


@login_required
@require_POST
def person_mute(request: HttpRequest, slug: str) -> HttpResponse:
    profile = get_object_or_404(Profile.objects.visible_to(request.user), slug=slug)
    if not request.user.is_member:
        raise PermissionDenied
    try:
        actions.mute(request.user, profile.user)
    except ValidationError as error:
        raise PermissionDenied(error.message) from None
    row = Mute.objects.get(muter=request.user, muted=profile.user)
    said = _(
        "You have muted %(name)s. You no longer hear of what they write, and they are "
        "not told."
    )
    name = profile.shown_to(request.user).name
    undo = reverse("people:mute_remove", args=[row.pk])
    messages.success(request, said % {"name": name}, extra_tags=undo)
    return redirect(back(request, profile.get_absolute_url()))


@login_required
@require_safe
def muted_list(request: HttpRequest) -> HttpResponse:
    """Whom I muted, which only I can see, and take back."""
    mutes = Mute.objects.filter(muter=request.user).order_by("-created_at")
    rows = [
        (mute, mute.muted.profile.shown_to(request.user).name)
        for mute in mutes.select_related("muted__profile")
    ]
    return render(request, "people/muted_list.html", {"mutes": rows})


@login_required
@require_POST
def mute_remove(request: HttpRequest, mute_id: int) -> HttpResponse:
    mute = get_object_or_404(Mute, pk=mute_id, muter=request.user)
    actions.unmute(request.user, mute.muted)
    messages.success(request, _("You hear of what they write again."))
    return redirect(back(request, reverse("people:muted_list")))
