"""What waits for a moderator, in their menu on every page, without a query of its own.

The number is asked for together with what the reader holds (`network.audience`).
"""

from django.db.models import Count, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from forums.audiences import moderated
from forums.models import Forum, Review
from forums.models.reviews import standing_in
from forums.permissions import can_review
from network.audience import MEMBERS, PUBLIC, STAFF, keys, register_query, rights_of
from network.context import MenuItem, menu_rules
from network.people.models import User

RIGHT = "waits."  # «waits.3»: so many things wait for them


def _is_staff(user) -> bool:
    return user.acts_as_staff


@register_query("right", when=lambda user: not _is_staff(user))
def waiting_for_moderator(user_id):
    return _waiting(user_id, moderated(user_id))


@register_query("right", when=_is_staff)
def waiting_for_staff(user_id):
    """In the forums they see: those of partnerships only where they moderate."""
    seen = Q(audience__in=[PUBLIC, MEMBERS, STAFF])
    mine = Q(pk__in=moderated(user_id).values("pk"))
    return _waiting(user_id, Forum.objects.filter(seen | mine))


def _waiting(user_id, forums: QuerySet) -> QuerySet:
    """The person's own row with the number in it, where anything waits."""
    there = Review.objects.waiting().filter(standing_in(forums.values("pk")))
    total = there.order_by().values("decided_at").annotate(n=Count("pk")).values("n")
    people = User.objects.filter(pk=user_id).annotate(n=Subquery(total))
    return keys("right.waits", people.filter(n__gt=0), "n")


def waiting_in(user) -> int:
    found = [one for one in rights_of(user) if one.startswith(RIGHT)]
    return sum(int(one.removeprefix(RIGHT)) for one in found)


@menu_rules.append
def review_item(user) -> MenuItem | None:
    if not can_review(user):
        return None
    return MenuItem(_("Review"), reverse("forums:review_list"), waiting_in(user))
