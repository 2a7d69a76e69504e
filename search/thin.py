"""Where experience is thin: many were there and ask, and little is written. For staff.

need = members who were there lately and have the theme on their profile
       + questions about the theme, by those who were there, that nobody answered
rank = need / (1 + what is written about the theme and the place)

Only from what the reader may see. A few people could be known by their number: fewer
than five are said as «under 5», and weigh the same whether they are one or four.
"""

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from forums.models import Thread
from forums.reading import with_replies
from network.exchange.models import Placement
from network.people.models import Profile
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary
from search import facets, queries
from search.engines import get_engine
from search.engines.base import EngineError, Query

logger = logging.getLogger(__name__)

YEARS = 5
FEW, WEIGHT_OF_FEW = 5, 2
MOST = 20
PLACES = ("country", "phase")


@dataclass
class People:
    """A number of people that does not tell who they are."""

    number: int

    def __str__(self):
        if 0 < self.number < FEW:
            return _("under %(few)s") % {"few": FEW}
        return str(self.number)

    @property
    def weight(self) -> int:
        return WEIGHT_OF_FEW if 0 < self.number < FEW else self.number


@dataclass
class Thin:
    """A theme at a place: who was there, who asks, and what is written."""

    theme: Theme
    place: str
    label: str
    there: People
    people: People
    questions: int
    written: int
    url: str

    @property
    def need(self) -> int:
        return self.people.weight + self.questions

    @property
    def rank(self) -> float:
        return self.need / (1 + self.written)


def thinnest(request: HttpRequest, by: str) -> list[Thin] | None:
    """The thinnest places for `by`, one of PLACES; None while search is away."""
    scope = queries.scope_of(request.user)
    query = Query(scope, filters={"kind": queries.KNOWLEDGE}, per_page=1, facets=())
    try:
        with queries.in_time(request):
            written = get_engine().crossed(query, "theme", by)
    except EngineError as error:
        logger.warning("search does not answer: %s", error)
        return None
    placements = recent(request.user, by)
    there = dict(counted(placements, "place"))
    told = Profile.objects.visible_to(request.user).showing("themes", request.user)
    theirs = placements.filter(person__profile__in=told)
    pairs = counted(theirs, "person__profile__themes", "place")
    people = {(theme, place): n for theme, place, n in pairs if theme}
    questions = unanswered(request.user, placements)
    known = vocabulary().themes
    found = [
        Thin(
            theme=known[theme],
            place=place,
            label=str(facets.NAMES[by](place)),
            there=People(there.get(place, 0)),
            people=People(people.get((theme, place), 0)),
            questions=questions[theme, place],
            written=written.get((str(theme), place), 0),
            url=search_url(known[theme], by, place),
        )
        for theme, place in {*people, *questions}
        if theme in known
    ]
    found.sort(key=lambda x: (-x.rank, -x.there.weight, x.label, x.theme.name))
    return found[:MOST]


def recent(user, by: str) -> QuerySet:
    """Placements of the last years that the user is shown, with their `place`."""
    today = timezone.localdate()
    since = today - timedelta(days=365 * YEARS)
    members = Profile.objects.visible_to(user).showing("exchange", user)
    lately = Q(ends_on__gte=since) | Q(ends_on=None, starts_on__gte=since)
    placements = Placement.objects.filter(lately, person__profile__in=members)
    return placements.order_by().annotate(
        place=F("to_country") if by == "country" else phase_on(today)
    )


def phase_on(today: date) -> Case:
    """As Placement.phase has it."""
    return Case(
        When(starts_on__gt=today, then=Value("before")),
        When(ends_on__lt=today, then=Value("after")),
        default=Value("during"),
    )


def counted(placements: QuerySet, *names: str) -> QuerySet:
    """How many people, for each value of these."""
    return placements.values_list(*names).annotate(n=Count("person", distinct=True))


def unanswered(user, placements: QuerySet) -> Counter:
    """Questions without an answer, by theme and by where who asked them was."""
    threads = Thread.objects.visible_to(user).filter(
        kind=Thread.Kind.QUESTION, accepted_post=None, closed_at=None
    )
    open_ones = with_replies(threads, user).filter(replies__lte=0)
    about = ("pk", "author", "themes", "forum__themes")
    asked = {
        (thread, author, theme)
        for thread, author, *themes in open_ones.values_list(*about)
        for theme in themes
        if author and theme
    }
    places = defaultdict(set)
    authors = {author for _thread, author, _theme in asked}
    for author, place in placements.filter(person__in=authors).values_list(
        "person", "place"
    ):
        places[author].add(place)
    return Counter(
        (theme, place) for _thread, author, theme in asked for place in places[author]
    )


def search_url(theme: Theme, by: str, place: str) -> str:
    facet = "sdg" if theme.scheme == Theme.Scheme.SDG else "theme"
    query = {"kind": queries.KNOWLEDGE, facet: theme.slug, by: place}
    return f"{reverse('search:search')}?{urlencode(query, doseq=True)}"
