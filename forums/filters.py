"""Which threads of all forums a list shows."""

from functools import lru_cache

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from forums.models import Post, Thread, shown_to
from forums.unread import new_only, unread_only
from network.audience import PreparedFor
from network.languages import content_language_choices
from network.prepared import Rows
from network.themes.vocabulary import vocabulary


def unanswered_only(threads, reader):
    """Open questions to which nobody else has written, as far as one sees."""
    answers = Post.objects.filter(shown_to(reader), thread=OuterRef("pk"), number__gt=1)
    # Whoever asked may have no account: then nobody with one is them.
    answers = answers.exclude(author=Coalesce(OuterRef("author"), 0))
    asked = threads.filter(kind=Thread.Kind.QUESTION, closed_at=None)
    return asked.filter(~Exists(answers), accepted_post=None)


def own_only(threads, reader):
    """Begun or written in."""
    written = Post.objects.filter(author=reader.pk, thread=OuterRef("pk"))
    return threads.filter(Q(author=reader.pk) | Exists(written))


def theme_choices() -> list[tuple[str, str]]:
    """Themes by name, as (slug, name), without a query."""
    known = vocabulary()
    return [(known.slugs[pk], name) for pk, name in known.by_name(get_language())]


LISTS = {
    "latest": (_("Latest"), None),
    "new": (pgettext_lazy("threads", "New"), new_only),
    "unread": (pgettext_lazy("threads", "Unread"), unread_only),
    "unanswered": (_("Unanswered"), unanswered_only),
    "mine": (_("Mine"), own_only),
}
OF_MEMBERS = ("new", "unread", "mine")  # need somebody who reads


def lists_for(reader) -> list[tuple[str, str]]:
    """(name, label) of the lists there are for this reader."""
    left_out = () if reader.is_authenticated else OF_MEMBERS
    return [(x, label) for x, (label, _only) in LISTS.items() if x not in left_out]


def _all_threads(reader) -> QuerySet:
    """Of all forums that are in use, as the reader sees them."""
    return Thread.objects.visible_to(reader).filter(forum__archived_at=None)


def in_order(threads: QuerySet) -> QuerySet:
    """Their ids, the newest first."""
    return threads.order_by("-last_post_at", "-pk").values_list("pk")


@lru_cache
def _whole(name: str) -> PreparedFor:
    _label, only = LISTS[name]

    def build(reader):
        threads = _all_threads(reader)
        return in_order(only(threads, reader) if only else threads)

    return PreparedFor(build)


class ThreadFilter(filters.FilterSet):
    show = filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _only) in LISTS.items()],
        method="by_list",
        widget=forms.HiddenInput,
    )
    theme = filters.ChoiceFilter(
        label=_("Theme"),
        method="by_theme",
        choices=theme_choices,
        empty_label=_("All"),
    )
    language = filters.ChoiceFilter(
        label=_("Language"), choices=content_language_choices, empty_label=_("All")
    )

    class Meta:
        model = Thread
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Of all that the reader sees, made only where a list is narrowed."""
        return super().filter_queryset(_all_threads(self.request.user))

    @property
    def rows(self) -> QuerySet | Rows:
        """Of a page's threads; whole lists without writing SQL anew."""
        if self.is_narrowed:
            return in_order(self.qs)
        return Rows(_whole(self.shown), self.request.user)

    @property
    def shown(self) -> str:
        """The list that is shown; whatever else was asked for is the latest."""
        name = self.data.get("show", "")
        return name if name in dict(lists_for(self.request.user)) else "latest"

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("theme", "language"))

    def by_list(self, threads, name, value):
        _label, only = LISTS[self.shown]
        return only(threads, self.request.user) if only else threads

    def by_theme(self, threads, name, value):
        """The theme and those below it. A join would count threads twice."""
        known = vocabulary()
        theme = known.by_slug(value)
        wanted = [theme, *known.children.get(theme, [])]
        marked = Thread.themes.through.objects.filter(theme__in=wanted)
        return threads.filter(pk__in=marked.values("thread"))
