from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network import moments
from network.audience import register_query, zone_chosen_by
from network.notifications.kinds import Kind, Pace, kind
from network.notifications.models.notifications import Level
from network.notifications.zones import known_zones, zone_of
from network.people.models import Profile

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class PreferenceQuerySet(models.QuerySet):
    def ways(self, of: Kind, users: Iterable[int]) -> dict[int, tuple[bool, str]]:
        """{user: (in the inbox, pace)} of those who chose otherwise than the kind."""
        rows = self.filter(kind=of.name, user__in=users)
        return {
            user: (inbox or of.must, pace)
            for user, inbox, pace in rows.values_list("user", "inbox", "pace")
        }

    def paces(self, user) -> dict[str, str]:
        """{kind: pace} of one person, where chosen."""
        return dict(self.filter(user=user.pk).values_list("kind", "pace"))


class Preference(models.Model):
    """How news of a kind reaches a person, where it is not as the kind says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="preferences",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=30)
    inbox = models.BooleanField(_("in the inbox"), default=True)
    pace = models.CharField(_("by e-mail"), max_length=10, choices=Pace)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification choice")
        verbose_name_plural = _("notification choices")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_preference")
        ]

    def __str__(self):
        return f"{self.user_id} {self.kind}: {self.pace}"

    @property
    def is_default(self) -> bool:
        return self.inbox and self.pace == kind(self.kind).pace


class MailSettingsQuerySet(models.QuerySet):
    def of(self, users: Iterable[int]) -> dict[int, "MailSettings"]:
        """{user: settings}: what they chose, or as for all in their country."""
        users = list(users)
        chosen = {row.user_id: row for row in self.filter(user__in=users)}
        people = Profile.objects.filter(user__in=users)
        countries = dict(people.values_list("user", "country"))
        for pk in users:
            row = chosen.setdefault(pk, self.model(user_id=pk))
            row.country = countries.get(pk, "")
        return chosen


class MailSettings(models.Model):
    """When a person is written to, and what they follow by what they do."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="mail_settings",
        verbose_name=_("person"),
    )
    time_zone = models.CharField(_("Where you are"), max_length=60, blank=True)
    quiet_from = models.PositiveSmallIntegerField(
        _("No e-mail from"), choices=HOURS, default=20
    )
    quiet_to = models.PositiveSmallIntegerField(_("until"), choices=HOURS, default=7)
    daily_hour = models.PositiveSmallIntegerField(
        _("Daily and weekly e-mail comes at"), choices=HOURS, default=7
    )
    weekly_day = models.PositiveSmallIntegerField(
        _("Weekly e-mail comes on"), choices=DAYS, default=0
    )
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    when_started = models.CharField(
        _("Threads I begin"), max_length=10, choices=Level, default=Level.WATCHING
    )
    when_answered = models.CharField(
        _("Threads I answer in"), max_length=10, choices=Level, default=Level.TRACKING
    )
    when_mentioned = models.CharField(
        _("Threads I am mentioned in"),
        max_length=10,
        choices=Level,
        default=Level.TRACKING,
    )

    objects = MailSettingsQuerySet.as_manager()
    country = ""

    class Meta:
        verbose_name = _("when to write")
        verbose_name_plural = _("when to write")

    def __str__(self):
        return f"{self.user_id}: {self.time_zone}"

    @cached_property
    def zone(self) -> ZoneInfo:
        name = self.time_zone if self.time_zone in known_zones() else ""
        return ZoneInfo(name or zone_of(self.country))

    def planned(self, pace: str, since: datetime) -> datetime:
        """When a letter of this pace goes that is opened at `since`."""
        paused = self.paused_until or since
        if pace == Pace.NOW:
            return self.after_quiet(max(since + GATHERED, paused))
        weekday = self.weekly_day if pace == Pace.WEEKLY else None
        return self._next(max(since, paused), weekday)

    def after_quiet(self, at: datetime) -> datetime:
        """`at`, or the end of the quiet hours it falls in."""
        local = at.astimezone(self.zone)
        start, end = self.quiet_from, self.quiet_to
        past_start, before_end = local.hour >= start, local.hour < end
        if start <= end:
            is_quiet = past_start and before_end
        else:
            is_quiet = past_start or before_end
        if not is_quiet:
            return at
        until = local.replace(hour=end, minute=0, second=0, microsecond=0, fold=0)
        return until if until > local else until + timedelta(days=1)

    def _next(self, since: datetime, weekday: int | None) -> datetime:
        """The first daily hour after `since`, on that weekday if one is given."""
        local = since.astimezone(self.zone)
        at = local.replace(
            hour=self.daily_hour, minute=0, second=0, microsecond=0, fold=0
        )
        while at <= local or (weekday is not None and at.weekday() != weekday):
            at += timedelta(days=1)
        return at


# At once means: with all that comes within ten minutes of the first.
GATHERED = timedelta(minutes=10)


@register_query("zone")
def zone_named(user_id):
    """«zone.Asia/Kathmandu»"""
    named = MailSettings.objects.filter(user=user_id).exclude(time_zone="")
    return named.order_by().annotate(key=Concat(Value("zone."), "time_zone"))


def zone_of_reader(user) -> tzinfo:
    """As `MailSettings.zone`; what it asks comes with the reader's rights."""
    if not hasattr(user, "_zone"):
        here = MailSettings(time_zone=zone_chosen_by(user))
        here.country = getattr(getattr(user, "profile", None), "country", "")
        user._zone = here.zone
    return user._zone


moments.zone_of = zone_of_reader
