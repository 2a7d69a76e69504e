from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forums.models.posts import Post


class ReactionQuerySet(models.QuerySet):
    def counts(self, post: Post) -> dict[str, int]:
        """{kind: how many people}, as kept on the post."""
        rows = self.filter(post=post).order_by().values_list("kind")
        return dict(rows.annotate(n=Count("pk")))

    def of(self, user, posts: Iterable[Post]):
        return self.filter(user=user.pk, post__in=posts)


class Reaction(models.Model):
    """An answer in one press. Each person may give a post any of the kinds, once."""

    class Kind(models.TextChoices):
        THANKS = "thanks", pgettext_lazy("reaction", "Thanks")
        USED = "used", pgettext_lazy("reaction", "Used this")
        ME_TOO = "me_too", pgettext_lazy("reaction", "Me too")
        DIFFERS = "differs", pgettext_lazy("reaction", "I see it differently")

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="given", verbose_name=_("post")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="reactions",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    objects = ReactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "post", "kind"], name="one_reaction"
            )
        ]

    def __str__(self):
        return f"{self.user_id}: {self.kind} {self.post_id}"
