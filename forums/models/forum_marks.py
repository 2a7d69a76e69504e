from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from forums.models.forums import Forum


class ForumMarkQuerySet(models.QuerySet):
    def all_read(self, user, forums: Iterable[int], at: datetime) -> None:
        """Whatever was written in them until then is read; a later mark stays."""
        forums = list(forums)
        mine = self.filter(user=user.pk, forum__in=forums)
        mine.filter(at__lt=at).update(at=at, former=F("at"))
        marks = [self.model(user_id=user.pk, forum_id=pk, at=at) for pk in forums]
        self.bulk_create(marks, ignore_conflicts=True)

    def undo(self, user, at: datetime) -> int:
        """As it was before what was marked at just that moment."""
        mine = self.filter(user=user.pk, at=at)
        back = mine.exclude(former=None).update(at=F("former"), former=None)
        return back + mine.filter(former=None).delete()[0]


class ForumMark(models.Model):
    """All that stood in a forum at a moment is read: one row, however many threads."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="forum_marks",
        verbose_name=_("reader"),
    )
    forum = models.ForeignKey(
        Forum, models.CASCADE, related_name="marks", verbose_name=_("forum")
    )
    at = models.DateTimeField(_("read until"))
    former = models.DateTimeField(_("before that"), null=True, blank=True)

    objects = ForumMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("forum read")
        verbose_name_plural = _("forums read")
        constraints = [
            models.UniqueConstraint(fields=["user", "forum"], name="one_forum_mark")
        ]

    def __str__(self):
        return f"{self.user_id}: {self.forum_id}, {self.at}"
