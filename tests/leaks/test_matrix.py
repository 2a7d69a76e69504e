"""Whoever may not see a thing cannot learn that it exists.

Role × surface × state change. The test is a difference: before anything is made, each
role looks at every surface; after things were made and changed, whoever may not see
them must get the same to the letter: hits, counts, facets, suggestions, headers.
"""

import re
from itertools import groupby

import pytest

from network import live
from network.events import deliver_events
from tests.leaks.cases import CASES
from tests.leaks.world import (
    ALONE,
    INDEXED,
    ROLES,
    SECRET,
    a_world,
    letters_to,
    look,
    look_everywhere,
)

by_group = sorted(CASES, key=lambda case: case.group)
GROUPS = {name: list(cases) for name, cases in groupby(by_group, lambda c: c.group)}


@pytest.fixture(params=GROUPS)
def cases(request):
    return GROUPS[request.param]


def first_difference(before: tuple, after: tuple) -> str:
    if before[:2] != after[:2]:
        return f"{before[:2]} became {after[:2]}"
    one, other = before[2], after[2]
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0
    )
    return f"…{one[at - 60 : at + 60]!r} became …{other[at - 60 : at + 60]!r}"


def leaks(world, blind: list[str], before: dict, case, *only) -> list:
    after = look_everywhere(world, blind, *only)
    if case.alone:  # what else the change shows is no secret; the thing itself is
        told = re.compile(rf"{SECRET}\d".encode())
        return [place for place, answer in after.items() if told.search(answer[2])]
    return [
        f"{role} at {address}: {first_difference(before[role, address], answer)}"
        for (role, address), answer in after.items()
        if answer != before[role, address]
    ]


def differs_from_missing(world, hidden, blind: list[str]) -> list[str]:
    """Its address against that of nothing: GET, HEAD, OPTIONS, and POST where taken."""
    pairs = [(m, hidden.url, hidden.missing) for m in ("get", "head", "options")]
    pairs += [("post", *pair) for pair in hidden.posts]
    found = []
    for role in blind:
        user, client = world.people[role], world.browser(role)
        for method, url, missing in pairs:
            there, nothing = look(client, url, method), look(client, missing, method)
            if there != nothing:
                difference = first_difference(nothing, there)
                found.append(f"{role} {method} {url}: {difference}")
        if hidden.target and user and live.may_hear(user, hidden.target):
            found.append(f"{role} may listen to {hidden.target}")
    return found


def test_what_is_hidden_leaves_no_trace_and_is_found_by_the_others(cases, db):
    sees = cases[0].sees
    blind = [role for role in ROLES if role not in sees]
    world = a_world(case.number for case in cases)
    before = {} if cases[0].alone else look_everywhere(world, blind)
    things = {case: case.made(world, case.number) for case in cases}
    deliver_events()

    for case, thing in things.items():
        if case.change:
            case.change(world, thing, case.number)
    # The index has not heard of it yet: the restriction itself must filter.
    assert leaks(world, blind, before, cases[0], INDEXED) == []

    deliver_events()
    assert leaks(world, blind, before, cases[0]) == []
    told = letters_to(world, blind)
    assert [letter for letter in told if SECRET in letter] == []
    for case, thing in things.items():
        hidden = case.hidden(thing)
        assert differs_from_missing(world, hidden, blind) == [], case.name
        for role in sees:
            assert_found(world.browser(role), case, hidden, role)


def assert_found(client, case, hidden, role: str) -> None:
    secret = f"{SECRET}{case.number}".encode()
    if not hidden.moved:
        status, _headers, body = look(client, hidden.url)
        assert (case.name, role, status) == (case.name, role, 200)
        assert secret in body, f"{role} does not read it: {case.name}"
    if hidden.findable:
        _status, _headers, body = look(client, f"/search/?q={ALONE}{case.number}")
        assert secret in body, f"{role} does not find it: {case.name}"
