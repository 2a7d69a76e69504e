"""Whom one may ask about a question: people who agreed to it, and whose way fits.

Only what the asker may see of somebody counts, and only that is said as the reason.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from forums.actions.asks import MOST_ASKED
from forums.models import Answerer, Ask, Post, Thread
from network.audience import MEMBERS, PUBLIC
from network.exchange.models import Placement
from network.languages import country_name, language_name
from network.people.models import Profile, Reach, ShownProfile, User
from network.people.sections import Section, register_section

LOOKED_AT = 200
THEME, COUNTRY, LANGUAGE = 3, 2, 1
NORWEGIAN = {"nb", "nn", "no"}


@dataclass
class Proposed:
    """Somebody to ask, and why."""

    person: ShownProfile
    reasons: list[str]
    score: int

    @property
    def pk(self) -> int:
        return self.person.user_id


def can_ask(user, thread: Thread) -> bool:
    """Who began a question that is open and that nothing has answered yet."""
    own = thread.author_id is not None and thread.author_id == user.pk
    asks = thread.kind == Thread.Kind.QUESTION and thread.accepted_post_id is None
    return own and asks and thread.is_open and bool(getattr(user, "is_member", False))


def asked_about(thread: Thread, asker) -> list[ShownProfile]:
    people = Profile.objects.visible_to(asker).filter(user__asks__thread=thread)
    people = people.select_related("user").order_by("user__asks__created_at")
    return [one.shown_to(asker) for one in people]


def left_to_ask(thread: Thread) -> int:
    return MOST_ASKED - thread.asks.count()


def proposed_for(thread: Thread, asker, most: int = MOST_ASKED) -> list[Proposed]:
    """The best first; each may read the thread, and none has spoken in it yet."""
    themes = {theme.pk for theme in thread.themes.all()}
    themes |= {theme.pk for theme in thread.forum.themes.all()} if not themes else set()
    countries = countries_of(thread, asker)
    people = _fitting(thread, asker, themes, countries)
    found = [_weighed(one, asker, thread, themes, countries) for one in people]
    found = [one for one in found if one.reasons]
    found.sort(key=lambda one: (-one.score, one.person.name, one.pk))
    chosen = []
    for one in found:
        if len(chosen) == most:
            break
        if may_read(one.pk, thread):
            chosen.append(one)
    return chosen


def countries_of(thread: Thread, asker) -> set[str]:
    """That the forum is about, or else where the asker's exchanges led."""
    if thread.forum.country:
        return {thread.forum.country}
    own = Placement.objects.filter(person=asker)
    return set(own.values_list("to_country", flat=True))


def _fitting(thread: Thread, asker, themes: set, countries: set) -> list[Profile]:
    seen = Profile.objects.visible_to(asker)
    by_theme = Q(themes__in=themes, pk__in=seen.showing("themes", asker).values("pk"))
    by_way = Q(
        user__placements__to_country__in=countries,
        pk__in=seen.showing("exchange", asker).values("pk"),
    )
    spoken = Post.objects.filter(thread=thread, author__isnull=False)
    asked = Ask.objects.filter(thread=thread)
    fitting = (
        seen.filter(by_theme | by_way, user__in=Answerer.objects.free().values("pk"))
        .filter(user__status=User.Status.APPROVED, user__is_active=True)
        .exclude(user=asker.pk)
        .exclude(user__in=spoken.values("author"))
        .exclude(user__in=asked.values("asked"))
    )
    keys = list(fitting.order_by("pk").values_list("pk", flat=True).distinct())
    people = Profile.objects.filter(pk__in=keys[:LOOKED_AT]).select_related("user")
    return list(people.prefetch_related("themes", "user__placements"))


def _weighed(
    profile: Profile, asker, thread: Thread, themes: set, countries: set
) -> Proposed:
    person, reasons, score = profile.shown_to(asker), [], 0
    shared = [theme for theme in person.themes if theme.pk in themes]
    if shared:
        score += THEME * len(shared)
        reasons.append(_("Knows about: %s") % ", ".join(one.name for one in shared))
    been = _been_in(profile, person) & countries
    if been:
        score += COUNTRY
        names = ", ".join(sorted(country_name(code) for code in been))
        reasons.append(_("Has been in: %s") % names)
    if reasons and thread.language in _read_by(person):
        score += LANGUAGE
        reasons.append(_("Works in: %s") % language_name(thread.language))
    return Proposed(person, reasons, score)


def _been_in(profile: Profile, person: ShownProfile) -> set[str]:
    if not person.shows_exchange:
        return set()
    return {one.to_country for one in profile.user.placements.all()}


def _read_by(person: ShownProfile) -> set[str]:
    """Who works in one Norwegian form reads the other."""
    known = set(person.languages)
    return known | NORWEGIAN if known & NORWEGIAN else known


def may_read(user_pk: int, thread: Thread) -> bool:
    """All members read what is for members; who is kept apart is not proposed."""
    if thread.forum.audience in (PUBLIC, MEMBERS):
        return True
    user = User.objects.get(pk=user_pk)
    return Thread.objects.visible_to(user).filter(pk=thread.pk).exists()


@register_section
def whether_i_may_be_asked(viewer, shown):
    """On one's own profile alone."""
    if shown.at != Reach.ME:
        return None
    mine = Answerer.objects.filter(user=shown.user_id).first()
    return Section("forums/_may_be_asked.html", "side", {"answerer": mine})
