import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.exchange.models import Organisation, OrganisationMembership, Placement
from network.languages import country_choices
from network.people.filters import been_in_rules, extra_filters, themes_by_name
from network.people.models import Profile


class OrganisationFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Name"),
        method="by_name",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    theme = filters.ChoiceFilter(
        label=_("Theme"),
        field_name="themes",
        choices=themes_by_name,
        empty_label=_("All"),
    )
    country = filters.ChoiceFilter(
        label=_("Country"), choices=country_choices, empty_label=_("All")
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=Organisation.Kind.choices, empty_label=_("All")
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def by_name(self, rows, name, value):
        return rows.filter(Q(name__icontains=value) | Q(other_names__icontains=value))


def showing(field: str, viewer):
    return Profile.objects.showing(field, viewer)


def been_in(viewer, country: str) -> Q:
    """Profiles of those placed in a country, where the viewer may know it."""
    placed = Placement.objects.filter(to_country=country).values("person")
    told = showing("exchange", viewer).filter(user__in=placed)
    return Q(pk__in=told.values("pk"))


def organisation_filter(viewer):
    """Who works there, or was sent or received by it, as far as the viewer may know."""
    visible = Organisation.objects.visible_to(viewer)

    def narrow(people, name, organisation):
        if organisation is None:
            return people
        works = OrganisationMembership.objects.current().filter(
            organisation=organisation
        )
        by = Q(sending=organisation) | Q(host=organisation)
        placed = Placement.objects.filter(by)
        at_work = showing("work", viewer).filter(user__in=works.values("person"))
        been = showing("exchange", viewer).filter(user__in=placed.values("person"))
        either = Q(pk__in=at_work.values("pk")) | Q(pk__in=been.values("pk"))
        return people.filter(either)

    return filters.ModelChoiceFilter(
        label=_("Organisation"),
        queryset=visible,
        to_field_name="slug",
        method=narrow,
        empty_label=_("All"),
    )


been_in_rules.append(been_in)
extra_filters["organisation"] = organisation_filter
