"""What other apps put on a member's front page."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class HomeSection:
    """A template and what it takes, as `part`.

    place: `top` (instead of the greeting), `main` or `side`.
    """

    template: str
    place: str = "main"
    context: dict = field(default_factory=dict)


Rule = Callable[..., HomeSection | None]
_rules: list[Rule] = []


def register_home_section(function: Rule) -> Rule:
    """Decorator: function(request) -> HomeSection, or None when there is nothing."""
    _rules.append(function)
    return function


def home_sections(request) -> list[HomeSection]:
    return [section for rule in _rules if (section := rule(request)) is not None]
