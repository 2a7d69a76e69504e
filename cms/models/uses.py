"""What is said of a lesson beside its text: how sure it is, and who used it.

Both belong to the work: they hang on the key that all its pages share, outside
Wagtail's revisions, so that no older draft and no translation brings back another.
"""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.models.works import LessonPage, WorkAuthor
from network.audience import MEMBERS, PUBLIC
from network.languages import content_language_choices
from network.people.models import Block, Profile


class LessonGrade(models.Model):
    """How well founded a lesson is, as an editor judges it."""

    translation_key = models.UUIDField(_("work"), primary_key=True)
    evidence = models.PositiveSmallIntegerField(
        _("evidence"), choices=LessonPage.Evidence
    )

    class Meta:
        verbose_name = _("grade of a lesson")
        verbose_name_plural = _("grades of lessons")

    def __str__(self):
        return self.get_evidence_display()


class LessonUseQuerySet(models.QuerySet):
    def counted(self):
        """Those that make the number of a lesson, one and the same for everybody.

        It says how the lesson was used, and whoever told the lesson does not count:
        so one person gives at most one, never to their own, and answers for it by
        name. And it is by somebody whom every member may see: neither the number nor
        the order of results can then tell of anybody who is hidden from the reader.
        """
        themselves = WorkAuthor.objects.filter(
            page__translation_key=OuterRef("translation_key"),
            person__user=OuterRef("person"),
        )
        keeps_away = Block.objects.filter(blocker=OuterRef("person"))
        return self.exclude(how="").filter(
            ~Exists(themselves),
            ~Exists(keeps_away),
            person__profile__audience__in=[PUBLIC, MEMBERS],
            person__profile__hidden_from=[],
        )

    def visible_to(self, user):
        """One's own, and those that count, where lesson and name reach the reader."""
        lessons = LessonPage.objects.visible_to(user).values("translation_key")
        known = self.counted().filter(
            person__profile__in=Profile.objects.visible_to(user)
        )
        either = Q(person=user.pk) | Q(pk__in=known.values("pk"))
        return self.filter(either, translation_key__in=lessons)


class LessonUse(models.Model):
    """“We used this”: said by a member, once for a work."""

    translation_key = models.UUIDField(_("work"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="lesson_uses",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        "exchange.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="lesson_uses",
        verbose_name=_("for"),
    )
    how = models.CharField(_("how it was used"), max_length=300, blank=True)
    language = models.CharField(
        _("language of the text"),
        max_length=2,
        choices=content_language_choices,
        default="en",
    )
    used_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = LessonUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a lesson")
        verbose_name_plural = _("uses of lessons")
        ordering = ["-used_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_key", "person"], name="one_use_of_a_work"
            )
        ]

    def __str__(self):
        return self.how or str(self.person_id)


def number_of_uses() -> Coalesce:
    """For a query of pages: how many uses of each one's work count."""
    uses = LessonUse.objects.filter(translation_key=OuterRef("translation_key"))
    rows = uses.counted().order_by().values("translation_key")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def grade_of_evidence() -> Coalesce:
    """For a query of pages: the grade of each one's work."""
    grades = LessonGrade.objects.filter(translation_key=OuterRef("translation_key"))
    return Coalesce(Subquery(grades.values("evidence")), 0)
