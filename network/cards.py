"""Rows of many kinds in one query: what a text leads to, as its reader may see it.

Each app says which addresses are its own, and gives for their keys the rows that a
reader may see: as values, all of them text, put together by the database.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Trim


class Card(NamedTuple):
    """source, key: which one it is. kind: its word and sign. themes: ids, a line each.

    more and text are the source's own.
    """

    source: str
    key: str
    kind: str
    title: str
    language: str
    themes: str
    more: str
    text: str


Rows = Callable[..., QuerySet]
_sources: dict[str, tuple[re.Pattern, Rows]] = {}


def register_cards(source: str, address: str):
    """Decorator: function(user, keys) -> `card_rows`. address: a pattern of paths whose
    first group is the key."""

    def keep(function: Rows) -> Rows:
        _sources[source] = re.compile(address), function
        return function

    return keep


def card_rows(source: str, rows: QuerySet, key, kind, title, **columns) -> QuerySet:
    """columns: expressions for the other fields of Card; what is not given is empty."""
    given = {"key": key, "kind": kind, "title": title, **columns}
    named = {
        f"card_{name}": Coalesce(Cast(given[name], TextField()), Value("", TextField()))
        if name in given
        else Value("", TextField())
        for name in Card._fields[1:]
    }
    named["card_source"] = Value(source, CharField())
    order = [f"card_{name}" for name in Card._fields]
    return rows.order_by().annotate(**named).values_list(*order)


def here(address: str) -> str:
    """An address of this site without its name; empty for any other."""
    path = address.removeprefix(settings.SITE_URL) if address else ""
    return path if path.startswith("/") and not path.startswith("//") else ""


def own_path(address: str) -> str:
    """The path of an address of this site; empty for any other."""
    return here(address).partition("#")[0].partition("?")[0]


def place_of(path: str) -> tuple[str, str] | None:
    """(source, key) of the page at a path, if there is a kind of page there."""
    for source, (address, _rows) in _sources.items():
        match = address.fullmatch(path)
        if match:
            return source, match[1]
    return None


def find_cards(
    places: Iterable[tuple[str, str]], user, also: Iterable[QuerySet] = ()
) -> Mapping[tuple[str, str], Card]:
    """{(source, key): card} of those that `user` may see, and of what `also` gives."""
    wanted: dict[str, set[str]] = {}
    for source, key in places:
        wanted.setdefault(source, set()).add(key)
    queries = [_sources[source][1](user, keys) for source, keys in wanted.items()]
    first, *others = [*queries, *also] or [None]
    if first is None:
        return {}
    rows = first.union(*others, all=True) if others else first
    return {(row[0], row[1]): Card(*row) for row in rows}


def by_id(keys: Iterable[str]) -> list[int]:
    """Keys that are numbers of rows; no longer than any is."""
    return [int(key) for key in keys if key.isdecimal() and len(key) < 19]


def full_name(person: str = "user"):
    """Of an account, in the database."""
    first, last = F(f"{person}__first_name"), F(f"{person}__last_name")
    return Trim(Concat(first, Value(" "), last))
