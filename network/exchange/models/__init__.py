from network.exchange.models.organisations import (
    Organisation,
    OrganisationInvitation,
    OrganisationMembership,
)
from network.exchange.models.partnerships import (
    Contribution,
    Gain,
    Goal,
    GoalVersion,
    Partnership,
    PartnershipMember,
    Round,
    StaffAccess,
)
from network.exchange.models.placements import Placement

__all__ = [
    "Contribution",
    "Gain",
    "Goal",
    "GoalVersion",
    "Organisation",
    "OrganisationInvitation",
    "OrganisationMembership",
    "Partnership",
    "PartnershipMember",
    "Placement",
    "Round",
    "StaffAccess",
]
