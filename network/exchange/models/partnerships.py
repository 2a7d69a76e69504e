from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audience import MEMBERS, PUBLIC, AudienceField, AudienceQuerySet, of
from network.exchange.models.organisations import Organisation
from network.languages import content_language_choices

# Donor countries by the OECD's development committee: in the exchange's words, North.
NORTH = frozenset(
    [
        "AT",
        "AU",
        "BE",
        "CA",
        "CH",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GR",
        "HU",
        "IE",
        "IS",
        "IT",
        "JP",
        "KR",
        "LT",
        "LU",
        "LV",
        "NL",
        "NO",
        "NZ",
        "PL",
        "PT",
        "SE",
        "SI",
        "SK",
        "US",
    ]
)


class Language(models.CharField):
    """The language a partner wrote something in."""

    def __init__(self, *args, **kwargs):
        options = {
            "max_length": 2,
            "choices": content_language_choices,
            "default": "en",
        }
        super().__init__(*args, **{**options, **kwargs})


class Partnership(models.Model):
    """An agreement of two or more organisations, in rounds.

    Its `audience` is the partners' own until each of them has agreed to show it.
    """

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    language = Language(_("language of the text"))
    started = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    themes = models.ManyToManyField(
        "themes.Theme",
        verbose_name=_("themes"),
        blank=True,
        related_name="partnerships",
    )
    organisations = models.ManyToManyField(
        Organisation,
        through="PartnershipMember",
        related_name="partnerships",
        verbose_name=_("organisations"),
    )
    audience = AudienceField(_("audience"))
    proposed_audience = models.CharField(
        _("shown to"),
        max_length=10,
        blank=True,
        choices=[(MEMBERS, _("Members")), (PUBLIC, _("Everyone"))],
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:partnership_detail", args=[self.slug])

    @property
    def own_audience(self) -> str:
        return of("partnership", self.pk)

    @property
    def is_closed(self) -> bool:
        """Seen by the partners alone."""
        return self.audience == self.own_audience

    def partners(self) -> list["PartnershipMember"]:
        """In the partnership's own order; reads what was prefetched."""
        return sorted(self.members.all(), key=lambda one: (one.position, one.pk))

    @property
    def geometry(self) -> str:
        """Between which parts of the world, computed from where the partners are."""
        north = [one.organisation.country in NORTH for one in self.members.all()]
        if len(north) > 2:
            return _("Multilateral") if any(north) else _("South–South, multilateral")
        if all(north):
            return _("North–North")
        return _("North–South") if any(north) else _("South–South")


class PartnershipMember(models.Model):
    """One organisation's place in a partnership, and its yes to showing it."""

    class Role(models.TextChoices):
        COORDINATING = "coordinating", _("Coordinating partner")
        PARTNER = "partner", _("Partner")

    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        related_name="members",
        verbose_name=_("partnership"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="partnership_members",
        verbose_name=_("organisation"),
    )
    role = models.CharField(
        _("role"), max_length=15, choices=Role, default=Role.PARTNER
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    agreed_public_at = models.DateTimeField(
        _("agreed to show it"), null=True, blank=True
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed by"),
    )

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation"], name="a_partner_once"
            )
        ]

    def __str__(self):
        return f"{self.organisation}, {self.partnership}"


class Goal(models.Model):
    """What partners want together (no organisation), or what one of them wants."""

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="goals", verbose_name=_("partnership")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("organisation"),
    )
    text = models.TextField(_("goal"), max_length=600)
    language = Language(_("language of the text"))
    since = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    note = models.CharField(_("where we are"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["pk"]

    def __str__(self):
        return self.text


class GoalVersion(models.Model):
    """What a goal was before it changed, and why it changed."""

    goal = models.ForeignKey(
        Goal, models.CASCADE, related_name="versions", verbose_name=_("goal")
    )
    text = models.TextField(_("text"), max_length=600)
    language = Language(_("language"))
    reason = models.TextField(_("reason"), max_length=600)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("earlier goal")
        verbose_name_plural = _("earlier goals")
        ordering = ["-changed_at", "-pk"]

    def __str__(self):
        return self.text


class Round(models.Model):
    """One period of exchange in a partnership."""

    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        related_name="rounds",
        verbose_name=_("partnership"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("in a sentence or two"), max_length=400, blank=True)
    language = Language(_("language of the text"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "number"], name="a_round_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_round_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    @property
    def state(self) -> str:
        """`ahead`, `now` or `over`, by today's date."""
        today = timezone.localdate()
        if self.starts_on > today:
            return "ahead"
        return "over" if self.ends_on and self.ends_on < today else "now"


class Contribution(models.Model):
    """What one partner gave, in its own words."""

    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        related_name="contributions",
        verbose_name=_("partnership"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="contributions",
        verbose_name=_("organisation"),
    )
    text = models.TextField(_("what we gave"), max_length=600)
    language = Language(_("language of the text"))

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["pk"]

    def __str__(self):
        return self.text


class Gain(models.Model):
    """What one partner got, on which level, and how that is known."""

    class Level(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        ORGANISATION = "organisation", _("Organisation")
        COMMUNITY = "community", _("Community")

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="gains", verbose_name=_("partnership")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="gains",
        verbose_name=_("organisation"),
    )
    text = models.TextField(_("what we got"), max_length=600)
    language = Language(_("language of the text"))
    level = models.CharField(
        _("level"), max_length=15, choices=Level, default=Level.ORGANISATION
    )
    evidence = models.CharField(_("how we know"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("gain")
        verbose_name_plural = _("gains")
        ordering = ["pk"]

    def __str__(self):
        return self.text


class StaffAccessQuerySet(models.QuerySet):
    def open(self):
        """By the database's clock: the query is put into SQL once (prepared.py)."""
        return self.filter(until__gt=Now())


class StaffAccess(models.Model):
    """Staff who opened a closed partnership, why, until when: its partners see it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="staff_accesses",
        verbose_name=_("person"),
    )
    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        related_name="staff_accesses",
        verbose_name=_("partnership"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    taken_at = models.DateTimeField(_("opened"), default=timezone.now)
    until = models.DateTimeField(_("until"))

    objects = StaffAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access of staff")
        verbose_name_plural = _("accesses of staff")
        ordering = ["-taken_at", "-pk"]

    def __str__(self):
        return f"{self.user}, {self.partnership}"

    @property
    def is_open(self) -> bool:
        return self.until > timezone.now()
