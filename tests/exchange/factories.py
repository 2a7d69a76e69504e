"""Organisations, partnerships and placements, told only what the test is about."""

from datetime import date
from itertools import count

from network.exchange import actions
from network.exchange.models import (
    Organisation,
    OrganisationMembership,
    Partnership,
    Placement,
    Round,
)
from tests.people.factories import a_member

_numbers = count(1)
Role = OrganisationMembership.Role


def an_organisation(name: str = "", **fields) -> Organisation:
    name = name or f"Organisation {next(_numbers)}"
    return actions.create_organisation(**{"name": name, "country": "NO", **fields})


def a_partnership(
    name: str = "", *, organisations=(), audience: str = "", **fields
) -> Partnership:
    """Two organisations or those given; `audience` as if all had agreed to it."""
    partners = list(organisations) or [
        an_organisation(),
        an_organisation(country="TZ"),
    ]
    name = name or f"Partnership {next(_numbers)}"
    partnership = actions.create_partnership(
        name=name, organisations=partners, **fields
    )
    if audience:
        first, *others = partners
        by = an_administrator(first)
        actions.propose_audience(partnership, first, by, audience)
        for one in others:
            actions.agree(partnership, one, an_administrator(one), audience)
    return partnership


def a_membership(
    user=None, organisation=None, role: str = Role.STAFF
) -> OrganisationMembership:
    user = user or a_member()
    return actions.add_member(organisation or an_organisation(), user, role)


def an_administrator(organisation: Organisation, **fields):
    """A member who is an administrator of `organisation`."""
    user = a_member(**fields)
    actions.add_member(organisation, user, Role.ADMINISTRATOR)
    return user


def a_round(partnership: Partnership | None = None, **fields) -> Round:
    partnership = partnership or a_partnership()
    number = partnership.rounds.count() + 1
    given = {"number": number, "title": "Sorting", "starts_on": date(2023, 1, 9)}
    return actions.save_round(Round(partnership=partnership, **{**given, **fields}))


def a_placement(user=None, **fields) -> Placement:
    given = {
        "from_country": "TZ",
        "to_country": "NO",
        "starts_on": date(2023, 2, 13),
        "ends_on": date(2024, 2, 9),
    }
    placement = Placement(person=user or a_member(), **{**given, **fields})
    return actions.save_placement(placement)
