from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.forums import Forum
from forums.models.threads import Thread


class HeldQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(review__decided_at=None)

    def of(self, place: Thread | Forum):
        """What waits to stand there: answers, or threads."""
        kind = "thread" if isinstance(place, Thread) else "forum"
        return self.filter(**{kind: place.pk})

    def visible_to(self, user):
        """Its author, while it waits, and whoever moderates there."""
        forums = Forum.objects.moderated_by(user)
        seen = Q(forum__in=forums) | Q(thread__forum__in=forums)
        if getattr(user, "is_authenticated", False):
            own = Q(forum__in=Forum.objects.visible_to(user))
            own |= Q(thread__in=Thread.objects.visible_to(user))
            seen |= own & Q(author=user.pk, review__decided_at=None)
        return self.filter(seen)


class Held(models.Model):
    """A newcomer's post that waits for a moderator.

    It is no post yet: it has no number, nobody is told, and no list, count or search
    can know of it. Approved, it is posted as if it were written at that moment.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="held",
        verbose_name=_("author"),
    )
    forum = models.ForeignKey(
        Forum,
        models.CASCADE,
        null=True,
        related_name="held",
        verbose_name=_("forum"),
        help_text=_("In which it begins a thread."),
    )
    thread = models.ForeignKey(
        Thread,
        models.CASCADE,
        null=True,
        related_name="held",
        verbose_name=_("thread"),
        help_text=_("Which it answers."),
    )
    fields = models.JSONField(_("fields of the form"), default=dict)
    html = models.TextField(_("HTML"), editable=False)
    token = models.CharField(_("token of the form"), max_length=40, null=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    waits = True  # what a form made: a post, or this

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("post that waits")
        verbose_name_plural = _("posts that wait")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forum=None, thread__isnull=False)
                | Q(forum__isnull=False, thread=None),
                name="held_for_one_place",
            ),
            models.UniqueConstraint(fields=["author", "token"], name="held_token"),
        ]
        indexes = [models.Index(fields=["author", "created_at"], name="held_day")]

    def __str__(self):
        return f"{self.author_id}: {self.title}"

    def get_absolute_url(self):
        """Where it will stand, and stands marked for its author."""
        if self.thread_id:
            return f"{self.thread.get_absolute_url()}?page=last#held-{self.pk}"
        return f"{self.forum.get_absolute_url()}#held-{self.pk}"

    @property
    def place(self) -> Thread | Forum:
        return self.thread or self.forum

    @property
    def room(self) -> Forum:
        return self.thread.forum if self.thread_id else self.forum

    @property
    def title(self) -> str:
        return self.fields.get("title") or (self.thread.title if self.thread else "")

    @property
    def markdown(self) -> str:
        return self.fields.get("markdown", "")

    @property
    def language(self) -> str:
        return self.fields.get("language", "")

    @property
    def author_name(self) -> str:
        """A post has one where it was imported; these never are."""
        return ""
