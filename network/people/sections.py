"""What other apps show about a person, on the profile and in the list."""

from collections.abc import Callable
from dataclasses import dataclass, field

from network.people.models import ShownProfile


@dataclass(frozen=True)
class Section:
    """A part of the page: template and context; `place` is top, main or side."""

    template: str
    place: str = "main"
    context: dict = field(default_factory=dict)


SectionRule = Callable[[object, ShownProfile], Section | None]
FactsRule = Callable[[object, list[ShownProfile]], dict[int, list[str]]]
_sections: list[SectionRule] = []
_facts: list[FactsRule] = []


def register_section(function: SectionRule) -> SectionRule:
    """Decorator: function(viewer, shown) -> Section, or None when there is nothing."""
    _sections.append(function)
    return function


def register_facts(function: FactsRule) -> FactsRule:
    """Decorator: function(viewer, people) -> {user id: short facts}, for a page."""
    _facts.append(function)
    return function


def sections_of(viewer, shown: ShownProfile) -> list[Section]:
    found = (rule(viewer, shown) for rule in _sections)
    return [section for section in found if section is not None]


def facts_of(viewer, people: list[ShownProfile]) -> dict[int, list[str]]:
    facts: dict[int, list[str]] = {shown.user_id: [] for shown in people}
    for rule in _facts:
        for user_id, texts in rule(viewer, people).items():
            facts[user_id] += texts
    return facts
