from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from forums.actions.writing import locked
from forums.events import PeopleAsked
from forums.models import Answerer, Ask, Thread
from network.events import publish
from network.people.models import User

MOST_ASKED = 5


@transaction.atomic
def ask_people(thread: Thread, people: Iterable[int]) -> None:
    """Ask these (ids of users) for their experience; who was asked is not asked again.

    Whoever has no time left since the page was shown is left out.
    """
    thread = locked(thread)
    before = set(thread.asks.values_list("asked", flat=True))
    # Rows in order: of two who ask the same people, one waits for the other.
    rows = Answerer.objects.select_for_update().order_by("pk")
    wanted = [row.pk for row in rows.filter(pk__in=set(people) - before)]
    new = list(Answerer.objects.free().filter(pk__in=wanted))
    if len(before) + len(new) > MOST_ASKED:
        left = MOST_ASKED - len(before)
        raise ValidationError(
            _("You can ask at most five people about a question: %(left)s more.")
            % {"left": max(left, 0)}
        )
    if new:
        Ask.objects.bulk_create(Ask(thread=thread, asked_id=one.pk) for one in new)
        publish(PeopleAsked(thread=thread.pk))


@transaction.atomic
def agree_to_be_asked(user: User, a_month: int | None) -> None:
    """At most so many times in thirty days; None: not any more."""
    if a_month is None:
        Answerer.objects.filter(user=user).delete()
    else:
        Answerer.objects.update_or_create(user=user, defaults={"a_month": a_month})
