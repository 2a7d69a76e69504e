"""The table of themes for django-import-export: what it would change, what is wrong."""

from copy import copy

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result
from import_export.widgets import Widget
from tablib import Dataset

from network.languages import CONTENT_LANGUAGES
from network.themes.models import Theme, ThemeLabel
from network.themes.tables import (
    ALSO,
    COLUMNS,
    NOTE,
    ThemeRow,
    join_synonyms,
    read_cell,
    read_row,
    rows_of_themes,
    split_synonyms,
    write_cell,
)


def longest(model, field: str) -> int:
    return model._meta.get_field(field).max_length


LENGTHS = {
    **{column: longest(Theme, column) for column in ("slug", "code")},
    **dict.fromkeys([*CONTENT_LANGUAGES, *ALSO.values()], longest(ThemeLabel, "text")),
    **dict.fromkeys(NOTE.values(), longest(ThemeLabel, "note")),
}
CHOICES = {"scheme": Theme.Scheme.values, "phase": ["", *Theme.Phase.values]}


class Cell(Widget):
    def clean(self, value, row=None, **kwargs):
        return read_cell(value)

    def render(self, value, obj=None, **kwargs):
        return write_cell(value)


class SynonymsCell(Cell):
    def clean(self, value, row=None, **kwargs):
        return join_synonyms(split_synonyms(read_cell(value)))


class ThemeResource(Resource):
    """Rows of themes; it checks and compares, `actions.save_themes` writes."""

    class Meta:
        import_id_fields = ["slug"]
        instance_loader_class = BaseInstanceLoader
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True
        report_skipped = False

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        for name in COLUMNS:
            widget = SynonymsCell() if name in ALSO.values() else Cell()
            self.fields[name] = Field(name, name, widget)

    def before_import(self, dataset, **kwargs):
        self.lines = dataset.lines
        self.there = rows_of_themes()
        rows = [read_row(cells) for cells in dataset.dict]
        self.after = {**self.there, **{row.slug: row for row in rows}}
        self.seen: dict[str, int] = {}

    def get_instance(self, instance_loader, row):
        return copy(self.there.get(read_cell(row["slug"])))

    def init_instance(self, row=None):
        return ThemeRow()

    def skip_row(self, instance, original, row, import_validation_errors=None):
        unchanged = super().skip_row(instance, original, row, import_validation_errors)
        return unchanged and instance.slug not in self.seen

    def validate_instance(self, instance, import_validation_errors=None, **kwargs):
        problems: dict[str, list[str]] = {}
        for column, problem in self._problems(instance):
            problems.setdefault(column, []).append(problem)
        if problems:
            raise ValidationError(problems)

    def save_instance(self, instance, is_create, row, **kwargs):
        """Nothing is written row by row."""

    def after_import_row(self, row, row_result, row_number=None, **kwargs):
        row_result.line = self.lines[row_number - 1]
        self.seen.setdefault(read_cell(row["slug"]), row_result.line)

    def _problems(self, row: ThemeRow):
        """(column, what is wrong with it)."""
        yield from self._slug_problems(row)
        for column, choices in CHOICES.items():
            if getattr(row, column) not in choices:
                names = ", ".join(filter(None, choices))
                yield column, _("Unknown. Write one of: {names}.").format(names=names)
        if row.parent:
            yield from self._parent_problems(row)
        for column, most in LENGTHS.items():
            if any(len(text) > most for text in getattr(row, column).split("|")):
                yield column, _("Longer than {n} characters.").format(n=most)
        for code in CONTENT_LANGUAGES:
            yield from self._label_problems(row, code)

    def _slug_problems(self, row: ThemeRow):
        try:
            validate_slug(row.slug)
        except ValidationError as error:
            yield "slug", error.message
        if row.slug in self.seen:
            yield "slug", _("Already on line {line}.").format(line=self.seen[row.slug])

    def _parent_problems(self, row: ThemeRow):
        """Two levels, within a scheme: so there are no circles either."""
        parent = self.after.get(row.parent)
        if parent is None:
            yield "parent", _("There is no theme “{slug}”.").format(slug=row.parent)
        elif parent.scheme != row.scheme:
            yield "parent", _("A wider theme must be of the same scheme.")
        elif parent.parent or parent.slug == row.slug:
            yield "parent", _("A wider theme must not have a wider one itself.")
        elif any(other.parent == row.slug for other in self.after.values()):
            yield "parent", _("A theme with narrower ones cannot have a wider one.")

    def _label_problems(self, row: ThemeRow, code: str):
        name, also = getattr(row, code), split_synonyms(getattr(row, ALSO[code]))
        if not name:
            yield code, _("The preferred label is missing.")
        if "|" in name:
            yield (
                code,
                _("One label only; others belong in {column}.").format(
                    column=ALSO[code]
                ),
            )
        said = [text.casefold() for text in [name, *also]]
        if len(set(said)) < len(said):
            yield ALSO[code], _("The same label stands twice.")


def compare(table: Dataset) -> Result:
    """What the table would change (`rows`), and what is wrong (`invalid_rows`)."""
    result = ThemeResource().import_data(table, dry_run=True)
    failed = [error for row in result.error_rows for error in row.errors]
    for error in [*result.base_errors, *failed]:
        raise error.error
    return result


def errors_of(result: Result, table: Dataset) -> list[str]:
    """A sentence for each wrong cell, with its line in the file."""
    return [
        _("Line {line}, {column}: {problem}").format(
            line=table.lines[row.number - 1], column=column, problem=problem
        )
        for row in result.invalid_rows
        for column, problems in row.error_dict.items()
        for problem in problems
    ]


def write_csv() -> str:
    return ThemeResource().export(rows_of_themes().values()).export("csv")
