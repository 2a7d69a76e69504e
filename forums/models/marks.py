from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.posts import Post
from forums.models.threads import Thread


class ReadMarkQuerySet(models.QuerySet):
    def read_to(self, user, thread: Thread, number: int, is_first=False) -> None:
        """The reader has come to this post; what was read further on stays read.

        is_first: no mark of theirs is known, so that there is none to move.
        """
        mine = self.filter(user=user.pk, thread=thread.pk, number__lt=number)
        if is_first or not mine.update(number=number, at=timezone.now()):
            mark = self.model(user_id=user.pk, thread=thread, number=number)
            self.bulk_create([mark], ignore_conflicts=True)

    def wrote(self, author, post: Post) -> None:
        """Whoever had read all before their post goes on after it; nobody skips any."""
        mine = self.filter(user=author.pk, thread=post.thread_id)
        mine.filter(number=post.number - 1).update(number=post.number)


class ReadMark(models.Model):
    """How far somebody has read in a thread, on whichever device."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="read_marks",
        verbose_name=_("reader"),
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="read_marks", verbose_name=_("thread")
    )
    number = models.PositiveIntegerField(_("read to the post"))
    at = models.DateTimeField(_("read"), default=timezone.now)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [
            models.UniqueConstraint(fields=["user", "thread"], name="one_read_mark")
        ]

    def __str__(self):
        return f"{self.user_id}: {self.thread_id}/{self.number}"
