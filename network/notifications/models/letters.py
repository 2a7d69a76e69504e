from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.notifications.kinds import Pace


class LetterQuerySet(models.QuerySet):
    def open(self):
        """Those that still take in news: one a person and pace at most."""
        return self.filter(closed_at=None)

    def waiting(self):
        return self.filter(sent_at=None)

    def due(self):
        now = timezone.now()
        due = self.waiting().filter(queued_at=None, planned_at__lte=now)
        return due.order_by("planned_at", "pk")

    def locked(self, users: Iterable[int]) -> dict[tuple[int, str], int]:
        """{(user, pace): letter} of open ones, which nobody can close meanwhile."""
        rows = self.open().filter(recipient__in=users).order_by("pk")
        rows = rows.select_for_update().values_list("recipient", "pace", "pk")
        return {(user, pace): pk for user, pace, pk in rows}


class Letter(models.Model):
    """What gathers for one person until it goes out; the news point here.

    Open (takes in news) → queued (its time has come) → closed (being sent) → sent.
    One with nothing left to tell is deleted instead.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="letters",
        verbose_name=_("recipient"),
    )
    pace = models.CharField(_("pace"), max_length=10, choices=Pace)
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    planned_at = models.DateTimeField(_("planned"))
    queued_at = models.DateTimeField(_("handed to the post"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    size = models.PositiveIntegerField(_("pieces of news"), default=0)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "pace"],
                condition=Q(closed_at=None),
                name="one_open_letter",
            )
        ]
        indexes = [
            models.Index(
                fields=["planned_at"],
                condition=Q(sent_at=None, queued_at=None),
                name="letter_due",
            )
        ]

    def __str__(self):
        return f"letter-{self.pk}"
