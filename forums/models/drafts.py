from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.forums import Forum
from forums.models.posts import Post
from forums.models.threads import Thread
from network.markdown import plain_text

UNDO = timedelta(minutes=30)  # that a discarded draft can be taken back
BEGINNING = 2000  # characters of a draft that a list looks at

# What somebody may be writing: an answer, a new thread, a change of their post.
Place = Thread | Forum | Post
KINDS = {"thread": Thread, "forum": Forum, "post": Post}


def kind_of(place: Place) -> str:
    return place._meta.model_name


class DraftQuerySet(models.QuerySet):
    def of(self, author, place: Place):
        """The one draft, if any, that its author has for this place."""
        return self.filter(author=author.pk, **{kind_of(place): place.pk})

    def visible_to(self, user):
        """One's own, and only for what one can still see."""
        seen = Q()
        for kind, model in KINDS.items():
            seen |= Q(**{f"{kind}__in": model.objects.visible_to(user)})
        return self.filter(seen, author=user.pk)

    def standing(self):
        """Not discarded, or so short a time ago that it can be taken back."""
        since = timezone.now() - UNDO
        return self.filter(Q(discarded_at=None) | Q(discarded_at__gte=since))


class Draft(models.Model):
    """What somebody is writing and has not sent; nobody else ever sees it."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="drafts",
        verbose_name=_("author"),
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, null=True, related_name="+", verbose_name=_("thread")
    )
    forum = models.ForeignKey(
        Forum, models.CASCADE, null=True, related_name="+", verbose_name=_("forum")
    )
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, related_name="+", verbose_name=_("post")
    )
    fields = models.JSONField(_("fields of the form"), default=dict)
    sequence = models.PositiveBigIntegerField(
        _("sequence"),
        help_text=_("Grows with each saving: a page knows by it what it has seen."),
    )
    token = models.CharField(_("token of the form"), max_length=40, blank=True)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    discarded_at = models.DateTimeField(_("discarded"), null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.CheckConstraint(
                condition=Q(thread__isnull=False, forum=None, post=None)
                | Q(thread=None, forum__isnull=False, post=None)
                | Q(thread=None, forum=None, post__isnull=False),
                name="draft_of_one_thing",
            ),
            models.UniqueConstraint(fields=["author", "thread"], name="draft_reply"),
            models.UniqueConstraint(fields=["author", "forum"], name="draft_thread"),
            models.UniqueConstraint(fields=["author", "post"], name="draft_edit"),
        ]

    def __str__(self):
        return f"{self.author_id}: {self.place}"

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, f"{kind}_id"))

    @property
    def place(self) -> Place:
        return getattr(self, self.kind)

    @property
    def stands(self) -> bool:
        """As `standing` has it."""
        at = self.discarded_at
        return at is None or at >= timezone.now() - UNDO

    @property
    def room(self) -> Forum:
        if self.kind == "forum":
            return self.forum
        return (self.thread or self.post.thread).forum

    @property
    def markdown(self) -> str:
        return self.fields.get("markdown", "")

    @property
    def plain_text(self) -> str:
        """Its beginning: a draft may be longer than any post."""
        return plain_text(self.markdown[:BEGINNING])

    @property
    def title(self) -> str:
        return self.fields.get("title", "")
