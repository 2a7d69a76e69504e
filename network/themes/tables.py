"""The vocabulary as CSV, one row a theme, for spreadsheets and for `load_themes`.

Names stand in a column for each language, synonyms in `<language>_also` with a bar
between them. A cell that a spreadsheet would run as a formula is written with an
apostrophe before it, which is taken away again when the table is read.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, make_dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from tablib import Dataset

from network.languages import CONTENT_LANGUAGES, UI_LANGUAGES
from network.themes.models import Theme, ThemeLabel

MAX_BYTES = 2 * 2**20
MAX_ROWS = 2000
FORMULA = ("=", "+", "-", "@")
ALSO = {code: f"{code}_also" for code in CONTENT_LANGUAGES}
NOTE = {code: f"note_{code}" for code in UI_LANGUAGES}
COLUMNS = [
    *("slug", "scheme", "parent", "code", "phase"),
    *CONTENT_LANGUAGES,
    *ALSO.values(),
    *NOTE.values(),
]

# A theme as the table has it: each column a string, synonyms in alphabetical order.
ThemeRow = make_dataclass("ThemeRow", [(column, str, "") for column in COLUMNS])


class BadTable(ValueError):
    """The file is no table of themes; says where and why."""


def read_table(data: bytes) -> Dataset:
    """The rows of a CSV file; its `lines` tells on which line each one begins."""
    if len(data) > MAX_BYTES:
        raise too_large()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        told = _("Line {line}: not UTF-8. Save the file as “CSV UTF-8”.")
        raise BadTable(told.format(line=line)) from error
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _read(reader)
    except csv.Error as error:
        told = _("Line {line}: this is not CSV ({why}).")
        raise BadTable(told.format(line=reader.line_num, why=error)) from error


def too_large() -> BadTable:
    return BadTable(_("The file is larger than {n} MB.").format(n=MAX_BYTES // 2**20))


def _read(reader) -> Dataset:
    headers = [name.strip() for name in next(reader, [])]
    _check(headers)
    table = Dataset(headers=headers)
    table.lines = []
    begins = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            _check_row(cells, headers, begins)
            table.append(cells)
            table.lines.append(begins)
        if len(table.lines) > MAX_ROWS:
            raise BadTable(_("There are more than {n} rows.").format(n=MAX_ROWS))
        begins = reader.line_num + 1
    if not table.lines:
        raise BadTable(_("There are no rows in the file."))
    return table


def _check(headers: list[str]) -> None:
    unknown = [name for name in headers if name not in COLUMNS]
    uneven = [name for name in COLUMNS if headers.count(name) != 1]
    if len(uneven) == len(COLUMNS):
        raise BadTable(_("This is not a CSV file with themes."))
    if unknown:
        told = _("Line 1: there is no such column or language: {names}.")
        raise BadTable(told.format(names=", ".join(unknown)))
    if uneven:
        told = _("Line 1: each column must stand there once: {names}.")
        raise BadTable(told.format(names=", ".join(uneven)))


def _check_row(cells: list[str], headers: list[str], line: int) -> None:
    if len(cells) != len(headers):
        told = _("Line {line}: {found} cells instead of {wanted}.")
        raise BadTable(told.format(line=line, found=len(cells), wanted=len(headers)))
    if any("\x00" in cell for cell in cells):
        raise BadTable(_("This is not a CSV file with themes."))


def read_cell(value: str) -> str:
    """Without stray spaces, and without the apostrophe that disarmed a formula."""
    text = " ".join(value.split())
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text


def write_cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def split_synonyms(value: str) -> list[str]:
    return sorted(text for part in value.split("|") if (text := " ".join(part.split())))


def join_synonyms(texts: Iterable[str]) -> str:
    return "|".join(sorted(texts))


def read_row(cells: dict[str, str]) -> ThemeRow:
    row = ThemeRow(**{column: read_cell(cells[column]) for column in COLUMNS})
    for column in ALSO.values():
        setattr(row, column, join_synonyms(split_synonyms(getattr(row, column))))
    return row


def fingerprint(row: ThemeRow) -> str:
    return sha256("\x1f".join(astuple(row)).encode()).hexdigest()


def rows_of_themes() -> dict[str, ThemeRow]:
    """{slug: row} of the themes there are, in the order of the vocabulary."""
    labels = defaultdict(list)
    for label in ThemeLabel.objects.all():
        labels[label.theme_id].append(label)
    themes = Theme.objects.select_related("parent")
    return {theme.slug: _row_of(theme, labels[theme.pk]) for theme in themes}


def _row_of(theme: Theme, labels: list[ThemeLabel]) -> ThemeRow:
    parent = theme.parent.slug if theme.parent else ""
    row = ThemeRow(theme.slug, theme.scheme, parent, theme.code, theme.phase)
    also = defaultdict(list)
    for label in labels:
        if not label.preferred:
            also[ALSO[label.language]].append(label.text)
            continue
        setattr(row, label.language, label.text)
        if label.language in NOTE:
            setattr(row, NOTE[label.language], label.note)
    for column, texts in also.items():
        setattr(row, column, join_synonyms(texts))
    return row
