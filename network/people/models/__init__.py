from network.people.models.admission import Application, Consent, Invitation
from network.people.models.mutes import Mute
from network.people.models.profiles import Block, Profile, Reach, ShownProfile
from network.people.models.users import User, UserManager

__all__ = [
    "Application",
    "Block",
    "Consent",
    "Invitation",
    "Mute",
    "Profile",
    "Reach",
    "ShownProfile",
    "User",
    "UserManager",
]
