from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from network.exchange import actions, permissions
from network.exchange.forms.placements import ConfirmForm, PlacementForm
from network.exchange.models import Organisation, Placement


@login_required
def placement_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, Placement(person=request.user))


@login_required
def placement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, as long as nobody has confirmed it."""
    placement = get_object_or_404(Placement, pk=pk, person=request.user)
    if placement.is_confirmed:
        raise PermissionDenied
    return _edit(request, placement)


def _edit(request: HttpRequest, placement: Placement) -> HttpResponse:
    form = PlacementForm(request.POST or None, instance=placement, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        actions.save_placement(form.instance)
        messages.success(request, _("Your exchange is saved."))
        return redirect(request.user.profile)
    context = {"form": form, "placement": placement}
    status = 422 if request.method == "POST" else 200
    return render(request, "exchange/placement_edit.html", context, status=status)


@login_required
@require_POST
def placement_remove(request: HttpRequest, pk: int) -> HttpResponse:
    placement = get_object_or_404(Placement, pk=pk, person=request.user)
    actions.remove_placement(placement)
    messages.success(request, _("The exchange is removed from your profile."))
    return redirect(request.user.profile)


@login_required
def placement_confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A coordinator says that it is so, and in which round it was."""
    organisations = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(organisations, slug=slug)
    if not permissions.can_confirm(request.user, organisation):
        raise PermissionDenied
    told = Placement.objects.of(organisation).select_related("person")
    placement = get_object_or_404(told, pk=pk)
    if placement.person_id == request.user.pk:
        raise Http404
    form = ConfirmForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            partner = Placement.Verified.PARTNER
            actions.confirm_placement(placement, partner, form.cleaned_data["round"])
        except ValidationError as error:
            form.add_error("round", error)
        else:
            messages.success(request, _("The exchange is confirmed."))
            return redirect("exchange:placements_to_confirm", organisation.slug)
    context = {"form": form, "placement": placement, "organisation": organisation}
    status = 422 if request.method == "POST" else 200
    return render(request, "exchange/placement_confirm.html", context, status=status)
