"""Pages and works a reader may see. Every list of ours begins here."""

from django.db.models import QuerySet
from wagtail.models import Page

from cms.models import WorkPage
from network.audience import audiences_of
from network.languages import reader_languages


def pages_visible_to(user) -> QuerySet[Page]:
    """Live pages of all types whose audience `user` holds."""
    return Page.objects.live().filter(audience_row__audience__in=audiences_of(user))


def works_visible_to(user, languages: list[str]) -> QuerySet[WorkPage]:
    """Each work once, as the page in the language that stands first in `languages`."""
    return WorkPage.objects.visible_to(user).best_in(languages)


def more_like(work: WorkPage, themes, request, number: int = 3) -> list[WorkPage]:
    """Other works on any of `themes`, newest first."""
    shared = WorkPage.themes.through.objects.filter(theme__in=themes)
    works = WorkPage.objects.visible_to(request.user).filter(
        pk__in=shared.values("workpage")
    )
    others = works.exclude(translation_key=work.translation_key)
    best = others.best_in(reader_languages(request))
    return list(best.order_by("-published_on", "-pk")[:number])
