from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.posts import Post
from forums.models.threads import Thread

LONGEST_NOTE = 500


class BookmarkQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user.pk, removed_at=None)

    def visible_to(self, user):
        """One's own, as long as one may see what they point to."""
        threads = Thread.objects.visible_to(user)
        posts = Post.objects.visible_to(user)
        return self.of(user).filter(
            Q(post=None, thread__in=threads) | Q(post__in=posts)
        )

    def on(self, user, thread: Thread, post: Post | None = None):
        """The one bookmark somebody may have there, removed or not."""
        return self.filter(user=user.pk, thread=thread.pk, post=post)

    def due(self):
        now = timezone.now()
        return self.filter(remind_at__lte=now, reminded_at=None, removed_at=None)


class Bookmark(models.Model):
    """A thread or a post that somebody wants to find again; nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="bookmarks",
        verbose_name=_("person"),
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="bookmarks", verbose_name=_("thread")
    )
    post = models.ForeignKey(
        Post,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="bookmarks",
        verbose_name=_("post"),
    )
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    remind_at = models.DateTimeField(_("remind"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "thread"],
                condition=Q(post=None),
                name="one_bookmark_of_thread",
            ),
            models.UniqueConstraint(
                fields=["user", "post"], name="one_bookmark_of_post"
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=Q(reminded_at=None),
                name="bookmark_reminders",
            )
        ]

    def __str__(self):
        return f"{self.user_id}: {self.target}"

    def get_absolute_url(self):
        return self.target.get_absolute_url()

    @property
    def target(self) -> Thread | Post:
        return self.post or self.thread

    @property
    def language(self) -> str:
        return self.target.language
