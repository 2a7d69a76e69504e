from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.audience import forget
from network.events import publish
from network.exchange.events import PlacementChanged
from network.exchange.models import Placement, Round
from network.people.models import User


@transaction.atomic
def save_placement(placement: Placement) -> Placement:
    """Add or change; what its own person says opens no partnership until confirmed."""
    others = Placement.objects.filter(pk=placement.pk).exclude(person=placement.person)
    before = list(others)  # it was somebody else's
    placement.save()
    for one in (*before, placement):
        _placement_changed(one)
    return placement


@transaction.atomic
def confirm_placement(
    placement: Placement, verified: str, round_: Round | None = None
) -> None:
    """A partner or staff says that it is so, and perhaps in which round it was."""
    organisations = {placement.sending_id, placement.host_id}
    if round_ is not None:
        members = round_.partnership.members.filter(organisation__in=organisations)
        if not members.exists():
            raise ValidationError(_("That round belongs to another partnership."))
        placement.round = round_
    placement.verified = verified
    placement.save(update_fields=["verified", "round"])
    _placement_changed(placement)


@transaction.atomic
def remove_placement(placement: Placement) -> None:
    gone = PlacementChanged(placement=placement.pk, user=placement.person_id)
    placement.delete()
    forget(placement.person)
    publish(gone)


def _placement_changed(placement: Placement) -> None:
    user: User = placement.person
    forget(user)
    publish(PlacementChanged(placement=placement.pk, user=user.pk))
