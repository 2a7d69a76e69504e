"""What the exchange app announces."""

from network.events import Event


class OrganisationChanged(Event):
    organisation: int


class MembershipChanged(Event):
    user: int
    organisation: int


class PartnershipChanged(Event):
    partnership: int


class PlacementChanged(Event):
    placement: int
    user: int


class StaffAccessTaken(Event):
    access: int
