"""What stands on the front page: chosen by the editors, or picked for a member."""

from django.db.models import Count, Q

from cms.models.works import LessonPage, WorkPage
from network.languages import reader_languages
from network.themes.models import Theme

SHOWN = 5
OPEN_THEMES = 12


def front(page, request) -> dict:
    if getattr(request.user, "is_member", False):
        return {"works": works_for(request)}
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


def works_for(request) -> list[WorkPage]:
    """New in the member's themes; until there are some, simply new."""
    works = WorkPage.objects.visible_to(request.user)
    profile = getattr(request.user, "profile", None)
    themes = list(profile.themes.values_list("pk", flat=True)) if profile else []
    marked = WorkPage.themes.through.objects.filter(theme__in=themes)
    mine = works.filter(pk__in=marked.values("workpage")) if themes else works
    best = mine.best_in(reader_languages(request)).prefetch_related("themes")
    return list(best.order_by("-published_on", "-pk")[:SHOWN])


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


def _works(request):
    works = WorkPage.objects.visible_to(request.user)
    return works.best_in(reader_languages(request)).prefetch_related("themes")
