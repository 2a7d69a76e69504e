"""What narrows the list of people; no filter tells what a viewer may not see."""

from collections.abc import Callable

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.languages import country_choices
from network.people.forms.profiles import usual_languages
from network.people.models import Profile
from network.people.models.profiles import holds
from network.themes.vocabulary import vocabulary

# Set by the exchange app. been_in_rules: function(viewer, country) -> Q of profiles
# placed there; extra_filters: name -> function(viewer) -> filter.
been_in_rules: list[Callable[..., Q]] = []
extra_filters: dict[str, Callable[..., filters.Filter]] = {}


def themes_by_name() -> list[tuple[int, str]]:
    """All themes for a list to choose one from, without a query."""
    words = vocabulary()
    names = ((pk, words.name(pk, get_language())) for pk in words.slugs)
    return sorted(names, key=lambda pair: pair[1].casefold())


class PersonFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Name"),
        method="by_name",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    theme = filters.ChoiceFilter(
        label=_("Theme"),
        method="by_theme",
        choices=themes_by_name,
        empty_label=_("All"),
    )
    country = filters.ChoiceFilter(
        label=_("Lives in or was in"),
        method="by_country",
        choices=country_choices,
        empty_label=_("All"),
    )
    language = filters.ChoiceFilter(
        label=_("Language"),
        method="by_language",
        choices=usual_languages,
        empty_label=_("All"),
    )

    class Meta:
        model = Profile
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.viewer = self.request.user
        for name, make in extra_filters.items():
            self.filters[name] = extra = make(self.viewer)
            extra.parent, extra.model = self, Profile

    def by_name(self, people, name, value):
        for word in value.split():
            named = Q(user__first_name__icontains=word)
            people = people.filter(named | Q(user__last_name__icontains=word))
        return people

    def by_theme(self, people, name, value):
        return people.showing("themes", self.viewer).filter(themes=value)

    def by_country(self, people, name, value):
        lives = people.showing("country", self.viewer).filter(country=value)
        been = Q(pk__in=lives.values("pk"))
        for rule in been_in_rules:
            been |= rule(self.viewer, value)
        return people.filter(been)

    def by_language(self, people, name, value):
        return people.showing("languages", self.viewer).filter(
            holds("languages", value)
        )
