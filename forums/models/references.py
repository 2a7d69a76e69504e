"""Whom a post names and what it quotes: kept beside its text when it is written.

The text itself holds but a mark at each place, so that whoever shows it shows nobody
and nothing that its reader may not see; forums/shown.py puts in the rest.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.posts import Post


class Mention(models.Model):
    """Somebody a post names; `told_at` is when they were told, which is done once."""

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="mentions", verbose_name=_("post")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mentions",
        verbose_name=_("person"),
    )
    # Unknown of those that were made before it was kept.
    made_at = models.DateTimeField(_("made"), default=timezone.now, null=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="one_mention")
        ]
        indexes = [models.Index(fields=["made_at"], name="mention_made")]

    def __str__(self):
        return f"{self.post_id}: {self.person_id}"


class QuoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the post that is quoted."""
        return self.filter(source__in=Post.objects.visible_to(user))


class Quote(models.Model):
    """Words of another post; `place` counts the quotes of a text from 0."""

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="quotes", verbose_name=_("post")
    )
    place = models.PositiveSmallIntegerField(_("place"))
    source = models.ForeignKey(
        Post, models.CASCADE, related_name="quoted_in", verbose_name=_("quoted post")
    )
    html = models.TextField(_("HTML"), editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.UniqueConstraint(fields=["post", "place"], name="one_quote")
        ]

    def __str__(self):
        return f"{self.post_id}: {self.source_id}"
