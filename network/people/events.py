"""What the people app announces."""

from network.events import Event


class ProfileChanged(Event):
    profile: int


class UserApproved(Event):
    user: int


class UserDeclined(Event):
    user: int


class UserSuspended(Event):
    user: int


class UserRestored(Event):
    user: int


class UserLeft(Event):
    user: int


class AccountChanged(Event):
    """Password, staff's rights or the account itself are not as before."""

    user: int


class UserApplied(Event):
    """The address is verified or the application renewed: the queue has one more."""

    user: int


class InvitationSent(Event):
    invitation: int


class InvitationAccepted(Event):
    invitation: int
    user: int


class MuteChanged(Event):
    muter: int


class BlockChanged(Event):
    blocker: int
    blocked: int
