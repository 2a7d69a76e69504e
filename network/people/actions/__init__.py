from network.people.actions.admission import (
    accept_invitation,
    apply,
    approve,
    decline,
    invite,
    leave,
    register,
    restore,
    suspend,
    withdraw_invitation,
)
from network.people.actions.mutes import mute, unmute
from network.people.actions.profiles import (
    block,
    change_profile,
    create_profile,
    remove_photo,
    set_photo,
    unblock,
)

__all__ = [
    "accept_invitation",
    "apply",
    "approve",
    "block",
    "change_profile",
    "create_profile",
    "decline",
    "invite",
    "leave",
    "mute",
    "register",
    "remove_photo",
    "restore",
    "set_photo",
    "suspend",
    "unblock",
    "unmute",
    "withdraw_invitation",
]
