"""Queries that each page asks, put into SQL once.

For a query of a few rows Django takes several times as long to write the SQL as the
database takes to answer it. What differs from reader to reader is their keys alone.
"""

import re
from collections.abc import Callable, Iterable
from itertools import count

from django.db import connection, models
from django.db.backends.postgresql.base import CursorMixin
from django.db.models.query import ModelIterable, get_related_populators
from django.utils import timezone
from psycopg import RawCursor, sql
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.numeric import Int8Dumper

MOST = 500  # statements kept for one query: for shapes of keys, see `PreparedFor`
KEPT = 300  # that PostgreSQL keeps for one connection, where psycopg has it keep 100


class StandIns:
    """Stand for keys until they are known; `known` says what each stands for.

    No row has them: numbers far below zero, texts with a sign that no text has.
    """

    def __init__(self):
        self.known: dict[int | str, int | str] = {}
        self._numbers = count(-(2**62))

    def of(self, key: int | str) -> int | str:
        number = next(self._numbers)
        stand_in = number if isinstance(key, int) else f"\x1f{number}"
        self.known[stand_in] = key
        return stand_in

    def of_all(self, keys: Iterable[int | str]) -> list[int | str]:
        """Some keys have two, so that few lengths of lists occur: 0, 1, 2, 4, 8…"""
        return [self.of(key) for key in padded(list(keys))]


def padded(keys: list) -> list:
    return keys + keys[:1] * ((1 << max(len(keys) - 1, 0).bit_length()) - len(keys))


class Prepared:
    """build(*keys) -> a query of rows or values; only today's date may matter besides.

    Called with as many keys (ids, texts, or lists of either) it answers what the query
    would: model instances with what `select_related` brings, or tuples as the database
    gives them. `start` and `most` cut a page out of it. A key compared with a column
    that takes no large numbers stands in `Value()`, or Django looks at it too closely.
    """

    def __init__(self, build: Callable[..., models.QuerySet]):
        self.build = build
        self.__doc__ = build.__doc__
        self.made: dict[tuple, Statement] = {}

    def __call__(self, *keys, start: int = 0, most: int | None = None) -> list:
        stand_ins = StandIns()
        shape, arguments = self.stand_in(stand_ins, keys)
        if [] in arguments:
            return []
        statement = self._statement(shape, arguments, stand_ins.known)
        return statement.rows(stand_ins.known, start, most)

    def count(self, *keys) -> int:
        stand_ins = StandIns()
        shape, arguments = self.stand_in(stand_ins, keys)
        shape = "count", *shape
        statement = self._statement(shape, arguments, stand_ins.known)
        return statement.rows(stand_ins.known)[0][0]

    def stand_in(self, stand_ins: StandIns, keys: tuple) -> tuple[tuple, list]:
        """What tells one statement from another, and what it is built with."""
        arguments = [
            stand_ins.of(key) if isinstance(key, int | str) else stand_ins.of_all(key)
            for key in keys
        ]
        shape = (len(one) if isinstance(one, list) else type(one) for one in arguments)
        return tuple(shape), arguments

    def _statement(self, shape: tuple, arguments: list, known: dict) -> "Statement":
        where = connection.vendor, timezone.localdate(), *shape
        statement = self.made.get(where)
        if statement is None:
            if len(self.made) >= MOST or any(one[1] != where[1] for one in self.made):
                self.made = {}
            kind = Count if shape[:1] == ("count",) else Statement
            rows = self.build(*arguments)
            statement = self.made[where] = kind(rows, arguments, known)
        return statement


class Statement:
    """SQL with the places of its keys, and how a row becomes what the query gives."""

    def __init__(self, rows: models.QuerySet, arguments: list, known: dict):
        self.compiler = rows.query.get_compiler(connection.alias)
        self.sql, self.values = self.compiler.as_sql()
        for one in arguments:
            keys = one if isinstance(one, list) else [one]
            asked = (key for key in keys if isinstance(key, int | str))
            if any(key not in self.values for key in asked):
                raise ValueError("a key is missing in the SQL: put it into Value()")
        if connection.vendor == "postgresql":
            self._put_in_what_is_the_same(known)
        self.gives_models = rows._iterable_class is ModelIterable
        if self.gives_models:
            self._learn_models()

    def _put_in_what_is_the_same(self, known: dict) -> None:
        """For PostgreSQL: only the keys remain to be sent, and nothing to be parsed."""
        connection.ensure_connection()
        values, self.values = iter(self.values), []

        def written(place: re.Match) -> str:
            if place[0] == "%%":
                return "%"
            value = next(values)
            if value in known:
                self.values.append(value)
                return f"${len(self.values)}"
            return sql.Literal(value).as_string(connection.connection)

        self.sql = re.sub("%[s%]", written, self.sql)

    def _learn_models(self) -> None:
        info, select = self.compiler.klass_info, self.compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.model, self.own = info["model"], slice(first, last)
        fields = [field for field, _sql, _alias in select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(fields)
        self.names = [field[0].target.attname for field in select[self.own]]
        self.related = get_related_populators(info, select, connection.alias)
        self.annotations = list(self.compiler.annotation_col_map.items())

    def rows(self, known: dict, start: int = 0, most: int | None = None) -> list:
        asked, values = self.sql, [known.get(value, value) for value in self.values]
        if most is not None:
            asked = f"{asked} LIMIT {int(most)} OFFSET {int(start)}"
        with planned_once(keep=not start) as cursor:
            cursor.execute(asked, values)
            found = cursor.fetchall()
        return list(self._instances(found)) if self.gives_models else found

    def _instances(self, found: list[tuple]) -> Iterable[models.Model]:
        """As ModelIterable makes them, of rows that are there."""
        for row in self.compiler.apply_converters(found, self.converters):
            one = self.model.from_db(connection.alias, self.names, row[self.own])
            for populator in self.related:
                populator.populate(row, one)
            for name, place in self.annotations:
                setattr(one, name, row[place])
            yield one


def planned_once(keep: bool = True):
    """A cursor whose statements PostgreSQL keeps with the connection, plans and all.

    To plan a query of what a reader may see takes it longer than to answer it.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    cursor = PlanningCursor(connection.connection)
    cursor.keep = keep
    return connection._prepare_cursor(cursor)


class PlanningCursor(CursorMixin, RawCursor):
    """Takes SQL as PostgreSQL has it: its values are $1, $2…

    Times are read by psycopg itself: Django's own reader takes five times as long. A
    number is of one type however large it is, or each would be a statement of its own.
    """

    keep = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.connection.prepared_max = KEPT
        self.adapters.register_loader("timestamptz", TimestamptzLoader)
        self.adapters.register_dumper(int, Int8Dumper)

    def execute(self, query, params=None, **options):
        return super().execute(query, params, prepare=self.keep, **options)

    def _convert_query(self, query, params=None):
        self._query = super()._convert_query(query, params)  # for whoever logs it
        return self._query


class Count(Statement):
    def __init__(self, rows: models.QuerySet, arguments: list, known: dict):
        super().__init__(rows.order_by().values_list("pk"), arguments, known)
        self.sql = f"SELECT COUNT(*) FROM ({self.sql}) AS counted"


class Rows:
    """What a prepared query gives for some keys, as a paginator asks for it."""

    ordered = True

    def __init__(self, prepared: Prepared, *keys):
        self.prepared, self.keys = prepared, keys

    def count(self) -> int:
        return self.prepared.count(*self.keys)

    def __getitem__(self, part: slice) -> list:
        most = part.stop - part.start
        return self.prepared(*self.keys, start=part.start, most=most)
