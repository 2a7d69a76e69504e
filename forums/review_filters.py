"""What narrows the queue and the list of decisions."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from forums.models import Forum, Review
from forums.models.reviews import standing_in

KINDS = [("reported", _("Reported")), ("held", _("First posts"))]
MINE = [("free", _("Nobody has taken it")), ("mine", _("I have taken it"))]


def moderated_forums(request):
    return Forum.objects.moderated_by(request.user).order_by("name")


class ReviewFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(
        label=_("What"), choices=KINDS, method="by_kind", empty_label=_("All")
    )
    forum = filters.ModelChoiceFilter(
        label=_("Forum"),
        queryset=moderated_forums,
        method="by_forum",
        empty_label=_("All"),
    )
    hands = filters.ChoiceFilter(
        label=_("Who has it"), choices=MINE, method="by_hands", empty_label=_("All")
    )

    class Meta:
        model = Review
        fields: list[str] = []

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def by_kind(self, reviews, name, value):
        return reviews.filter(held__isnull=value != "held")

    def by_forum(self, reviews, name, value):
        return reviews.filter(standing_in([value.pk]))

    def by_hands(self, reviews, name, value):
        free = Review.objects.free_for(self.request.user)
        mine = free.filter(claimed_by=self.request.user.pk)
        if value == "mine":
            return reviews.filter(pk__in=mine.values("pk"))
        free = free.exclude(pk__in=mine.values("pk"))
        return reviews.filter(pk__in=free.values("pk"))


class DecisionFilter(filters.FilterSet):
    outcome = filters.ChoiceFilter(
        label=_("Decision"), choices=Review.Outcome.choices, empty_label=_("All")
    )
    forum = filters.ModelChoiceFilter(
        label=_("Forum"),
        queryset=moderated_forums,
        method="by_forum",
        empty_label=_("All"),
    )

    class Meta:
        model = Review
        fields: list[str] = []

    is_narrowed = ReviewFilter.is_narrowed
    by_forum = ReviewFilter.by_forum
