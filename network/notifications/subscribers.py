"""Nudges, letters and rechecked rights."""

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver

from network import live
from network.context import unread_counters
from network.events import publish, subscribe
from network.exchange.events import (
    MembershipChanged,
    PartnershipChanged,
    PlacementChanged,
    StaffAccessTaken,
)
from network.notifications import letters
from network.notifications.events import (
    InboxRead,
    LetterDue,
    MailDue,
    Notified,
    SignedOut,
)
from network.notifications.models import Letter, Notification
from network.notifications.planning import plan_alone, replan
from network.notifications.reading import unread_of
from network.people.events import (
    AccountChanged,
    BlockChanged,
    MuteChanged,
    ProfileChanged,
    UserLeft,
    UserRestored,
    UserSuspended,
)
from network.people.models import User

unread_counters.append(unread_of)


@subscribe(Notified, lane="nudge")
def nudge_recipients(event):
    """Only open pages are reached, and each asks first whether its reader may know."""
    rows = Notification.objects.filter(
        verb=event.verb, target_kind=event.target_kind, target_id=event.target_id
    )
    live.nudge_inboxes(list(rows.unread().values_list("recipient", flat=True)))


@subscribe(MuteChanged, lane="nudge")
def nudge_muter(event):
    """What they have not read counts differently."""
    live.nudge_inboxes([event.muter])


@subscribe(InboxRead, lane="nudge")
def nudge_reader(event):
    live.nudge_inboxes([event.user])


@subscribe(LetterDue, lane="mail")
def send_gathered(event):
    letters.send(event.letter)


@subscribe(ProfileChanged)
def plan_anew(event):
    """Where somebody lives tells their hours, unless they have chosen a zone."""
    waiting = Letter.objects.open().filter(recipient__profile=event.profile)
    for person in User.objects.filter(letters__in=waiting).distinct():
        replan(person)


@subscribe(MailDue, lane="mail")
def send_letter(event):
    """From before letters gathered: such news goes with the next one."""
    plan_alone(event.notification)


@subscribe(
    AccountChanged, UserSuspended, UserLeft, UserRestored, MembershipChanged,
    PlacementChanged, lane="nudge",
)  # fmt: skip
def recheck_one(event):
    live.recheck(f"user.{event.user}")


@subscribe(BlockChanged, lane="nudge")
def recheck_both(event):
    live.recheck(f"user.{event.blocker}")
    live.recheck(f"user.{event.blocked}")


@subscribe(PartnershipChanged, StaffAccessTaken, lane="nudge")
def recheck_all(event):
    live.recheck(live.EVERYONE)


@receiver(user_logged_out)
def announce_end_of_session(request, user, **kwargs):
    if user and request.session.session_key:
        digest = live.session_digest(request.session.session_key)
        with transaction.atomic():
            publish(SignedOut(session=digest, user=user.pk))


@subscribe(SignedOut, lane="nudge")
def end_sockets(event):
    live.end_session(event.user, event.session)
