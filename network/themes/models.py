import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from network.languages import content_language_choices


class Theme(ClusterableModel):
    """An entry of the vocabulary shared by knowledge, people and talk."""

    class Scheme(models.TextChoices):
        SDG = "sdg", _("Sustainable development goal")
        CONCERN = "concern", _("Cross-cutting concern")
        SECTOR = "sector", _("Sector")
        PROCESS = "process", _("The exchange, step by step")
        SUCCESS = "success", _("What makes it succeed")
        FOCUS = "focus", _("Focus area")

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before")
        DURING = "during", _("During")
        AFTER = "after", _("After")

    slug = models.SlugField(_("address"), unique=True)
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    code = models.CharField(
        _("code"), max_length=10, blank=True, help_text=_("The number of a goal.")
    )
    phase = models.CharField(
        _("phase"),
        max_length=10,
        choices=Phase,
        blank=True,
        help_text=_("When in the exchange, for its steps."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("wider theme"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    is_moving = False  # to another wider theme, by the save under way

    class Meta:
        ordering = ["scheme", "position", "slug"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """Preferred label in the interface's language (no query of its own)."""
        from network.themes.vocabulary import vocabulary

        return vocabulary().name(self.pk, get_language()) or self.slug

    @property
    def note(self) -> str:
        """One sentence on what belongs here, in the interface's language."""
        from network.themes.vocabulary import vocabulary

        return vocabulary().note(self.pk, get_language())

    def clean(self):
        """Two levels within a scheme: a list with short branches, without circles."""
        parent = self.parent
        if parent is None:
            return
        problem = ""
        if parent.scheme != self.scheme:
            problem = _("A wider theme must be of the same scheme.")
        elif parent.parent_id or parent.pk == self.pk:
            problem = _("A wider theme must not have a wider one itself.")
        elif self.pk and self.children.exists():
            problem = _("A theme with narrower ones cannot have a wider one.")
        if problem:
            raise ValidationError({"parent": problem})

    def get_absolute_url(self):
        return reverse("themes:theme_detail", args=[self.slug])


class ThemeLabel(models.Model):
    """What a theme is called in one language: one preferred label, any synonyms."""

    theme = ParentalKey(
        Theme, on_delete=models.CASCADE, related_name="labels", verbose_name=_("theme")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=content_language_choices
    )
    text = models.CharField(_("label"), max_length=120)
    preferred = models.BooleanField(
        _("preferred"), default=False, help_text=_("Not ticked: a synonym.")
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("One sentence on what belongs here; with the preferred label."),
    )

    class Meta:
        ordering = ["language", "-preferred", "text"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "language", "text"], name="theme_label_once"
            ),
            models.UniqueConstraint(
                fields=["theme", "language"],
                condition=models.Q(preferred=True),
                name="theme_one_preferred_label",
                violation_error_message=_(
                    "A theme has one preferred label in each language."
                ),
            ),
        ]

    def __str__(self):
        return self.text


class ShippedTheme(models.Model):
    """What `load_themes` last wrote, so that it keeps what staff have changed since."""

    slug = models.SlugField(_("address"), primary_key=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("shipped theme")
        verbose_name_plural = _("shipped themes")

    def __str__(self):
        return self.slug


class VocabularyVersion(models.Model):
    """One row whose token changes with the vocabulary, so that each process knows."""

    token = models.UUIDField(_("token"), default=uuid.uuid4)

    class Meta:
        verbose_name = _("version of the vocabulary")
        verbose_name_plural = _("versions of the vocabulary")

    def __str__(self):
        return str(self.token)

    @classmethod
    def current(cls, lock: bool = False) -> uuid.UUID:
        """The token; locked, it stays until this transaction ends."""
        rows = cls.objects.select_for_update() if lock else cls.objects
        return rows.get_or_create(pk=1)[0].token
