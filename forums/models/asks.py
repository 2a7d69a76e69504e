from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.threads import Thread

MONTH = timedelta(days=30)
MOST_A_MONTH = 10


class AnswererQuerySet(models.QuerySet):
    def free(self):
        """Those who have been asked less, these thirty days, than they agreed to."""
        lately = Ask.objects.filter(
            asked=OuterRef("user"), created_at__gt=timezone.now() - MONTH
        )
        counted = lately.order_by().values("asked").annotate(n=Count("pk")).values("n")
        asked = Coalesce(Subquery(counted), 0)
        return self.annotate(asked_lately=asked).filter(asked_lately__lt=F("a_month"))


class Answerer(models.Model):
    """Somebody has said that others may ask them, and how often; nobody else is."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="answerer",
        verbose_name=_("person"),
    )
    a_month = models.PositiveSmallIntegerField(
        _("at most so many a month"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_A_MONTH)],
    )

    objects = AnswererQuerySet.as_manager()

    class Meta:
        verbose_name = _("who may be asked")
        verbose_name_plural = _("who may be asked")

    def __str__(self):
        return f"{self.user_id}, {self.a_month}"


class Ask(models.Model):
    """Whoever began a question asked one person for their experience, once."""

    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="asks", verbose_name=_("thread")
    )
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="asks",
        verbose_name=_("who was asked"),
    )
    created_at = models.DateTimeField(_("asked at"), default=timezone.now)

    class Meta:
        verbose_name = _("asking")
        verbose_name_plural = _("askings")
        constraints = [
            models.UniqueConstraint(fields=["thread", "asked"], name="asked_once")
        ]
        indexes = [models.Index(fields=["asked", "created_at"], name="asked_lately")]

    def __str__(self):
        return f"{self.thread_id}: {self.asked_id}"
