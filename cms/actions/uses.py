"""How sure a lesson is, and who used it: both are of the work, not of one page."""

from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log

from cms.events import EvidenceGraded, LessonUsed
from cms.models import LessonGrade, LessonPage, LessonUse, WorkPage
from network.events import publish
from network.exchange.models import Organisation
from network.people.models import User


@transaction.atomic
def use_lesson(
    lesson: LessonPage,
    person: User,
    *,
    how: str = "",
    language: str = "en",
    organisation: Organisation | None = None,
) -> LessonUse:
    """Say that one used it, or more about how: said twice, the later words stand."""
    use, _new = LessonUse.objects.update_or_create(
        translation_key=lesson.translation_key,
        person=person,
        defaults={"how": how, "language": language, "organisation": organisation},
    )
    publish(LessonUsed(translation_key=str(use.translation_key)))
    return use


@transaction.atomic
def remove_use(use: LessonUse) -> None:
    LessonUse.objects.filter(pk=use.pk).delete()
    publish(LessonUsed(translation_key=str(use.translation_key)))


@transaction.atomic
def grade_evidence(lesson: LessonPage, evidence: int, by: User | None = None) -> None:
    """Holds at once, for the work in all its languages."""
    LessonGrade.objects.update_or_create(
        translation_key=lesson.translation_key, defaults={"evidence": evidence}
    )
    if lesson.pk:
        log(lesson, "cms.evidence", user=by, data={"evidence": evidence})
    publish(EvidenceGraded(translation_key=str(lesson.translation_key)))


@transaction.atomic
def forget_work(translation_key: UUID | str) -> None:
    """With the last page of a work goes what was said of it."""
    if not WorkPage.objects.filter(translation_key=translation_key).exists():
        LessonUse.objects.filter(translation_key=translation_key).delete()
        LessonGrade.objects.filter(translation_key=translation_key).delete()
