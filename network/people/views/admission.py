from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from network.languages import country_name
from network.pagination import page_of
from network.people import actions, permissions
from network.people.actions.admission import is_for
from network.people.forms.admission import (
    ApplicationForm,
    DeclineForm,
    InvitationForm,
)
from network.people.models import Application, Invitation, User


@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """What is missing before someone is a member, and a form for what they can add."""
    user = request.user
    if user.is_member:
        return redirect("/")
    application = Application.objects.filter(user=user).first()
    form = ApplicationForm(request.POST or None, instance=application)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.apply(user, exchange=given["exchange"], why=given["why"])
        messages.success(request, _("Thank you. We read it and write to you."))
        return redirect("people:waiting")
    context = {"application": application, "form": form, "profile": user.profile}
    status = 422 if request.method == "POST" else 200
    return render(request, "people/waiting.html", context, status=status)


@login_required
def approval_list(request: HttpRequest) -> HttpResponse:
    _staff_only(request)
    rows = Application.objects.waiting().select_related("user__profile")
    page = page_of(request, rows.prefetch_related("user__emailaddress_set"))
    for application in page:
        application.missing = _missing(application)
    return render(request, "people/approval_list.html", {"page": page})


def _staff_only(request: HttpRequest) -> None:
    if not permissions.can_approve(request.user):
        raise Http404


def _missing(application: Application) -> list[str]:
    """What staff should wait for, or ask about, before they decide."""
    country = application.user.profile.country
    wanting = [
        (not _is_verified(application.user), _("The e-mail address is not confirmed")),
        (not application.exchange, _("No exchange is named")),
        (not country, _("No country is given")),
    ]
    return [text for missing, text in wanting if missing]


def _is_verified(user: User) -> bool:
    """From what was prefetched for the queue."""
    return any(address.verified for address in user.emailaddress_set.all())


@login_required
def approval_detail(request: HttpRequest, user_id: int) -> HttpResponse:
    """One application; approving and declining stand beside what the person wrote."""
    _staff_only(request)
    application = _application(user_id)
    form = DeclineForm()
    return _approval_page(request, application, form)


def _application(user_id: int) -> Application:
    rows = Application.objects.waiting().select_related("user__profile")
    return get_object_or_404(rows, user=user_id)


def _approval_page(request, application, form, status=200) -> HttpResponse:
    country = application.user.profile.country
    context = {
        "application": application,
        "person_applying": application.user,
        "country": country and country_name(country),
        "missing": _missing(application),
        "form": form,
    }
    return render(request, "people/approval_detail.html", context, status=status)


@login_required
@require_POST
def approval_approve(request: HttpRequest, user_id: int) -> HttpResponse:
    """A second click, or a colleague's, finds it done and says so."""
    _staff_only(request)
    user = get_object_or_404(User, pk=user_id, application__isnull=False)
    if not _is_verified(user):
        messages.error(request, _("The e-mail address is not confirmed yet."))
        return redirect("people:approval_detail", user_id)
    actions.approve(user, by=request.user)
    messages.success(request, _("%(name)s is a member.") % {"name": user})
    return redirect("people:approval_list")


@login_required
@require_POST
def approval_decline(request: HttpRequest, user_id: int) -> HttpResponse:
    _staff_only(request)
    application = _application(user_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _approval_page(request, application, form, status=422)
    actions.decline(application.user, request.user, form.cleaned_data["reason"])
    messages.success(request, _("The reason is sent."))
    return redirect("people:approval_list")


@login_required
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Those one has sent, and a form for one more."""
    if not permissions.can_invite(request.user):
        raise Http404
    form = InvitationForm(
        request.POST or None, initial={"language": request.LANGUAGE_CODE}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.invite(
            request.user,
            given["email"],
            language=given["language"],
            message=given["message"],
        )
        messages.success(request, _("The invitation is on its way."))
        return redirect("people:invitation_list")
    sent = Invitation.objects.filter(invited_by=request.user)
    context = {"form": form, "page": page_of(request, sent)}
    status = 422 if request.method == "POST" else 200
    return render(request, "people/invitation_list.html", context, status=status)


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    sent = Invitation.objects.filter(invited_by=request.user)
    actions.withdraw_invitation(get_object_or_404(sent, pk=invitation_id))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("people:invitation_list")


@never_cache
def invitation_detail(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the letter leads: what it is, and the way in.

    Whoever follows it has shown that the address is theirs.
    """
    found = Invitation.objects.of_token(token).select_related("invited_by__profile")
    invitation = found.first()
    if invitation is None:
        raise Http404
    user = request.user
    state = _state(invitation, user)
    if state == "new":
        request.session["invitation"] = token
        get_adapter().stash_verified_email(request, invitation.email)
    here = urlencode({"next": request.path})
    context = {
        "invitation": invitation,
        "state": state,
        "login_url": f"{reverse('account_login')}?{here}",
        "token": token,
    }
    return render(request, "people/invitation_detail.html", context)


def _state(invitation: Invitation, user) -> str:
    if not invitation.is_open:
        return "closed"
    if user.is_authenticated:
        return "mine" if is_for(invitation, user) else "other"
    known = User.objects.filter(email__iexact=invitation.email).exists()
    return "known" if known else "new"


@login_required
@require_POST
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.of_token(token))
    try:
        actions.accept_invitation(invitation, request.user)
    except ValidationError as error:
        if error.code == "other":
            raise PermissionDenied(error.message) from None
        messages.error(request, error.message)
        return redirect("people:invitation_detail", token)
    messages.success(request, _("Welcome."))
    return redirect("people:profile_edit")
