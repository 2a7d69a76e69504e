from django.db.models import OuterRef, Subquery, Value

from forums.models import Forum, Thread
from network.aggregates import Joined
from network.cards import by_id, card_rows, register_cards


@register_cards("thread", r"/forums/thread/(\d+)(?:-[\w-]+/|/\d+/)")
def threads(user, keys):
    """By its own address or that of a post in it."""
    rows = Thread.objects.visible_to(user).filter(pk__in=by_id(keys))
    through = Thread.themes.through.objects.filter(thread=OuterRef("pk"))
    themes = through.values("thread").annotate(ids=Joined("theme")).values("ids")
    return card_rows(
        "thread", rows, "pk", "kind", "title",
        language="language", themes=Subquery(themes),
    )  # fmt: skip


@register_cards("forum", r"/forums/((?!threads/|drafts/|rooms/|discuss/)[\w-]+)/")
def forums(user, slugs):
    rows = Forum.objects.visible_to(user).filter(slug__in=slugs)
    return card_rows("forum", rows, "slug", Value("forum"), "name", language="language")
