from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Substr
from wagtail.models import Site

from cms.models import WorkPage
from network.aggregates import Joined
from network.cards import card_rows, register_cards

# Of no page in the tree: what other apps answer.
ELSEWHERE = "people|forums|organisations|partnerships|themes|account|search|inbox"


@register_cards("work", rf"/((?!(?:{ELSEWHERE})/)[\w/-]+/)")
def works(user, paths):
    root = Site.get_site_root_paths()[0].root_path
    pages = WorkPage.objects.visible_to(user)
    pages = pages.filter(url_path__in=[root + path for path in paths])
    through = WorkPage.themes.through.objects.filter(workpage=OuterRef("pk"))
    themes = through.values("workpage").annotate(ids=Joined("theme")).values("ids")
    return card_rows(
        "work", pages, Substr(F("url_path"), len(root) + 1), "kind", "title",
        language="language", themes=Subquery(themes),
    )  # fmt: skip
