from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.audience import (
    STAFF,
    AudienceField,
    AudienceQuerySet,
    allows,
    audiences_of,
)
from network.languages import content_language_choices


def moderated_by(user) -> set[int]:
    """Forums whose moderator this member is; no query, it is among the audiences."""
    keys = (audience.partition(".") for audience in audiences_of(user))
    return {int(pk) for kind, _dot, pk in keys if kind == "forum"}


class ForumQuerySet(AudienceQuerySet):
    def moderated_by(self, user):
        """Where this person may look and decide: their own; of staff all they see."""
        seen = self.visible_to(user)
        if STAFF in audiences_of(user):
            return seen
        return seen.filter(pk__in=moderated_by(user))

    def visible_to(self, user):
        """Its audience sees a forum, and whoever moderates it, if anybody sees it."""
        moderated = Q(pk__in=moderated_by(user)) & ~Q(audience="")
        return self.filter(Q(audience__in=audiences_of(user)) | moderated)


class Forum(models.Model):
    """A room for threads, seen by its audience; a room below it is never wider."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    description = models.TextField(_("description"), blank=True, max_length=600)
    audience = AudienceField(_("audience"))
    language = models.CharField(
        _("language"), max_length=2, blank=True, choices=content_language_choices
    )
    themes = models.ManyToManyField(
        "themes.Theme", blank=True, related_name="forums", verbose_name=_("themes")
    )
    moderators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="moderated_forums",
        verbose_name=_("moderators"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("forum above"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    hold_newcomers = models.PositiveSmallIntegerField(
        _("first posts that wait"),
        default=0,
        validators=[MaxValueValidator(20)],
        help_text=_(
            "So many posts of a new member are read by a moderator before others see "
            "them. 0: none."
        ),
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    partnership = models.ForeignKey(
        "exchange.Partnership",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="rooms",
        verbose_name=_("made for the partnership"),
    )
    round = models.OneToOneField(
        "exchange.Round",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="room",
        verbose_name=_("made for the round"),
    )
    country = models.CharField(
        _("made for the country"), max_length=2, blank=True, editable=False
    )

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(round=None),
                name="one_room_for_a_partnership",
            ),
            models.UniqueConstraint(
                fields=["country"],
                condition=~Q(country=""),
                name="one_room_for_a_country",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("forums:forum_detail", args=[self.slug])

    def clean(self):
        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": _("Forums stand at most two deep.")})
        if self.parent and not allows(self.parent.audience, self.audience):
            raise ValidationError(
                {"audience": _("Wider than the audience of the forum above.")}
            )

    @property
    def is_open(self) -> bool:
        return self.archived_at is None
