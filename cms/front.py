"""What stands on the front page: chosen by the editors, or picked for a member."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.models.works import LessonPage, WorkPage
from network.exchange.route import current_placement
from network.home import home_sections
from network.languages import reader_languages
from network.themes.models import Theme

SHOWN = 5
OPEN_THEMES = 12
STEPS = {
    "before": {
        "title": _("Read what others wish they had known"),
        "text": _("Lessons from those who planned, agreed and packed before you."),
        "action": _("Lessons for before you leave"),
    },
    "during": {
        "title": _("See how others got through the same weeks"),
        "text": _("Lessons from hosts and guests while it was happening."),
        "action": _("Lessons for while it happens"),
    },
    "after": {
        "title": _("See what others brought home"),
        "text": _("Whoever comes home brings the most. This is how it was put to use."),
        "action": _("Lessons for coming home"),
    },
}


def front(page, request) -> dict:
    if getattr(request.user, "is_member", False):
        return member_front(request)
    return {
        "works": featured(page, request),
        "phases": phases(request),
        "themes": themes(request),
    }


def featured(page, request) -> list[WorkPage]:
    """The editors' choice in the reader's language; without one, the newest."""
    works = _works(request)
    keys = [row.work.translation_key for row in page.featured.select_related("work")]
    if not keys:
        return list(works.order_by("-published_on", "-pk")[:SHOWN])
    chosen = works.filter(translation_key__in=keys)
    return sorted(chosen, key=lambda work: keys.index(work.translation_key))


def member_front(request) -> dict:
    """New in the member's themes (without any, simply new), and what to do next."""
    profile = getattr(request.user, "profile", None)
    chosen = list(profile.themes.values_list("pk", flat=True)) if profile else []
    works = _works(request, chosen)
    sections = home_sections(request)
    return {
        "works": list(works.order_by("-published_on", "-pk")[:SHOWN]),
        "own_themes": bool(chosen),
        "step": next_step(request.user, chosen),
        "sections": sections,
        "top": next((one for one in sections if one.place == "top"), None),
    }


def next_step(user, themes: list[int]) -> dict:
    """One thing worth doing now, by where the member's exchange is."""
    if not themes:
        return {
            "title": _("Choose your themes"),
            "text": _("Then this page shows what is new in them, and others find you."),
            "action": _("Edit my profile"),
            "url": reverse("people:profile_edit"),
        }
    return {
        "url": reverse("cms:work_list") + f"?phase={phase(user)}",
        **STEPS[phase(user)],
    }


def phase(user) -> str:
    """Where the member's placement stands; without one, before."""
    placement = current_placement(user)
    return placement.phase if placement else "before"


def phases(request) -> dict[str, int]:
    """Lessons for each phase, each work once."""
    lessons = LessonPage.objects.visible_to(request.user)
    counts = lessons.values("phase").annotate(n=Count("translation_key", distinct=True))
    return {row["phase"]: row["n"] for row in counts.order_by()}


def themes(request) -> list[Theme]:
    """Themes with the most that this reader may open."""
    works = WorkPage.objects.visible_to(request.user)
    number = Count("works__translation_key", distinct=True, filter=Q(works__in=works))
    open_ones = Theme.objects.annotate(number=number).filter(number__gt=0)
    return list(open_ones.order_by("-number", "pk")[:OPEN_THEMES])


def _works(request, themes: list[int] = ()):
    works = WorkPage.objects.visible_to(request.user)
    if themes:
        marked = WorkPage.themes.through.objects.filter(theme__in=themes)
        works = works.filter(pk__in=marked.values("workpage"))
    return works.best_in(reader_languages(request)).select_related("lessonpage")
