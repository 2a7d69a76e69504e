"""Who follows a room that was made for a partnership, a round or a country.

On their behalf: in the inbox, no mail; what somebody chose themselves stands.
"""

from django.db.models import Q

from forums.models import Forum
from network.exchange.holders import holders_of
from network.exchange.models import Placement
from network.notifications.models import Level, Subscription
from network.notifications.targets import key_of
from network.people.models import User


def people_of(room: Forum):
    """Whom it is for: the partnership, who was in the round, who knows the country."""
    members = User.objects.filter(status=User.Status.APPROVED, is_active=True)
    if room.round_id:
        placed = Placement.objects.confirmed().filter(round=room.round_id)
    elif room.partnership_id:
        return holders_of(f"partnership.{room.partnership_id}")
    elif room.country:
        there = Q(from_country=room.country) | Q(to_country=room.country)
        placed = Placement.objects.filter(there)
    else:
        return members.none()
    return members.filter(pk__in=placed.values("person"))


def follow_room(room: Forum, people) -> None:
    rows = [
        Subscription(user_id=pk, target=key_of(room), level=Level.TRACKING)
        for pk in people.values_list("pk", flat=True)
    ]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def follow_rooms_of(person: User) -> None:
    """Those that fit the person now."""
    places = list(person.placements.values_list("from_country", "to_country", "round"))
    countries = {code for one in places for code in one[:2]}
    works = person.memberships.current().values("organisation__partnerships")
    fit = Q(country__in=countries - {""}) | Q(partnership__in=works)
    fit |= Q(round__placements__person=person)
    fit |= Q(partnership__rounds__placements__person=person)
    for room in Forum.objects.filter(fit, archived_at=None).distinct():
        follow_room(room, people_of(room).filter(pk=person.pk))
