from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from forums.models import Draft
from network.schedule import every

KEPT = timedelta(days=365)
DISCARDED = timedelta(days=1)


@every(hours=24)
def forget_old_drafts() -> None:
    """A year after they were last written in; discarded ones soon."""
    now = timezone.now()
    old = Q(saved_at__lt=now - KEPT) | Q(discarded_at__lt=now - DISCARDED)
    Draft.objects.filter(old).delete()
