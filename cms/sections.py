"""What the CMS tells on a person's page."""

from django.utils.translation import get_language

from cms.models import WorkPage
from network.languages import CONTENT_LANGUAGES, NEAR
from network.people.sections import Section, register_section

SHOWN = 10


@register_section
def works_told(viewer, shown):
    """What the person has published under their name, as far as the viewer sees it."""
    if not shown.is_visible:
        return None
    own = get_language() or ""
    named = WorkPage.objects.visible_to(viewer).filter(
        attribution=WorkPage.Attribution.NAMED,
        pk__in=WorkPage.objects.filter(authors__person__user=shown.user_id),
    )
    works = named.best_in([own, NEAR.get(own, own), "en", *CONTENT_LANGUAGES])
    newest = works.select_related("lessonpage").order_by("-published_on", "-pk")
    items = [work.item for work in newest[:SHOWN]]
    return Section("cms/_told.html", "main", {"items": items}) if items else None
