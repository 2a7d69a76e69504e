"""What people are told: a verb, its sentence, and whose subscriptions decide."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models


def _nothing(row: models.Model) -> list[str]:
    return []


def _once(row: models.Model) -> int:
    return 1


@dataclass(frozen=True)
class Verb:
    """One thing to be told.

    sentence: translated text with %(actor)s and %(title)s, written when it is read.
    follows: function of the target's row, the keys of subscriptions that decide who
    is told and how loudly. direct: told to those it concerns, unless they muted it.
    count, many: how many have done it by now, and the sentence with %(n)s for more
    than one: what many do to one row is one piece of news.
    """

    name: str
    sentence: str
    icon: str
    follows: Callable[[models.Model], list[str]] = _nothing
    direct: bool = False
    count: Callable[[models.Model], int] = _once
    many: str = ""


_verbs: dict[str, Verb] = {}


def register_verb(name: str, sentence: str, icon: str, **options) -> None:
    _verbs[name] = Verb(name, sentence, icon, **options)


def verb(name: str) -> Verb:
    return _verbs[name]


def known_verbs() -> list[str]:
    return list(_verbs)
