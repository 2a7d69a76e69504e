"""What the exchange app tells on a person's page and in the list of people."""

from collections import defaultdict

from django.db.models import F

from network.exchange.models import (
    Organisation,
    OrganisationMembership,
    Partnership,
    Placement,
)
from network.exchange.route import progress, way, years
from network.people.models import Reach
from network.people.sections import Section, register_facts, register_section


@register_facts
def exchanges_in_a_line(viewer, people):
    shown = [person.user_id for person in people if person.shows_exchange]
    facts = defaultdict(list)
    for placement in Placement.objects.filter(person__in=shown):
        facts[placement.person_id].append(way(placement))
    return facts


@register_section
def exchanges(viewer, shown):
    """The line of each placement, newest first."""
    own = shown.at == Reach.ME
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
            **progress(placement),
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
    """Where someone works, if they show it and the viewer may see the organisation."""
    if "work" not in shown.fields:
        return None
    rows = OrganisationMembership.objects.current().filter(person=shown.user_id)
    rows = rows.filter(organisation__in=Organisation.objects.visible_to(viewer))
    memberships = list(rows.select_related("organisation"))
    if not memberships:
        return None
    return Section("exchange/_workplaces.html", "side", {"memberships": memberships})
