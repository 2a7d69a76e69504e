from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from network import live
from network.events import publish, subscribe
from network.people import presence  # noqa: F401 it registers
from network.people.events import (
    AccountChanged,
    InvitationSent,
    ProfileChanged,
    UserApplied,
    UserApproved,
    UserDeclined,
)
from network.people.letters import OWN, send_letter
from network.people.models import Invitation, Profile, User

RIGHTS = {"password", "is_active", "is_staff", "is_superuser"}


@receiver([post_save, post_delete], sender=User)
def announce_rights(instance, created=False, update_fields=None, **kwargs):
    """Django's admin and allauth own these writes; open pages are asked again."""
    if not created and (update_fields is None or RIGHTS & set(update_fields)):
        with transaction.atomic():
            publish(AccountChanged(user=instance.pk))


@receiver(post_delete, sender=Authenticator)
def announce_second_factor(instance, **kwargs):
    """Without one staff may have no rights of theirs."""
    with transaction.atomic():
        publish(AccountChanged(user=instance.user_id))


@receiver(email_confirmed)
def announce_application(request, email_address, **kwargs):
    """allauth owns this write; the queue for approval has one more from now on."""
    if email_address.user.status == User.Status.PENDING:
        with transaction.atomic():
            publish(UserApplied(user=email_address.user_id))


@subscribe(UserApproved, lane="mail")
def write_welcome(event):
    user = User.objects.filter(pk=event.user).first()
    if user is not None and user.is_member:
        send_letter(OWN["approved"], user.email, user.language, event)


@subscribe(UserDeclined, lane="mail")
def write_decline(event):
    user = User.objects.filter(pk=event.user).select_related("application").first()
    if user is not None and user.application.decision == "declined":
        about = {"reason": user.application.reason}
        send_letter(OWN["declined"], user.email, user.language, event, about)


@subscribe(InvitationSent, lane="mail")
def write_invitation(event):
    found = Invitation.objects.open().select_related("invited_by")
    invitation = found.filter(pk=event.invitation).first()
    if invitation is not None:
        about = {
            "inviter": str(invitation.invited_by),
            "message": invitation.message,
            "url": invitation.get_absolute_url(),
        }
        language = invitation.language
        send_letter(OWN["invited"], invitation.email, language, event, about)


@subscribe(ProfileChanged, lane="nudge")
def recheck_presence(event):
    """They may have chosen not to be seen, or by fewer."""
    user = Profile.objects.filter(pk=event.profile).values_list("user", flat=True)
    for pk in user:
        live.recheck(f"user.{pk}")
