from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedAddress(models.Model):
    """Somebody has had the addresses of their feeds renewed; the old ones are void."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="feed_address",
        verbose_name=_("person"),
    )
    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")

    def __str__(self):
        return f"{self.user_id}, {self.version}"
