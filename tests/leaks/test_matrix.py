"""Whoever may not see a thing cannot learn that it exists.

Role × surface × state change. The test is a difference: before anything is made, each
role looks at every surface; after things were made and changed, whoever may not see
them must get the same to the letter: hits, counts, facets, suggestions, headers.
"""

import re
from dataclasses import dataclass

import pytest
from django.template import Template

from network import live
from network.events import deliver_events
from tests.leaks.cases import CASES, Case
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


@dataclass(frozen=True)
class Trial:
    """Some roles, and in one world everything that none of them may see."""

    name: str
    blind: tuple[str, ...]
    cases: tuple[Case, ...]
    alone: bool = False


def all_trials() -> list[Trial]:
    """Each case before each role that may not see it, in as few worlds as can be.

    Looking is what takes long, so a role looks once for all that is hidden from it.
    """
    worlds: dict[str, list] = {}
    for case in CASES:
        worlds.setdefault(case.group, []).append(case)
    trials = []
    for group, together in worlds.items():
        same_eyes: dict[tuple, list] = {}
        for role in ROLES:
            hidden = tuple(case for case in together if role not in case.sees)
            same_eyes.setdefault(hidden, []).append(role)
        for cases, roles in same_eyes.items():
            name = " ".join(filter(None, [group, "+".join(roles)]))
            if cases:
                trials.append(Trial(name, tuple(roles), cases, alone=bool(group)))
    return trials


TRIALS = all_trials()
# Whoever may see a case looks for it once: where it is first tried.
FOUND_IN = {case: trial for trial in reversed(TRIALS) for case in trial.cases}


def test_every_case_is_tried_before_every_role_that_may_not_see_it():
    tried = {(case, role) for t in TRIALS for case in t.cases for role in t.blind}
    assert tried == {(c, role) for c in CASES for role in ROLES if role not in c.sees}
    assert set(FOUND_IN) == set(CASES)


@pytest.fixture(autouse=True)
def unwatched_templates(monkeypatch):
    """The test client copies the context of every template; nobody asks for it here."""
    plain = lambda self, context: self.nodelist.render(context)  # noqa: E731
    monkeypatch.setattr(Template, "_render", plain)


def first_difference(before: tuple, after: tuple) -> str:
    if before[:2] != after[:2]:
        return f"{before[:2]} became {after[:2]}"
    one, other = before[2], after[2]
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0
    )
    return f"…{one[at - 60 : at + 60]!r} became …{other[at - 60 : at + 60]!r}"


def leaks(world, trial: Trial, before: dict, *only) -> list:
    after = look_everywhere(world, trial.blind, *only)
    if trial.alone:  # what else the change shows is no secret; the thing itself is
        told = re.compile(rf"{SECRET}\d".encode())
        return [place for place, answer in after.items() if told.search(answer[2])]
    return [
        f"{role} at {address}: {first_difference(before[role, address], answer)}"
        for (role, address), answer in after.items()
        if answer != before[role, address]
    ]


def differs_from_missing(world, hidden, blind: tuple[str, ...], nothing: dict) -> list:
    """Its address against that of nothing: GET, HEAD, OPTIONS, and POST where taken.

    `nothing` keeps what was answered at the addresses of nothing, which many share.
    """
    pairs = [(m, hidden.url, hidden.missing) for m in ("get", "head", "options")]
    pairs += [("post", *pair) for pair in hidden.posts]
    found = []
    for role in blind:
        user, client = world.people[role], world.browser(role)
        for method, url, missing in pairs:
            there = look(client, url, method)
            if (role, method, missing) not in nothing:
                nothing[role, method, missing] = look(client, missing, method)
            if there != nothing[role, method, missing]:
                difference = first_difference(nothing[role, method, missing], there)
                found.append(f"{role} {method} {url}: {difference}")
        if hidden.target and user and live.may_hear(user, hidden.target):
            found.append(f"{role} may listen to {hidden.target}")
    return found


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_what_is_hidden_leaves_no_trace_and_is_found_by_the_others(trial, db):
    world = a_world()
    before = {} if trial.alone else look_everywhere(world, trial.blind)
    things = {case: case.made(world, case.number) for case in trial.cases}
    deliver_events()

    for case, thing in things.items():
        if case.change:
            case.change(world, thing, case.number)
    # The index has not heard of it yet: the restriction itself must filter.
    assert leaks(world, trial, before, INDEXED) == []

    deliver_events()
    assert leaks(world, trial, before) == []
    told = letters_to(world, trial.blind)
    assert [letter for letter in told if SECRET in letter] == []
    nothing: dict[tuple, tuple] = {}
    for case, thing in things.items():
        hidden = case.hidden(thing)
        found = differs_from_missing(world, hidden, trial.blind, nothing)
        assert found == [], case.name
        if FOUND_IN[case] is trial:
            for role in sorted(case.sees):
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
