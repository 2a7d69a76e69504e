from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.audience import MEMBERS, AudienceField, AudienceQuerySet
from network.languages import content_language_choices, country_choices

MOST_NAMES = 10  # each is looked for in every language
LONGEST_NAME = 160


def logo_path(organisation, filename: str) -> str:
    return f"organisations/{organisation.pk}/{filename}"


def names_in(text: str) -> list[str]:
    """One on each line, or with a bar between."""
    parts = text.replace("|", "\n").splitlines()
    return list(dict.fromkeys(filter(None, (" ".join(x.split()) for x in parts))))


def check_other_names(text: str) -> None:
    names = names_in(text)
    if len(names) > MOST_NAMES:
        raise ValidationError(_("At most {n} names.").format(n=MOST_NAMES))
    if any(len(name) > LONGEST_NAME for name in names):
        raise ValidationError(
            _("At most {n} characters in a name.").format(n=LONGEST_NAME)
        )


class Organisation(models.Model):
    """A body that sends and receives people. Its own administrators decide about it."""

    class Kind(models.TextChoices):
        CIVIL_SOCIETY = "civil-society", _("Civil society organisation")
        COOPERATIVE = "cooperative", _("Cooperative")
        COMPANY = "company", _("Company")
        MUNICIPALITY = "municipality", _("Municipality")
        PUBLIC = "public", _("Public agency")
        HOSPITAL = "hospital", _("Hospital or health centre")
        SCHOOL = "school", _("School or college")
        UNIVERSITY = "university", _("University")
        MEDIA = "media", _("Media")
        NETWORK = "network", _("Network")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    other_names = models.TextField(
        _("other names"),
        max_length=600,
        blank=True,
        validators=[check_other_names],
        help_text=_(
            "Short forms, earlier names, its name in other languages: one on each "
            "line. Search knows it by all of them."
        ),
    )
    about = models.TextField(_("about the organisation"), max_length=4000, blank=True)
    about_language = models.CharField(
        _("language of the text"),
        max_length=2,
        choices=content_language_choices,
        default="en",
    )
    country = models.CharField(
        _("country"), max_length=2, choices=country_choices, db_index=True
    )
    place = models.CharField(_("town"), max_length=80, blank=True)
    website = models.URLField(_("website"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    founded = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    languages = models.JSONField(_("working languages"), default=list, blank=True)
    themes = models.ManyToManyField(
        "themes.Theme",
        verbose_name=_("themes"),
        blank=True,
        related_name="organisations",
    )
    logo = models.ImageField(_("logo"), upload_to=logo_path, blank=True)
    audience = AudienceField(_("audience"), default=MEMBERS)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:organisation_detail", args=[self.slug])

    @property
    def other_names_list(self) -> list[str]:
        return names_in(self.other_names)

    @property
    def own_audience(self) -> str:
        return f"organisation.{self.pk}"

    @property
    def photo_url(self) -> str:
        """The logo's address, for the avatar; the view there asks who may see it."""
        if not self.logo:
            return ""
        version = self.logo.name.rpartition("/")[2].partition(".")[0]
        return f"{reverse('exchange:organisation_logo', args=[self.slug])}?v={version}"


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """Those that hold today: begun, not ended."""
        today = timezone.localdate()
        begun = Q(starts_on=None) | Q(starts_on__lte=today)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__gt=today))


class OrganisationMembership(models.Model):
    """Who works for an organisation, as what, from when to when."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        COORDINATOR = "coordinator", _("Coordinator")
        STAFF = "staff", pgettext_lazy("role", "Staff")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.STAFF)
    title = models.CharField(_("title"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of an organisation")
        verbose_name_plural = _("memberships of organisations")
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(ends_on=None),
                name="one_current_membership",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.organisation}"


class OrganisationInvitation(models.Model):
    """What an invitation promises: a role in an organisation, once it is accepted."""

    invitation = models.OneToOneField(
        "people.Invitation",
        models.CASCADE,
        related_name="for_organisation",
        verbose_name=_("invitation"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("organisation"),
    )
    role = models.CharField(
        _("role"),
        max_length=15,
        choices=OrganisationMembership.Role,
        default=OrganisationMembership.Role.STAFF,
    )

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")

    def __str__(self):
        return f"{self.invitation}, {self.organisation}"
