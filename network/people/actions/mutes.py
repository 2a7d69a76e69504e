from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.audience import forget
from network.events import publish
from network.people.events import MuteChanged
from network.people.models import Mute, User


@transaction.atomic
def mute(muter: User, muted: User) -> None:
    """From now on they hear nothing of the other, who is not told."""
    if muter.pk == muted.pk:
        raise ValidationError(_("You cannot mute yourself."))
    _row, created = Mute.objects.get_or_create(muter=muter, muted=muted)
    _changed(muter, created)


@transaction.atomic
def unmute(muter: User, muted: User) -> None:
    gone, _rows = Mute.objects.filter(muter=muter, muted=muted).delete()
    _changed(muter, bool(gone))


def _changed(muter: User, is_new: bool) -> None:
    forget(muter)
    if is_new:
        publish(MuteChanged(muter=muter.pk))
