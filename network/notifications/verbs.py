"""What people are told: a verb, its sentence, and whose subscriptions decide."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models


def _nothing(row: models.Model) -> list[str]:
    return []


@dataclass(frozen=True)
class Verb:
    """One thing to be told.

    sentence: translated text with %(actor)s and %(title)s, written when it is read.
    follows: function of the target's row, the keys of subscriptions that decide who
    is told and how loudly. direct: told to those it concerns, unless they muted it.
    """

    name: str
    sentence: str
    icon: str
    follows: Callable[[models.Model], list[str]] = _nothing
    direct: bool = False


_verbs: dict[str, Verb] = {}


def register_verb(name: str, sentence: str, icon: str, **options) -> None:
    _verbs[name] = Verb(name, sentence, icon, **options)


def verb(name: str) -> Verb:
    return _verbs[name]


def known_verbs() -> list[str]:
    return list(_verbs)
