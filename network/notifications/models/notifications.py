from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audience import exclusions_of
from network.notifications import targets
from network.people.audiences import muted_by


class Level(models.TextChoices):
    """How much of a target one wishes to hear."""

    WATCHING = "watching", _("Watching: inbox and e-mail")
    TRACKING = "tracking", _("Tracking: inbox")
    NORMAL = "normal", _("Normal: not told")
    MUTED = "muted", _("Muted: never told")


# Of several levels the last of these counts.
LOUDNESS = [Level.NORMAL, Level.TRACKING, Level.WATCHING, Level.MUTED]


class SubscriptionQuerySet(models.QuerySet):
    def follow(self, user, row: models.Model, level: str = Level.TRACKING) -> None:
        """Follow on somebody's behalf: a choice they have made themselves stands."""
        key = targets.key_of(row)
        self.get_or_create(user=user, target=key, defaults={"level": level})

    def mine(self, user) -> dict[str, str]:
        """{target: level} of one person's."""
        return dict(self.filter(user=user.pk).values_list("target", "level"))

    def level_of(self, user, row: models.Model) -> str:
        mine = self.filter(user=user.pk, target=targets.key_of(row))
        return mine.values_list("level", flat=True).first() or Level.NORMAL

    def with_level(self, rows: models.QuerySet, kind: str, user) -> models.QuerySet:
        """Rows of a kind with `follow_level`, so that showing it costs no query."""
        key = Concat(Value(f"{kind}."), Cast(OuterRef("pk"), models.CharField()))
        mine = self.filter(user=user.pk, target=key).values("level")[:1]
        level = Coalesce(Subquery(mine), Value(str(Level.NORMAL)))
        return rows.annotate(follow_level=level)

    def levels(self, keys: Iterable[str]) -> dict[int, str]:
        """{user: level} of several targets: the loudest, but muting one mutes all."""
        rows = self.filter(target__in=list(keys)).values_list("user", "level")
        return dict(sorted(rows, key=lambda row: LOUDNESS.index(row[1])))


class Subscription(models.Model):
    """A wish to hear of a target: a thread, a forum, a theme, a person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("person"),
    )
    target = models.CharField(_("target"), max_length=60)
    level = models.CharField(
        _("level"), max_length=10, choices=Level, default=Level.TRACKING
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["user", "target"], name="one_subscription")
        ]
        indexes = [models.Index(fields=["target", "level"], name="subscription_target")]

    def __str__(self):
        return f"{self.user_id} {self.level} {self.target}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user, kinds: Iterable[str] | None = None):
        """One's own, without what one may no longer see, or hear from.

        Of these kinds of target only, where the kinds there are is known.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        rows = self.filter(targets.still_visible(user, kinds), recipient=user.pk)
        keys = (key.partition(".") for key in exclusions_of(user))
        unheard = {int(pk) for kind, _dot, pk in keys if kind == "user"}
        unheard |= muted_by(user)
        return rows.exclude(actor__in=unheard) if unheard else rows

    def unread(self):
        return self.filter(read_at=None)

    def in_inbox(self):
        """Without what one wishes to hear by e-mail only."""
        return self.filter(in_inbox=True)

    def about(self, rows: dict[str, Iterable[int]]):
        """Those whose target is among {kind: ids}."""
        among = models.Q(pk__in=[])
        for kind, keys in rows.items():
            among |= models.Q(target_kind=kind, target_id__in=keys)
        return self.filter(among)


class Notification(models.Model):
    """Recipient, actor, verb, target; its sentence is written when it is read."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        verbose_name=_("recipient"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who did it"),
    )
    verb = models.CharField(_("verb"), max_length=30)
    target_kind = models.CharField(_("kind of target"), max_length=20)
    target_id = models.PositiveBigIntegerField(_("target"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("sent by e-mail"), null=True, blank=True)
    in_inbox = models.BooleanField(_("in the inbox"), default=True)
    letter = models.ForeignKey(
        "notifications.Letter",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="news",
        verbose_name=_("letter"),
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "verb", "target_kind", "target_id"],
                name="one_notification",
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="inbox"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at=None),
                name="inbox_unread",
            ),
            models.Index(fields=["target_id", "target_kind"], name="told_of"),
        ]

    def __str__(self):
        return f"{self.recipient_id}: {self.verb} {self.target}"

    @property
    def target(self) -> str:
        return f"{self.target_kind}.{self.target_id}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
