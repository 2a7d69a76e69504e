from django.db import transaction
from django.db.models import F

from forums.models import FeedAddress
from network.people.models import User


@transaction.atomic
def renew_feeds(user: User) -> None:
    """Whoever has an old address of this person's feeds reads no more there."""
    FeedAddress.objects.get_or_create(user=user)
    FeedAddress.objects.filter(user=user).update(version=F("version") + 1)
