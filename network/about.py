"""What other apps show on the page of a thing: a partnership, a lesson."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AboutSection:
    """A template and what it takes, as `part`."""

    template: str
    context: dict = field(default_factory=dict)


Rule = Callable[..., AboutSection | None]
_rules: list[Rule] = []


def register_about(function: Rule) -> Rule:
    """Decorator: function(request, row) -> AboutSection, or None for nothing."""
    _rules.append(function)
    return function


def about_sections(request, row) -> list[AboutSection]:
    found = (rule(request, row) for rule in _rules)
    return [section for section in found if section is not None]
