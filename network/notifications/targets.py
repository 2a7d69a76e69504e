"""What can be followed and notified about, by kind: "thread.41" is one target.

Apps register their models here; a notification or subscription holds only the key,
and whether its reader may see the row behind it is asked of the row's `visible_to`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from network.audience import PreparedFor
from network.text import number_in


def _no_excerpt(row: models.Model, reader) -> str:
    return ""


def _itself(row: models.Model) -> models.Model:
    return row


def _nowhere(row: models.Model) -> None:
    return None


def _own_address(row: models.Model) -> str:
    return row.get_absolute_url()


@dataclass(frozen=True)
class Target:
    """How rows of one kind are found, named and linked to.

    title, url: functions of a row; excerpt: of a row and who reads it, in plain text.
    within: the row it stands in, whose news stand together in a letter; mailing_list:
    the forum or so, whose letters a mail program may sort. related, prefetch: for
    select_related and prefetch_related, so that a list of them costs few queries.
    """

    kind: str
    model_path: str
    title: Callable[[models.Model], str] = str
    excerpt: Callable[..., str] = _no_excerpt
    url: Callable[[models.Model], str] = _own_address
    within: Callable[[models.Model], models.Model] = _itself
    mailing_list: Callable[[models.Model], models.Model | None] = _nowhere
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_path)

    def visible_to(self, user) -> models.QuerySet:
        """Rows this reader may see; a model without the rule is open to all."""
        rows = self.model._default_manager
        rule = getattr(rows, "visible_to", None)
        return rule(user) if rule else rows.all()


_targets: dict[str, Target] = {}
_kinds: dict[str, str] = {}


def register_target(kind: str, model_path: str, **options) -> None:
    _targets[kind] = Target(kind, model_path, **options)
    _kinds[model_path.lower()] = kind


def target_of_kind(kind: str) -> Target:
    return _targets[kind]


def kind_of(row: models.Model) -> str:
    """The registered kind of a row, its own model's or that of a parent model."""
    for model in type(row).__mro__:
        label = getattr(getattr(model, "_meta", None), "label_lower", None)
        if label in _kinds:
            return _kinds[label]
    raise LookupError(f"{type(row).__name__} is not a registered target")


def key_of(row: models.Model) -> str:
    """«thread.41» for a thread."""
    return f"{kind_of(row)}.{row.pk}"


def find(key: str, user) -> models.Model | None:
    """The row behind «thread.41» if `user` may see it."""
    kind, _, pk = key.partition(".")
    number = number_in(pk)
    if kind not in _targets or number is None:
        return None
    return _targets[kind].visible_to(user).filter(pk=number).first()


def still_visible(user, kinds: Iterable[str] | None = None) -> Q:
    """Of rows with `target_kind` and `target_id`: those whose target `user` sees."""
    seen = Q(pk__in=[])
    for kind in kinds if kinds is not None else _targets:
        row = _targets[kind].visible_to(user).filter(pk=OuterRef("target_id"))
        seen |= Q(target_kind=kind) & Exists(row)
    return seen


def rows_of(kind: str, keys: Iterable[int], user) -> dict[int, models.Model]:
    """{pk: row} of those `user` may see, in one query."""
    rows = _shown(kind)(user, list(keys))
    models.prefetch_related_objects(rows, *_targets[kind].prefetch)
    return {row.pk: row for row in rows}


@lru_cache
def _shown(kind: str) -> PreparedFor:
    def build(reader, keys):
        rows = _targets[kind].visible_to(reader).filter(pk__in=keys)
        related = _targets[kind].related
        return rows.select_related(*related) if related else rows

    return PreparedFor(build)


register_target("partnership", "exchange.Partnership")
register_target("theme", "themes.Theme")
register_target("person", "people.Profile", related=("user",))
