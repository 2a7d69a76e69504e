"""What a lesson's page tells of those who used it, and asks of the reader."""

from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, When

from cms.forms import UseForm
from cms.models import LessonPage, LessonUse
from cms.models.pages import is_preview
from cms.permissions import can_remove_use, can_use
from network.audience import audiences_of
from network.exchange.models import Organisation

SHOWN = 20


@dataclass(frozen=True)
class Told:
    """One use, as far as the reader may know who it was and for whom."""

    use: LessonUse
    name: str
    url: str
    organisation: Organisation | None
    can_remove: bool


def uses_of(lesson: LessonPage, request) -> dict:
    """How many used it, the newest the reader may know of, and the reader's own."""
    uses = LessonUse.objects.filter(translation_key=lesson.translation_key)
    counts = Exists(uses.counted().filter(pk=OuterRef("pk")))
    own_first = Case(When(person=request.user.pk, then=0), default=1)
    rows = uses.visible_to(request.user).annotate(counts=counts)
    rows = rows.select_related("person__profile", "organisation")
    rows = list(rows.order_by(own_first, "-used_at", "-pk")[:SHOWN])
    own = next((use for use in rows if use.person_id == request.user.pk), None)
    asked = not is_preview(request) and can_use(request.user, lesson)
    return {
        "used_by": lesson.used_by,
        "uses": [told_to(request.user, use) for use in rows if use.counts],
        "own_use": own,
        "use_form": UseForm(user=request.user, use=own) if asked else None,
    }


def told_to(viewer, use: LessonUse) -> Told:
    shown = use.person.profile.shown_to(viewer)
    organisation = use.organisation
    if organisation and organisation.audience not in audiences_of(viewer):
        organisation = None
    return Told(use, shown.name, shown.url, organisation, can_remove_use(viewer, use))
