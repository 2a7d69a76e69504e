from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mute(models.Model):
    """Somebody would rather not read another; that one never learns of it."""

    muter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mutes",
        verbose_name=_("who does not wish to hear"),
    )
    muted = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("who is muted"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="one_mute"),
            models.CheckConstraint(
                condition=~Q(muter=F("muted")), name="mute_not_oneself"
            ),
        ]

    def __str__(self):
        return f"{self.muter_id} / {self.muted_id}"
