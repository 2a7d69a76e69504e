"""Kinds of news: what people choose about, and how it reaches them unless they do.

A verb belongs to one kind. Apps register theirs beside their verbs; a verb that no
kind names is `other`, which always stands in the inbox: somebody waits.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.notifications.verbs import known_verbs


class Pace(models.TextChoices):
    """How soon news goes out by e-mail."""

    NOW = "now", pgettext_lazy("pace", "At once")
    DAILY = "daily", pgettext_lazy("pace", "Daily")
    WEEKLY = "weekly", pgettext_lazy("pace", "Weekly")
    NEVER = "never", pgettext_lazy("pace", "Never")


@dataclass(frozen=True)
class Kind:
    """One line of the table of choices.

    rank: the lowest stands first, on the page and in letters. over: kinds whose news
    of the same target these replace, as the stronger reason to be told.
    """

    name: str
    label: str
    hint: str
    icon: str
    rank: int
    pace: str = Pace.DAILY
    verbs: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    must: bool = False


_kinds: dict[str, Kind] = {}
OTHER = "other"


def register_kind(name: str, label: str, **options) -> None:
    _kinds[name] = Kind(name, label, **options)


def kind(name: str) -> Kind:
    return _kinds[name]


def kind_of(verb_name: str) -> Kind:
    named = (one for one in _kinds.values() if verb_name in one.verbs)
    return next(named, _kinds[OTHER])


def verbs_of(name: str) -> list[str]:
    return [one for one in known_verbs() if kind_of(one).name == name]


def shown_kinds() -> list[Kind]:
    """Those of which one can be told at all, the most important first."""
    used = {kind_of(name) for name in known_verbs()}
    return sorted(used, key=lambda one: one.rank)


def stronger_than(verb_name: str) -> list[str]:
    """Verbs that say more of the same target: who was told by one hears no other."""
    own = kind_of(verb_name).name
    over = [one.name for one in _kinds.values() if own in one.over]
    return [one for one in known_verbs() if kind_of(one).name in over]


def weaker_than(verb_name: str) -> list[str]:
    over = kind_of(verb_name).over
    return [one for one in known_verbs() if kind_of(one).name in over]


register_kind(
    OTHER,
    _("Something waits for me"),
    hint=_("Requests and decisions. Always in the inbox: others wait for you"),
    icon="bell",
    rank=40,
    pace=Pace.NOW,
    must=True,
)
