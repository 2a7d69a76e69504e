"""What the two databases call differently."""

from django.db.models import Aggregate, TextField, Value
from django.db.models.functions import Cast


class Joined(Aggregate):
    """The values of a group as one text, a line each."""

    function = "GROUP_CONCAT"

    def __init__(self, expression, **extra):
        text = Cast(expression, TextField())
        super().__init__(text, Value("\n"), output_field=TextField(), **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)
