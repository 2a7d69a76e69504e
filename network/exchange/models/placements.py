from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.exchange.models.organisations import Organisation
from network.exchange.models.partnerships import Round
from network.languages import country_choices


class PlacementQuerySet(models.QuerySet):
    def confirmed(self):
        """Those that grant something: what people say of themselves opens no door."""
        return self.exclude(verified=Placement.Verified.SELF)

    def of(self, organisation: Organisation):
        """Sent or received by it."""
        by = models.Q(sending=organisation) | models.Q(host=organisation)
        return self.filter(by)


class Placement(models.Model):
    """One person's exchange: from whom, to whom, where, when, and who confirms it."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", _("Employee")
        VOLUNTEER = "volunteer", _("Volunteer")

    class Verified(models.TextChoices):
        NOREC = "norec", _("Confirmed by Norec")
        PARTNER = "partner", _("Confirmed by a partner")
        SELF = "self", _("Told by the participant")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="placements",
        verbose_name=_("person"),
    )
    round = models.ForeignKey(
        Round,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("round"),
    )
    sending = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("sent by"),
        related_name="sent_placements",
    )
    host = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("received by"),
        related_name="hosted_placements",
    )
    sending_name = models.CharField(_("sent by"), max_length=160, blank=True)
    host_name = models.CharField(_("received by"), max_length=160, blank=True)
    from_country = models.CharField(_("from"), max_length=2, choices=country_choices)
    to_country = models.CharField(
        _("to"), max_length=2, choices=country_choices, db_index=True
    )
    role = models.CharField(_("as"), max_length=120, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.EMPLOYEE
    )
    starts_on = models.DateField(_("left"), null=True, blank=True)
    ends_on = models.DateField(_("came home"), null=True, blank=True)
    years_only = models.BooleanField(_("only the years are certain"), default=False)
    verified = models.CharField(
        _("confirmed"), max_length=10, choices=Verified, default=Verified.SELF
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_placement_ends_after_it_starts",
            )
        ]

    def __str__(self):
        return f"{self.from_country} → {self.to_country}"

    @property
    def is_confirmed(self) -> bool:
        return self.verified != self.Verified.SELF

    @property
    def phase(self) -> str:
        """`before`, `during` or `after`, by today's date."""
        today = timezone.localdate()
        if self.starts_on and self.starts_on > today:
            return "before"
        return "after" if self.ends_on and self.ends_on < today else "during"
