from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

STUCK_AFTER = 10


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    kind = models.CharField(_("kind"), max_length=80)
    data = models.JSONField(_("data"), default=dict)
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self):
        return f"{self.kind} {self.data}"


class DeliveryQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def due(self, lane: str):
        now = timezone.now()
        return self.open().filter(lane=lane, due_at__lte=now).order_by("due_at", "pk")

    def stuck(self):
        return self.open().filter(attempts__gte=STUCK_AFTER)


class Delivery(models.Model):
    """One subscriber's share of an event: due, leased, retried, ticked off."""

    event = models.ForeignKey(
        OutboxEvent, models.CASCADE, related_name="deliveries", verbose_name=_("event")
    )
    subscriber = models.CharField(_("subscriber"), max_length=160)
    lane = models.CharField(_("lane"), max_length=10)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["lane", "due_at", "id"],
                condition=models.Q(done_at=None),
                name="delivery_due",
            )
        ]

    def __str__(self):
        return f"{self.subscriber} of {self.event_id}"

    @property
    def is_stuck(self) -> bool:
        return self.done_at is None and self.attempts >= STUCK_AFTER


class Restriction(models.Model):
    """A narrowing that the search index has not taken in yet.

    While a row stands, search hides every document whose `within` holds its key.
    """

    key = models.CharField(_("key"), max_length=60, db_index=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("restriction of search")
        verbose_name_plural = _("restrictions of search")

    def __str__(self):
        return self.key


class PeriodicRun(models.Model):
    """When a periodic job is next due; taking it is one conditional update."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")

    def __str__(self):
        return self.name

    @classmethod
    def take(cls, name: str, every: timedelta) -> bool:
        """True in exactly one process each time the job is due."""
        row, _created = cls.objects.get_or_create(name=name)
        now = timezone.now()
        due = cls.objects.filter(pk=row.pk, due_at=row.due_at, due_at__lte=now)
        return bool(due.update(due_at=now + every))
