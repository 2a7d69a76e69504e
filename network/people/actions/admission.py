from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audience import forget
from network.events import Event, publish
from network.people.actions.profiles import announce, create_profile
from network.people.events import (
    InvitationAccepted,
    InvitationSent,
    UserApplied,
    UserApproved,
    UserDeclined,
    UserLeft,
    UserRestored,
    UserSuspended,
)
from network.people.models import Application, Consent, Invitation, User

Status = User.Status


@transaction.atomic
def register(
    user: User, *, country: str, exchange: str, why: str, consents: Iterable[str]
) -> Application:
    """Someone new: a profile that nobody sees yet, an application, their consents."""
    create_profile(user, country=country)
    Consent.objects.bulk_create(
        Consent(user=user, purpose=purpose, version=settings.CONSENT_VERSION)
        for purpose in consents
    )
    return Application.objects.create(user=user, exchange=exchange, why=why)


@transaction.atomic
def apply(user: User, *, exchange: str, why: str) -> Application:
    """Say more about oneself while waiting; after a no, it is asked anew."""
    asked = {"exchange": exchange, "why": why, "decision": "", "reason": ""}
    application, _new = Application.objects.update_or_create(user=user, defaults=asked)
    publish(UserApplied(user=user.pk))
    return application


@transaction.atomic
def approve(user: User, by: User) -> None:
    """Let someone in; a second click finds it done."""
    user = _locked(user)
    if user.status != Status.PENDING:
        return
    _decide(user, Application.Decision.APPROVED, by)
    _set_status(user, Status.APPROVED, UserApproved(user=user.pk))


@transaction.atomic
def decline(user: User, by: User, reason: str) -> None:
    user = _locked(user)
    if user.status != Status.PENDING:
        return
    _decide(user, Application.Decision.DECLINED, by, reason)
    publish(UserDeclined(user=user.pk))


@transaction.atomic
def suspend(user: User, by: User) -> None:
    """Shut someone out: sessions, audiences and profile end with this commit."""
    user = _locked(user)
    if user.pk == by.pk:
        raise ValidationError(_("You cannot suspend yourself."))
    if user.is_superuser and not by.is_superuser:
        raise ValidationError(_("Only an administrator can do that."))
    if user.status != Status.SUSPENDED:
        user.is_active = False
        _set_status(user, Status.SUSPENDED, UserSuspended(user=user.pk))


@transaction.atomic
def restore(user: User) -> None:
    user = _locked(user)
    if user.status == Status.SUSPENDED:
        user.is_active = True
        _set_status(user, Status.APPROVED, UserRestored(user=user.pk))


@transaction.atomic
def leave(user: User) -> None:
    """Somebody goes: out of sight at once; erasure follows."""
    user = _locked(user)
    if user.status != Status.LEAVING:
        user.is_active = False
        _set_status(user, Status.LEAVING, UserLeft(user=user.pk))


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _decide(user: User, decision: str, by: User, reason: str = "") -> None:
    decided = {"decision": decision, "reason": reason, "decided_by": by}
    decided["decided_at"] = timezone.now()
    Application.objects.update_or_create(user=user, defaults=decided)


def _set_status(user: User, status: str, event: Event) -> None:
    user.status = status
    user.save(update_fields=["status", "is_active"])
    forget(user)
    profile = getattr(user, "profile", None)
    if profile is not None:
        profile.audience = profile.effective_audience()
        profile.save(update_fields=["audience"])
        announce(profile)
    publish(event)


@transaction.atomic
def invite(
    by: User, email: str, *, language: str = "", message: str = ""
) -> Invitation:
    """Write to an address; an open invitation to it is not sent twice by the same."""
    email = email.lower()
    again = Invitation.objects.open().filter(email=email, invited_by=by).first()
    if again is not None:
        return again
    invitation = Invitation.objects.create(
        email=email,
        invited_by=by,
        message=message,
        language=language or by.language or settings.LANGUAGE_CODE,
    )
    publish(InvitationSent(invitation=invitation.pk))
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation) -> None:
    open_one = Invitation.objects.open().filter(pk=invitation.pk)
    open_one.update(withdrawn_at=timezone.now())


@transaction.atomic
def accept_invitation(invitation: Invitation, user: User) -> None:
    """Whoever the letter was for comes in; it works once, and for nobody else."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open:
        raise ValidationError(_("This invitation is no longer valid."), code="closed")
    if not is_for(invitation, user):
        raise ValidationError(_("This invitation is for someone else."), code="other")
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    approve(user, by=invitation.invited_by)
    publish(InvitationAccepted(invitation=invitation.pk, user=user.pk))


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether a verified address of the user is the one invited."""
    if user.email.lower() == invitation.email:
        return True
    addresses = EmailAddress.objects.filter(user=user.pk, verified=True)
    return addresses.filter(email__iexact=invitation.email).exists()
