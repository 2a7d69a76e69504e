"""What the list of knowledge is narrowed by."""

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.models import LessonPage, WorkPage
from network.languages import content_language_choices, country_choices
from network.people.models.profiles import holds
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary


def theme_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Themes by scheme, each by name, as (slug, name)."""
    themes = {scheme: [] for scheme in Theme.Scheme}
    for theme in Theme.objects.only("pk", "slug", "scheme", "position"):
        themes[theme.scheme].append((theme.slug, theme.name))
    return [(Theme.Scheme(scheme).label, rows) for scheme, rows in themes.items()]


class WorkFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=WorkPage.Kind.choices, empty_label=_("All")
    )
    theme = filters.ChoiceFilter(
        label=_("Theme"), method="by_theme", choices=theme_choices, empty_label=_("All")
    )
    country = filters.ChoiceFilter(
        label=_("Country"),
        method="by_country",
        choices=country_choices,
        empty_label=_("All"),
    )
    language = filters.ChoiceFilter(
        label=_("Language"), choices=content_language_choices, empty_label=_("All")
    )
    phase = filters.ChoiceFilter(
        label=_("When in the exchange"),
        field_name="lessonpage__phase",
        choices=LessonPage.Phase.choices,
        empty_label=_("All"),
    )
    outcome = filters.ChoiceFilter(
        label=_("How it went"),
        field_name="lessonpage__outcome",
        choices=LessonPage.Outcome.choices,
        empty_label=_("All"),
    )

    class Meta:
        model = WorkPage
        fields: list[str] = []

    def by_theme(self, works, name, value):
        """The theme and those below it. A subquery: a join would count works twice."""
        known = vocabulary()
        theme = known.by_slug(value)
        wanted = [theme, *known.children.get(theme, [])]
        marked = WorkPage.themes.through.objects.filter(theme__in=wanted)
        return works.filter(pk__in=marked.values("workpage"))

    def by_country(self, works, name, value):
        place = Q(lessonpage__context_from=value) | Q(lessonpage__context_to=value)
        return works.filter(holds("countries", value) | place)
