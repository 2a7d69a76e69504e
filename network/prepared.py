"""Queries that each page asks about its reader, put into SQL once.

For a query of a few rows Django takes several times as long to write the SQL as the
database takes to answer it. What differs from reader to reader is their key alone.
"""

from collections.abc import Callable

from django.db import connection, models
from django.utils import timezone

# Stands for the reader's key until it is known; no row has it.
ANYBODY = -(2**62)


class Prepared:
    """build(key) -> a query of values; it may depend on nothing else but today's date.

    Called with a key it answers the rows, as the database gives them.
    """

    def __init__(self, build: Callable[[int], models.QuerySet]):
        self.build = build
        self.__doc__ = build.__doc__
        self.made: dict[tuple, tuple[str, tuple]] = {}

    def __call__(self, key: int) -> list[tuple]:
        sql, values = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, [key if one == ANYBODY else one for one in values])
            return cursor.fetchall()

    def _statement(self) -> tuple[str, tuple]:
        where = connection.vendor, timezone.localdate()
        if where not in self.made:
            query = self.build(ANYBODY).query
            self.made = {where: query.sql_with_params()}
        return self.made[where]
