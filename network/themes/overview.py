"""All themes in their places, each with how much stands behind it for one reader."""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from network.themes.models import Theme
from network.themes.vocabulary import vocabulary

PHASE_SIGNS = {"before": "to", "during": "turn", "after": "back"}


@dataclass
class Entry:
    """`level` is 0 for nothing, up to 4 for the most; 2 for all while nobody counts."""

    theme: Theme
    count: int | None
    level: int
    below: list["Entry"] = field(default_factory=list)


@dataclass
class Phase:
    key: str
    label: str
    icon: str
    entries: list[Entry]


@dataclass
class Overview:
    """The entries of each scheme; those of the exchange also by phase."""

    schemes: dict[str, list[Entry]]
    counted: bool

    @property
    def phases(self) -> list[Phase]:
        steps = defaultdict(list)
        for entry in self.schemes["process"]:
            steps[entry.theme.phase or Theme.Phase.DURING].append(entry)
        return [
            Phase(
                phase.value, phase.label, PHASE_SIGNS[phase.value], steps[phase.value]
            )
            for phase in Theme.Phase
        ]


def overview(counts: dict[int, int] | None) -> Overview:
    themes = vocabulary().themes.values()
    most = max((counts or {}).values(), default=0)
    entries = {theme.pk: _entry(theme, counts, most) for theme in themes}
    schemes: dict[str, list[Entry]] = {scheme: [] for scheme in Theme.Scheme.values}
    for theme in themes:
        parent = entries.get(theme.parent_id)
        place = parent.below if parent else schemes[theme.scheme]
        place.append(entries[theme.pk])
    return Overview(schemes, counts is not None)


def _entry(theme: Theme, counts: dict[int, int] | None, most: int) -> Entry:
    if counts is None:
        return Entry(theme, None, 2)
    count = counts.get(theme.pk, 0)
    return Entry(theme, count, level(count, most))


def level(count: int, most: int) -> int:
    """On a scale that grows like the counts do, fast: 0, then 1 to 4."""
    if not count:
        return 0
    return max(1, math.ceil(4 * math.log1p(count) / math.log1p(most)))


KEY = [
    (0, _("none yet")),
    (1, _("a little")),
    (2, _("some")),
    (3, _("much")),
    (4, _("most")),
]
