"""Knowledge: articles, stories, guides and lessons. One work, a page a language."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from cms.blocks import AdviceBlock, BodyBlock, LevelsBlock, VoicesBlock
from cms.models.pages import TOP_PANELS, ContentPage
from cms.page_forms import LessonForm, WorkForm
from network.about import about_sections
from network.languages import country_choices, country_name

LEVELS = {
    "individual": ("l1", _("Individual")),
    "organisation": ("l2", _("Organisation")),
    "community": ("l3", _("Community")),
}
EVIDENCE_MEANS = {
    1: _("One person’s own experience."),
    2: _("More than one of those who took part say the same."),
    3: _("Records, figures or reports show it."),
    4: _("It was examined by a method: an evaluation or research."),
}
REVIEW = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Byline:
    name: str
    url: str = ""


class WorkPage(ContentPage):
    """What articles and lessons share: authors, themes, countries, source."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        STORY = "story", _("Story")
        GUIDE = "guide", _("Guide")
        LESSON = "lesson", _("Lesson")

    class Attribution(models.TextChoices):
        NAMED = "named", _("By name")
        ROLE = "role", _("By role")
        ANONYMOUS = "anonymous", _("Without a name")

    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE, db_index=True
    )
    summary = models.TextField(_("summary"), max_length=400, blank=True)
    themes = ParentalManyToManyField(
        "themes.Theme", blank=True, related_name="works", verbose_name=_("themes")
    )
    countries = models.JSONField(_("countries"), default=list, blank=True)
    attribution = models.CharField(
        _("authors are shown"),
        max_length=10,
        choices=Attribution,
        default=Attribution.NAMED,
    )
    role = models.CharField(
        _("role shown"),
        max_length=120,
        blank=True,
        help_text=_("Instead of the name: “coordinator, Malawi”."),
    )
    published_on = models.DateField(_("date"), null=True, blank=True, db_index=True)
    licence = models.CharField(
        _("licence"), max_length=80, blank=True, default="CC BY 4.0"
    )
    licence_url = models.URLField(_("address of the licence"), blank=True)
    credit = models.CharField(
        _("credit"),
        max_length=300,
        blank=True,
        help_text=_("The line that the licence of an imported text asks for."),
    )
    source_id = models.CharField(
        _("source id"),
        max_length=300,
        null=True,
        blank=True,
        unique=True,
        editable=False,
    )
    source_digest = models.CharField(
        _("digest of the source"), max_length=64, blank=True, editable=False
    )
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    read_fields: tuple[str, ...] = ()
    exclude_fields_in_copy = ["source_id", "source_digest"]
    base_form_class = WorkForm
    is_creatable = False
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")

    def save(self, *args, **kwargs):
        if self.live and self.published_on is None:
            self.published_on = (self.first_published_at or timezone.now()).date()
        super().save(*args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        from cms.queries import more_like

        themes = list(self.themes.all())
        return {
            **super().get_context(request, *args, **kwargs),
            "bylines": self.bylines(request.user),
            "themes": themes,
            "related": more_like(self, themes, request),
            "about_sections": about_sections(request, self),
            "crumbs": [(_("Knowledge"), reverse("cms:work_list"), "")],
        }

    @property
    def lesson(self) -> "LessonPage | None":
        return getattr(self, "lessonpage", None)

    @property
    def place(self) -> str:
        """“Norway → Tanzania” where the lesson says so, else the countries."""
        lesson = self.lesson
        if lesson and lesson.context_from and lesson.context_to:
            ends = (lesson.context_from, lesson.context_to)
            return " → ".join(country_name(code) for code in ends)
        return ", ".join(country_name(code) for code in self.countries)

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        return max(1, round(len(self.words_of(*self.read_fields).split()) / 200))

    @property
    def item(self) -> dict:
        """As includes/_item.html shows a work in a list."""
        return {
            "kind": self.kind,
            "title": self.title,
            "url": self.url,
            "language": self.language,
            "summary": self.summary,
            "outcome": self.lesson.outcome if self.lesson else "",
            "facts": [self.place] if self.place else [],
        }

    def bylines(self, viewer) -> list["Byline"]:
        """Who tells it, as they chose to be shown. The one way to an author's name.

        A member's name shows where it was printed with the text, or where the
        profile shows it to the viewer anyway; only then does it lead to the profile.
        """
        if self.attribution == self.Attribution.ANONYMOUS:
            return []
        if self.attribution == self.Attribution.ROLE:
            return [Byline(self.role)] if self.role else []
        authors = self.authors.select_related("person__user")
        return [line for author in authors if (line := author.byline(viewer)).name]


class WorkAuthor(Orderable):
    """A member, or a plain name (imported works)."""

    page = ParentalKey(
        WorkPage,
        on_delete=models.CASCADE,
        related_name="authors",
        verbose_name=_("work"),
    )
    person = models.ForeignKey(
        "people.Profile",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="authored",
        verbose_name=_("member"),
    )
    name = models.CharField(
        _("name"), max_length=200, blank=True, help_text=_("If not a member.")
    )

    panels = [FieldPanel("person"), FieldPanel("name")]

    class Meta(Orderable.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self):
        return self.name or str(self.person or "")

    def byline(self, viewer) -> Byline:
        shown = self.person.shown_to(viewer) if self.person else None
        if shown is None or not shown.is_visible:
            return Byline(self.name)
        return Byline(self.name or shown.name, shown.url)


SOURCE_PANELS = [
    MultiFieldPanel(
        [
            InlinePanel("authors", label=_("Author")),
            FieldPanel("attribution"),
            FieldPanel("role"),
        ],
        _("Told by"),
    ),
    MultiFieldPanel(
        [
            FieldPanel("published_on"),
            FieldPanel("licence"),
            FieldPanel("licence_url"),
            FieldPanel("credit"),
            FieldPanel("source_name"),
            FieldPanel("source_url"),
        ],
        _("Source and licence"),
    ),
]
ABOUT_PANELS = [FieldPanel("themes"), FieldPanel("countries")]


class ArticlePage(WorkPage):
    read_fields = ("body",)

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *TOP_PANELS,
        FieldPanel("kind"),
        FieldPanel("summary"),
        FieldPanel("body"),
        *ABOUT_PANELS,
        *SOURCE_PANELS,
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class LessonPage(WorkPage):
    """What was learnt: the challenge, what was done, how it went, and why."""

    class LessonKind(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        PRACTICE = "practice", _("Good practice")
        CHALLENGE = "challenge", _("Unsolved challenge")
        FAILURE = "failure", _("Failure")
        CHANGE = "change", _("Changed course")
        METHOD = "method", _("New method")

    class Outcome(models.TextChoices):
        WORKED = "worked", _("Worked")
        PARTLY = "partly", _("Partly worked")
        NOT = "not", _("Did not work")
        EARLY = "early", _("Too early to say")

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before")
        DURING = "during", _("During")
        AFTER = "after", _("After")

    class Step(models.TextChoices):
        DESIGN = "design", _("Design")
        AGREEMENT = "agreement", _("Agreement")
        RECRUITMENT = "recruitment", _("Recruitment")
        PREPARATION = "preparation", _("Preparation")
        ARRIVAL = "arrival", _("Arrival")
        HOSTING = "hosting", _("Hosting")
        RETURN = "return", _("Return")
        FOLLOW_UP = "follow-up", _("Follow-up")

    class SourceRole(models.TextChoices):
        RETURNED = "returned", _("Returned participant")
        HOSTED = "hosted", _("Hosted participant")
        COLLEAGUE = "colleague", _("Host colleague")
        COORDINATOR = "coordinator", _("Coordinator")
        LEADER = "leader", _("Leader")
        PROGRAMME = "programme", _("The exchange programme")

    class LearntBy(models.TextChoices):
        REFLECTION = "reflection", _("Reflection")
        REVIEW = "review", _("After-action review")
        SURVEY = "survey", _("Survey")
        EVALUATION = "evaluation", _("Evaluation")
        RESEARCH = "research", _("Research")

    class Evidence(models.IntegerChoices):
        """How well founded it is; search reads the number."""

        NOT_GRADED = 0, _("Not graded")
        ONE = 1, _("Told by one")
        SEVERAL = 2, _("Several agree")
        DOCUMENTED = 3, _("Documented")
        EVALUATED = 4, _("Evaluated")

    base_form_class = LessonForm
    read_fields = (
        "challenge",
        "what_we_did",
        "why",
        "voices",
        "advice",
        "when_to_use",
        "when_not",
        "context",
        "believed_before",
        "know_now",
        "adapted",
        "levels",
        "body",
    )

    lesson_kind = models.CharField(
        _("kind of lesson"),
        max_length=10,
        choices=LessonKind,
        default=LessonKind.LESSON,
    )
    challenge = models.TextField(_("the challenge"), max_length=600)
    what_we_did = models.TextField(_("what we did"), max_length=1500)
    outcome = models.CharField(
        _("how it went"), max_length=10, choices=Outcome, db_index=True
    )
    why = models.TextField(_("why"), max_length=1500)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, db_index=True)
    step = models.CharField(_("step"), max_length=12, choices=Step, blank=True)
    source_role = models.CharField(_("told by"), max_length=12, choices=SourceRole)
    voices = StreamField(VoicesBlock(), verbose_name=_("two sides of it"), blank=True)
    advice = StreamField(AdviceBlock(), verbose_name=_("advice"), blank=True)
    when_to_use = models.TextField(_("use it when"), max_length=600, blank=True)
    when_not = models.TextField(_("not when"), max_length=600, blank=True)
    context_from = models.CharField(
        _("from country"), max_length=2, blank=True, choices=country_choices
    )
    context_to = models.CharField(
        _("to country"), max_length=2, blank=True, choices=country_choices
    )
    context = models.TextField(_("place and partners"), max_length=600, blank=True)
    adapted = models.TextField(
        _("how we adapted it at home"), max_length=1000, blank=True
    )
    believed_before = models.TextField(
        _("what we believed"), max_length=600, blank=True
    )
    know_now = models.TextField(_("what we know now"), max_length=600, blank=True)
    levels = StreamField(LevelsBlock(), verbose_name=_("what came of it"), blank=True)
    learnt_by = models.CharField(
        _("learnt by"), max_length=12, choices=LearntBy, blank=True
    )
    body = StreamField(BodyBlock(), verbose_name=_("more"), blank=True)

    content_panels = [
        *TOP_PANELS,
        MultiFieldPanel(
            [
                FieldPanel("summary"),
                FieldPanel("challenge"),
                FieldPanel("what_we_did"),
                FieldPanel("outcome"),
                FieldPanel("why"),
                FieldPanel("phase"),
                FieldPanel("step"),
                FieldPanel("source_role"),
            ],
            _("The lesson"),
        ),
        *ABOUT_PANELS,
        FieldPanel("voices"),
        FieldPanel("advice"),
        MultiFieldPanel([FieldPanel("when_to_use"), FieldPanel("when_not")], _("When")),
        MultiFieldPanel(
            [
                FieldPanel("context_from"),
                FieldPanel("context_to"),
                FieldPanel("context"),
                FieldPanel("learnt_by"),
                FieldPanel("lesson_kind"),
                FieldPanel("evidence"),
            ],
            _("Context"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("believed_before"),
                FieldPanel("know_now"),
                FieldPanel("adapted"),
            ],
            _("What changed"),
        ),
        FieldPanel("levels"),
        FieldPanel("body"),
        *SOURCE_PANELS,
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    @property
    def lesson(self) -> "LessonPage":
        return self

    @property
    def evidence(self) -> Evidence:
        return self.Evidence(self._said["evidence"])

    @property
    def evidence_means(self) -> str:
        return EVIDENCE_MEANS.get(self.evidence, "")

    @property
    def used_by(self) -> int:
        return self._said["used_by"]

    @cached_property
    def _said(self) -> dict[str, int]:
        """Of the work, beside its text (cms/models/uses.py), in one query."""
        from cms.models.uses import grade_of_evidence, number_of_uses

        rows = LessonPage.objects.filter(pk=self.pk)
        said = rows.values(evidence=grade_of_evidence(), used_by=number_of_uses())
        return said.first() or {"evidence": 0, "used_by": 0}

    def get_context(self, request, *args, **kwargs):
        from cms.uses import uses_of

        context = super().get_context(request, *args, **kwargs)
        return {**context, **uses_of(self, request)}

    @property
    def is_due(self) -> bool:
        """Two years old: somebody should say whether it still holds."""
        return bool(self.published_on) and self.published_on + REVIEW < date.today()

    @property
    def results(self) -> list[dict]:
        """All three levels in order, also those with nothing to show."""
        told = {block.value["level"]: dict(block.value) for block in self.levels}
        return [
            {"icon": icon, "label": label, **told.get(level, {})}
            for level, (icon, label) in LEVELS.items()
        ]

    def save(self, *args, **kwargs):
        self.kind = self.Kind.LESSON
        super().save(*args, **kwargs)
