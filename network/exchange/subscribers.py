from network.events import subscribe
from network.exchange.actions import add_member
from network.exchange.models import OrganisationInvitation
from network.people.events import InvitationAccepted
from network.people.models import User


@subscribe(InvitationAccepted)
def give_the_promised_role(event):
    """Said twice, `add_member` changes nothing the second time."""
    promised = OrganisationInvitation.objects.select_related("organisation")
    row = promised.filter(invitation=event.invitation).first()
    user = User.objects.filter(pk=event.user).first()
    if row is not None and user is not None:
        add_member(row.organisation, user, row.role)
