"""What the exchange app tells on a person's page and in the list of people."""

from collections import defaultdict

from django.db.models import F
from django.utils import timezone

from network.exchange.models import (
    Organisation,
    OrganisationMembership,
    Partnership,
    Placement,
)
from network.languages import country_name
from network.people.sections import Section, register_facts, register_section

FOLLOW_UPS = (6, 12, 36)  # months after coming home


def years(placement: Placement) -> str:
    """«2023–24», «2025», or nothing when nobody knows."""
    first = placement.starts_on and placement.starts_on.year
    last = placement.ends_on and placement.ends_on.year
    if first and last and first != last:
        return (
            f"{first}–{last % 100:02}"
            if first // 100 == last // 100
            else f"{first}–{last}"
        )
    return str(first or last or "")


def way(placement: Placement) -> str:
    """«Tanzania → Norway, 2023–24»."""
    route = (
        f"{country_name(placement.from_country)} → {country_name(placement.to_country)}"
    )
    when = years(placement)
    return f"{route}, {when}" if when else route


@register_facts
def exchanges_in_a_line(viewer, people):
    shown = [person.user_id for person in people if person.shows_exchange]
    facts = defaultdict(list)
    for placement in Placement.objects.filter(person__in=shown):
        facts[placement.person_id].append(way(placement))
    return facts


def in_months(day, months: int):
    """The same day of the month so many months later, or the last there is."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=day.year + year, month=month + 1, day=last)
        except ValueError:
            continue
    raise ValueError(months)


def stations(placement: Placement) -> list[dict]:
    """What comes after the homecoming: when, and whether it is behind or ahead."""
    if placement.ends_on is None:
        return []
    today = timezone.localdate()
    days = [(months, in_months(placement.ends_on, months)) for months in FOLLOW_UPS]
    return [
        {"months": months, "day": day, "ahead": day > today} for months, day in days
    ]


def _progress(placement: Placement) -> dict:
    """Which stations of the line are behind today."""
    today = timezone.localdate()
    middle = halfway(placement)
    has_left = bool(placement.starts_on and placement.starts_on <= today)
    halfway_behind = bool(middle and middle <= today)
    return {
        "has_left": has_left,
        "is_home": bool(placement.ends_on and placement.ends_on <= today),
        "halfway": middle,
        "halfway_ahead": not halfway_behind,
        "behind": 2 * has_left + halfway_behind,
        "stations": stations(placement),
    }


@register_section
def exchanges(viewer, shown):
    """The line of each placement, newest first."""
    own = viewer.pk is not None and viewer.pk == shown.user_id
    if not shown.shows_exchange:
        return None
    rows = Placement.objects.filter(person=shown.user_id).select_related(
        "sending", "host", "round__partnership"
    )
    placements = list(rows.order_by(F("starts_on").desc(nulls_last=True), "-pk"))
    if not placements and not own:
        return None
    here = Organisation.objects.visible_to(viewer)
    open_organisations = set(here.values_list("pk", flat=True))
    open_partnerships = set(
        Partnership.objects.visible_to(viewer).values_list("pk", flat=True)
    )
    lines = [
        {
            **_progress(placement),
            "placement": placement,
            "years": years(placement),
            "sending_open": placement.sending_id in open_organisations,
            "host_open": placement.host_id in open_organisations,
            "partnership": placement.round
            and placement.round.partnership_id in open_partnerships
            and placement.round.partnership,
        }
        for placement in placements
    ]
    context = {"lines": lines, "is_own": own}
    return Section("exchange/_placements.html", "top", context)


@register_section
def workplaces(viewer, shown):
    """Where someone works, if they show it and the organisation is open to the viewer."""
    if "work" not in shown.fields:
        return None
    rows = OrganisationMembership.objects.current().filter(person=shown.user_id)
    rows = rows.filter(organisation__in=Organisation.objects.visible_to(viewer))
    memberships = list(rows.select_related("organisation"))
    if not memberships:
        return None
    return Section("exchange/_workplaces.html", "side", {"memberships": memberships})
