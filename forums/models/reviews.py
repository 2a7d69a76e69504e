from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from forums.models.forums import Forum
from forums.models.held import Held
from forums.models.posts import Post

CLAIMED_FOR = timedelta(minutes=30)
LONGEST_NOTE = 500


def standing_in(forums) -> Q:
    """Reviews of what stands, or would stand, in these forums."""
    return (
        Q(post__thread__forum__in=forums)
        | Q(held__thread__forum__in=forums)
        | Q(held__forum__in=forums)
    )


class ReviewQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(decided_at=None)

    def decided(self):
        return self.exclude(decided_at=None)

    def moderated_by(self, user):
        """Those this person may decide, or look up."""
        return self.filter(standing_in(Forum.objects.moderated_by(user)))

    def visible_to(self, user):
        """Those they moderate, and those that concern them: theirs, or reported by

        them, in forums they see.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        told = Q(decided_at__isnull=False) | Q(post__hidden_for_now=True)
        mine = Q(post__author=user.pk) & told | Q(held__author=user.pk)
        mine |= Q(pk__in=Flag.objects.filter(by=user.pk).values("review"))
        seen = standing_in(Forum.objects.visible_to(user)) & mine
        return self.filter(seen | standing_in(Forum.objects.moderated_by(user)))

    def free_for(self, user):
        """Not in anybody else's hands now."""
        lapsed = timezone.now() - CLAIMED_FOR
        free = Q(claimed_by=None) | Q(claimed_by=user.pk) | Q(claimed_at__lt=lapsed)
        return self.waiting().filter(free)


class Review(models.Model):
    """Something a moderator looks at: a post that was reported, or one that waits."""

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        CHANGE = "change", _("The author is asked to change it")
        STANDS = "stands", _("It stands")
        SHOWN = "shown", _("Shown again")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")

    post = models.ForeignKey(
        Post,
        models.CASCADE,
        null=True,
        related_name="reviews",
        verbose_name=_("post"),
    )
    held = models.OneToOneField(
        Held,
        models.SET_NULL,
        null=True,
        related_name="review",
        verbose_name=_("post that waits"),
    )
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    claimed_at = models.DateTimeField(_("taken"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    note = models.CharField(_("why"), max_length=LONGEST_NOTE, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(decided_at=None), name="one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="decided_with_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=Q(decided_at=None),
                name="review_waiting",
            ),
            models.Index(fields=["-decided_at"], name="review_decided"),
        ]

    def __str__(self):
        return f"{self.pk}: {self.outcome or 'waiting'}"

    def get_absolute_url(self):
        return reverse("forums:review_detail", args=[self.pk])

    @property
    def subject(self) -> Post | Held:
        """What it is about; a post that was held and published is a post."""
        return self.post or self.held

    @property
    def room(self) -> Forum:
        return self.post.thread.forum if self.post else self.held.room

    @property
    def title(self) -> str:
        """Of the thread; no title of what is hidden from those it is told to."""
        thread = self.post.thread if self.post else self.held.thread
        if thread and thread.hidden_at:
            return _t("a hidden thread")
        return thread.title if thread else self.held.title

    @property
    def is_held(self) -> bool:
        return self.held_id is not None

    @property
    def claimed_until(self):
        """When it is free again; None where nobody has it in hand."""
        until = self.claimed_at and self.claimed_at + CLAIMED_FOR
        return until if until and until > timezone.now() else None


class Flag(models.Model):
    """Somebody reports a post: once, with a reason."""

    class Reason(models.TextChoices):
        CONDUCT = "conduct", _("It hurts or threatens somebody")
        PERSONAL = "personal", _("It tells personal things about somebody")
        SPAM = "spam", _("It is advertising or a fraud")
        OFF_TOPIC = "off-topic", _("It does not belong here")
        OTHER = "other", _("Something else")

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="flags", verbose_name=_("review")
    )
    post = models.ForeignKey(
        Post, models.CASCADE, related_name="flags", verbose_name=_("post")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="flags",
        verbose_name=_("reported by"),
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.CharField(_("in words"), max_length=LONGEST_NOTE, blank=True)
    created_at = models.DateTimeField(_("reported"), default=timezone.now)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "by"], name="one_flag")]
        indexes = [models.Index(fields=["by", "created_at"], name="flag_day")]

    def __str__(self):
        return f"{self.by_id}: {self.post_id} {self.reason}"
