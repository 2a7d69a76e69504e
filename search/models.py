from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.permissions import known_to as pages_known_to


class IndexName(models.Model):
    """The Elasticsearch index that answers, and the one being built beside it.

    Writes go to each of them: an alias over two indices refuses writes. While one
    version of the site takes over from another, each has its own.
    """

    class Role(models.TextChoices):
        CURRENT = "current", _("answers searches")
        BUILDING = "building", _("being built")
        RETIRED = "retired", _("answered until a moment ago")

    role = models.CharField(max_length=10, choices=Role.choices)
    name = models.CharField(max_length=100)
    schema = models.CharField(max_length=20)
    names = models.JSONField(default=dict)  # as of search.engines.naming

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "schema"], name="one_index_per_role"
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.role})"


class Rebuild(models.Model):
    """One rebuilding of the whole index: how far it is, and who is at it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        ABORTED = "aborted", _("aborted")
        FAILED = "failed", _("failed")

    class Stage(models.TextChoices):
        """What is done to the new index, one after the other."""

        FILLING = "filling"
        COMPLETING = "completing"  # is anything of the database missing in it?
        COMPARING = "comparing"  # does it say anything that the database does not?

    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.RUNNING
    )
    begun = models.BooleanField(default=False)
    stage = models.CharField(
        max_length=10, choices=Stage.choices, default=Stage.FILLING
    )
    engine = models.CharField(max_length=40, blank=True)  # and version of its schema
    source = models.CharField(max_length=50, blank=True)
    last_pk = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # Of the comparison: how far it is, what it put right, what there should be of
    # each kind and audience, which time it is done, and when that began.
    last_key = models.CharField(max_length=200, blank=True)
    compared = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict)
    look = models.PositiveIntegerField(default=1)
    look_began_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it failed
    held_until = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="running"),
                name="one_rebuild_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.done}/{self.total} ({self.status})"


class PromotedQuerySet(models.QuerySet):
    def known_to(self, user):
        """What an editor may work on: not even its queries tell of a page unseen."""
        pages = pages_known_to(Page.objects.all(), user)
        return self.filter(page__page_ptr__in=pages.values("pk"))


class PromotedResult(models.Model):
    """A page that editors put first where a query has certain words, or a theme."""

    phrases = models.TextField(
        _("queries"),
        blank=True,
        help_text=_(
            "One on each line, in any of our languages. A query that has these words "
            "together, in any of their forms, shows the page first."
        ),
    )
    theme = models.ForeignKey(
        "themes.Theme",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theme"),
        help_text=_("Also for all queries that name this theme, by any of its labels."),
    )
    page = models.ForeignKey(
        "cms.WorkPage",
        models.CASCADE,
        related_name="+",
        verbose_name=_("page"),
        help_text=_("Shown to those who may see it, in the language they read best."),
    )
    shown_from = models.DateField(_("from"), null=True, blank=True)
    shown_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day it is shown.")
    )
    position = models.PositiveIntegerField(
        _("order"),
        default=0,
        help_text=_("The lowest number first. A query shows three of them at most."),
    )

    objects = PromotedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shown_until__gte=models.F("shown_from"))
                | models.Q(shown_from=None)
                | models.Q(shown_until=None),
                name="promoted_until_after_from",
                violation_error_message=_("The period ends before it begins."),
            )
        ]

    def __str__(self):
        """Never the page's title: logs show this to all editors."""
        return ", ".join(self.phrase_list) or str(self.theme or _("no query"))

    @property
    def phrase_list(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.phrases.splitlines())
        return [line for line in lines if line]

    def is_shown_on(self, day: date) -> bool:
        return (self.shown_from or day) <= day <= (self.shown_until or day)

    def has_ended_by(self, day: date) -> bool:
        return self.shown_until is not None and self.shown_until < day


class Synonym(models.Model):
    """Words that mean the same and are no theme: «fredskorpset, norec, fk norway»."""

    words = models.CharField(
        _("words that mean the same"),
        max_length=400,
        help_text=_("With commas between: fredskorpset, norec, fk norway."),
    )

    class Meta:
        ordering = ["words"]
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self):
        return self.words

    @property
    def word_list(self) -> list[str]:
        parts = (" ".join(part.split()) for part in self.words.split(","))
        return list(dict.fromkeys(part for part in parts if part))


class QueryLog(models.Model):
    """How often something was asked on a day, by readers of a language. No person.

    `digest` stands for the words, which are written out only once enough have asked
    (search/log.py says when). `themes` are ids between commas: «,3,17,».
    """

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=2)
    digest = models.CharField(_("digest"), max_length=64)
    words = models.CharField(_("words"), max_length=80, blank=True)
    themes = models.CharField(_("themes"), max_length=100, blank=True)
    asked = models.PositiveIntegerField(_("times asked"), default=0)
    nothing = models.PositiveIntegerField(_("times nothing was found"), default=0)

    class Meta:
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "day", "language"], name="query_once_a_day"
            )
        ]
        indexes = [models.Index(fields=["day"], name="query_day")]

    def __str__(self):
        return self.words or "…"
