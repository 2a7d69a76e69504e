from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from network.exchange import actions, permissions
from network.exchange.filters import OrganisationFilter
from network.exchange.forms.organisations import (
    MemberInvitationForm,
    OrganisationForm,
    RoleForm,
)
from network.exchange.models import (
    Organisation,
    OrganisationMembership,
    Partnership,
    Placement,
)
from network.languages import country_name, language_name
from network.pagination import page_of
from network.people.models import Profile


def organisation_list(request: HttpRequest) -> HttpResponse:
    organisations = Organisation.objects.visible_to(request.user)
    chosen = OrganisationFilter(request.GET, queryset=organisations, request=request)
    rows = chosen.qs.distinct() if chosen.form.is_valid() else organisations
    page = page_of(request, rows)
    return render(
        request,
        "exchange/organisation_list.html",
        {
            "page": page,
            "items": [_item(organisation) for organisation in page],
            "form": chosen.form,
            "is_narrowed": any(request.GET.get(name) for name in chosen.filters),
        },
    )


def _item(organisation: Organisation) -> dict:
    where = [organisation.place, country_name(organisation.country)]
    spoken = ", ".join(language_name(code) for code in organisation.languages)
    facts = [", ".join(part for part in where if part), spoken]
    return {
        "kind": "organisation",
        "url": organisation.get_absolute_url(),
        "title": organisation.name,
        "meta": organisation.get_kind_display(),
        "facts": [fact for fact in facts if fact],
        "avatar": organisation,
    }


def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _visible(request, slug)
    partnerships = Partnership.objects.visible_to(request.user)
    return render(
        request,
        "exchange/organisation_detail.html",
        {
            "organisation": organisation,
            "colleagues": colleagues(request.user, organisation),
            "partnerships": partnerships.filter(organisations=organisation),
            "can_edit": permissions.can_edit(request.user, organisation),
            "can_confirm": permissions.can_confirm(request.user, organisation),
        },
    )


def _visible(request: HttpRequest, slug: str) -> Organisation:
    organisations = Organisation.objects.visible_to(request.user)
    return get_object_or_404(organisations, slug=slug)


def colleagues(viewer, organisation: Organisation) -> list:
    """(shown person, membership) of those who show the viewer where they work."""
    people = Profile.objects.visible_to(viewer).showing("work", viewer)
    rows = organisation.memberships.current().filter(person__profile__in=people)
    rows = rows.select_related("person__profile")
    return [(_shown(row, viewer), row) for row in rows]


def _shown(membership: OrganisationMembership, viewer):
    profile = membership.person.profile
    profile.user = membership.person
    return profile.shown_to(viewer)


def organisation_logo(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _visible(request, slug)
    if not organisation.logo:
        raise Http404
    response = FileResponse(organisation.logo.open(), content_type="image/png")
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _own(request: HttpRequest, slug: str) -> Organisation:
    """404 for who may not see it, 403 for who may see but not change it."""
    organisation = _visible(request, slug)
    if not permissions.can_edit(request.user, organisation):
        raise PermissionDenied
    return organisation


@login_required
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _own(request, slug)
    form = OrganisationForm(
        request.POST or None, request.FILES or None, instance=organisation
    )
    if request.method == "POST" and form.is_valid():
        _save(form)
        messages.success(request, _("The page is saved."))
        return redirect(organisation)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "organisation": organisation}
    return render(request, "exchange/organisation_edit.html", context, status=status)


def _save(form: OrganisationForm) -> None:
    given, organisation = form.cleaned_data, form.instance
    actions.change_organisation(organisation, themes=given["themes"])
    if given.get("logo"):
        actions.set_logo(organisation, given["logo"])
    elif given.get("remove_logo"):
        actions.set_logo(organisation, None)


@login_required
def organisation_members(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works here, with what role; invitations that wait; a form for one more."""
    organisation = _own(request, slug)
    form = MemberInvitationForm(
        request.POST or None, initial={"language": request.LANGUAGE_CODE}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.invite_member(
            organisation,
            request.user,
            given["email"],
            given["role"],
            language=given["language"],
            message=given["message"],
        )
        messages.success(request, _("The invitation is on its way."))
        return redirect("exchange:organisation_members", organisation.slug)
    status = 422 if request.method == "POST" else 200
    return _members_page(request, organisation, form, status)


def _members_page(request, organisation, form, status=200) -> HttpResponse:
    memberships = organisation.memberships.current().select_related("person")
    invitations = organisation.invitations.filter(
        invitation__accepted_at=None, invitation__withdrawn_at=None
    )
    context = {
        "organisation": organisation,
        "memberships": memberships,
        "invitations": invitations.select_related("invitation"),
        "roles": OrganisationMembership.Role.choices,
        "form": form,
    }
    return render(request, "exchange/organisation_members.html", context, status=status)


def _membership(organisation: Organisation, pk: int) -> OrganisationMembership:
    current = organisation.memberships.current().select_related("person")
    return get_object_or_404(current, pk=pk)


@login_required
@require_POST
def membership_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = _own(request, slug)
    membership = _membership(organisation, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a role."))
        blank = MemberInvitationForm()
        return _members_page(request, organisation, blank, status=422)
    try:
        given = form.cleaned_data
        actions.change_role(membership, given["role"], given["title"])
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The role is changed."))
    return redirect("exchange:organisation_members", organisation.slug)


@login_required
@require_POST
def membership_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """By an administrator, or by the person themselves."""
    organisation = _visible(request, slug)
    membership = _membership(organisation, pk)
    is_own = membership.person_id == request.user.pk
    if not (is_own or permissions.can_edit(request.user, organisation)):
        raise PermissionDenied
    try:
        actions.end_membership(membership)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The membership has ended."))
    if is_own:
        return redirect(organisation)
    return redirect("exchange:organisation_members", organisation.slug)


@login_required
def placements_to_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """What participants say of this organisation, for its coordinators to confirm."""
    organisation = _visible(request, slug)
    if not permissions.can_confirm(request.user, organisation):
        raise PermissionDenied
    told = Placement.objects.of(organisation).filter(verified=Placement.Verified.SELF)
    context = {
        "organisation": organisation,
        "placements": told.select_related("person", "sending", "host"),
    }
    return render(request, "exchange/placements_to_confirm.html", context)
