"""What members tell of themselves, and how far each part of it reaches."""

from functools import cached_property, lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audience import (
    MEMBERS,
    PUBLIC,
    AudienceField,
    audiences_of,
    exclusions_of,
    of,
    peers_of,
)
from network.languages import content_language_choices, country_choices

# The stored audience of a profile whose name reaches partnerships only: no viewer
# holds it; whoever shares a partnership with the person is let in by `visible_to`.
PEERS = "peers"


class Reach(models.TextChoices):
    """How far a field goes, from narrow to wide."""

    ME = "me", _("Only me")
    PARTNERSHIPS = "partnerships", _("My partnerships")
    MEMBERS = "members", _("Members")
    PUBLIC = "public", _("Public")


WIDTH = {reach: place for place, reach in enumerate(Reach.values)}
DEFAULT_REACH = {
    "name": Reach.MEMBERS,
    "headline": Reach.MEMBERS,
    "bio": Reach.MEMBERS,
    "photo": Reach.MEMBERS,
    "country": Reach.MEMBERS,
    "city": Reach.PARTNERSHIPS,
    "work": Reach.MEMBERS,
    "languages": Reach.MEMBERS,
    "themes": Reach.MEMBERS,
    "exchange": Reach.MEMBERS,
    "email": Reach.ME,
    "phone": Reach.ME,
}
FIELDS = tuple(DEFAULT_REACH)


def default_reach() -> dict[str, str]:
    return {field: str(reach) for field, reach in DEFAULT_REACH.items()}


def narrower(one: str, other: str) -> str:
    return min(one, other, key=WIDTH.__getitem__)


def check_reach(reach: dict[str, str]) -> None:
    """Every field once, with a known reach."""
    if set(reach) != set(FIELDS) or not set(reach.values()) <= set(Reach.values):
        raise ValidationError(_("Choose who sees each field."), code="reach")


def holds(field: str, code: str) -> Q:
    """Rows whose JSON list `field` holds `code`; works on both databases."""
    return Q(**{f"{field}__icontains": f'"{code}"'})


class ProfileQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Whose name reaches the viewer, but for those who must not meet."""
        near = Q(audience__in=audiences_of(viewer)) | Q(user=viewer.pk)
        peer = Q(audience=PEERS, user__in=peers_of(viewer))
        return self.filter(near | peer).exclude(self._excluded(viewer))

    def showing(self, field: str, viewer):
        """Those whose `field` the viewer may see: a filter must not tell the rest."""
        key = f"reach__{field}"
        shown = Q(**{key: Reach.PUBLIC}) | Q(user=viewer.pk)
        if getattr(viewer, "is_member", False):
            shown |= Q(**{key: Reach.MEMBERS})
            shown |= Q(**{key: Reach.PARTNERSHIPS, "user__in": peers_of(viewer)})
        return self.filter(shown)

    @staticmethod
    def _excluded(viewer) -> Q:
        people, hidden = [], Q(pk__in=[])
        for key in exclusions_of(viewer):
            kind, _dot, value = key.partition(".")
            if kind == "user":
                people.append(int(value))
            elif kind == "hidden":
                hidden |= holds("hidden_from", value) & ~Q(user=viewer.pk)
        return Q(user__in=people) | hidden


def photo_path(profile, filename: str) -> str:
    return f"people/{profile.pk}/{filename}"


class Profile(models.Model):
    """What a member tells; the name is the account's. Shown through `shown_to` only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="profile",
        verbose_name=_("person"),
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    headline = models.CharField(_("headline"), max_length=160, blank=True)
    bio = models.TextField(_("about you"), max_length=4000, blank=True)
    bio_language = models.CharField(
        _("language of the text"),
        max_length=2,
        choices=content_language_choices,
        default="en",
    )
    photo = models.ImageField(_("photo"), upload_to=photo_path, blank=True)
    country = models.CharField(
        _("country"), max_length=2, choices=country_choices, blank=True, db_index=True
    )
    city = models.CharField(_("town"), max_length=80, blank=True)
    work_title = models.CharField(_("work now"), max_length=120, blank=True)
    work_place = models.CharField(_("workplace"), max_length=120, blank=True)
    languages = models.JSONField(_("languages you work in"), default=list, blank=True)
    themes = models.ManyToManyField(
        "themes.Theme", verbose_name=_("themes"), blank=True, related_name="profiles"
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    reach = models.JSONField(
        _("who sees what"), default=default_reach, validators=[check_reach]
    )
    hidden_from = models.JSONField(_("hidden from"), default=list, blank=True)
    shows_presence = models.BooleanField(
        _("Show that I am here"),
        default=True,
        help_text=_(
            "Who reads the same thread, and may see your name, sees that you have it "
            "open and that you write."
        ),
    )
    audience = AudienceField(editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["user__first_name", "user__last_name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return address_of(self.slug)

    @property
    def name(self) -> str:
        return self.user.get_full_name() or str(_("A member"))

    def effective_audience(self) -> str:
        """Who may open the page: as far as the name goes, once approved."""
        if not self.user.is_member:
            return ""
        return {
            Reach.ME: of("user", self.user_id),
            Reach.PARTNERSHIPS: PEERS,
            Reach.MEMBERS: MEMBERS,
            Reach.PUBLIC: PUBLIC,
        }[self.reach["name"]]

    def reach_to(self, viewer) -> Reach:
        """How near the viewer stands: what reaches this far, the viewer may see."""
        if viewer.pk is not None and viewer.pk == self.user_id:
            return Reach.ME
        if not getattr(viewer, "is_member", False):
            return Reach.PUBLIC
        return Reach.PARTNERSHIPS if self.user_id in peers_of(viewer) else Reach.MEMBERS

    def shown_to(self, viewer) -> "ShownProfile":
        """The profile as this viewer may see it: the one place that decides."""
        return self.shown_at(self.reach_to(viewer))

    def shown_at(self, reach: str) -> "ShownProfile":
        """As someone at that distance sees it; `reach` is one of Reach."""
        if not self.user.is_member and reach != Reach.ME:
            return ShownProfile(self, reach, frozenset())
        chosen = tuple(self.reach[field] for field in FIELDS)
        return ShownProfile(self, reach, fields_reaching(chosen, reach))

    def reach_of(self, field: str) -> str:
        """As chosen, but never further than the name."""
        return narrower(self.reach[field], self.reach["name"])

    def fields_at(self, reach: str) -> frozenset[str]:
        """The fields that reach just this far: search keeps a text per reach."""
        return frozenset(field for field in FIELDS if self.reach_of(field) == reach)


@lru_cache(maxsize=1000)
def fields_reaching(chosen: tuple[str, ...], at: str) -> frozenset[str]:
    """The fields that go at least as far as `at`; `chosen` is the reach of each."""
    reach = dict(zip(FIELDS, chosen, strict=True))
    far = {field: narrower(reach[field], reach["name"]) for field in FIELDS}
    return frozenset(field for field in FIELDS if WIDTH[far[field]] >= WIDTH[at])


@lru_cache(maxsize=5000)
def address_of(slug: str) -> str:
    return reverse("people:person_detail", args=[slug])


class ShownProfile:
    """A profile reduced to what one viewer may see: what is hidden is empty here."""

    def __init__(self, profile: Profile, at: str, fields: frozenset[str]):
        self._profile = profile
        self.at = at
        self.fields = fields
        self.user_id = profile.user_id
        self.slug = profile.slug

    def __str__(self):
        return self.name

    def _field(self, field: str, value, empty=""):
        return value() if field in self.fields else empty

    @property
    def is_visible(self) -> bool:
        return "name" in self.fields

    @property
    def url(self) -> str:
        return self._field("name", self._profile.get_absolute_url)

    @property
    def name(self) -> str:
        return self._field("name", lambda: self._profile.name) or str(_("A member"))

    @property
    def headline(self) -> str:
        return self._field("headline", lambda: self._profile.headline)

    @property
    def bio(self) -> str:
        return self._field("bio", lambda: self._profile.bio)

    @property
    def bio_language(self) -> str:
        return self._profile.bio_language

    @property
    def photo_url(self) -> str:
        """The address of the photo, new with each photo; the view there asks again."""
        profile = self._profile
        if not profile.photo or not {"photo", "name"} <= self.fields:
            return ""
        version = profile.photo.name.rpartition("/")[2].partition(".")[0]
        return f"{reverse('people:person_photo', args=[self.slug])}?v={version}"

    @property
    def country(self) -> str:
        return self._field("country", lambda: self._profile.country)

    @property
    def city(self) -> str:
        return self._field("city", lambda: self._profile.city)

    @property
    def work_title(self) -> str:
        return self._field("work", lambda: self._profile.work_title)

    @property
    def work_place(self) -> str:
        return self._field("work", lambda: self._profile.work_place)

    @property
    def languages(self) -> list[str]:
        return self._field("languages", lambda: self._profile.languages, [])

    @cached_property
    def themes(self) -> list:
        return self._field("themes", lambda: list(self._profile.themes.all()), [])

    @property
    def email(self) -> str:
        return self._field("email", lambda: self._profile.user.email)

    @property
    def phone(self) -> str:
        return self._field("phone", lambda: self._profile.phone)

    @property
    def shows_exchange(self) -> bool:
        return "exchange" in self.fields


class Block(models.Model):
    """Two people who are not shown to each other, because one of them said so."""

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="blocks",
        verbose_name=_("who asked for it"),
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="blocked_by",
        verbose_name=_("who is kept away"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block"),
            models.CheckConstraint(
                condition=~Q(blocker=models.F("blocked")), name="not_oneself"
            ),
        ]

    def __str__(self):
        return f"{self.blocker_id} / {self.blocked_id}"
