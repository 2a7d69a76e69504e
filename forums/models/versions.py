from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from forums.models.posts import Post
from network.languages import content_language_choices


class PostVersion(models.Model):
    """What a post said before it was edited; version 1 is what was first written."""

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="versions", verbose_name=_("post")
    )
    number = models.PositiveIntegerField(_("number"))
    markdown = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True, editable=False)
    language = models.CharField(
        _("language"), max_length=2, choices=content_language_choices
    )
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    removed_at = models.DateTimeField(_("text removed"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("text removed by"),
    )

    class Meta:
        verbose_name = _("version of a post")
        verbose_name_plural = _("versions of posts")
        ordering = ["post", "number"]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="version_number")
        ]

    def __str__(self):
        return f"{self.post_id}: {self.number}"
