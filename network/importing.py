"""What others published, brought in: files read line by line, checked, reported.

Files are JSONL (also gzipped) or CSV. A record is known by its source id and by a
digest of what it said: one that is here already and says the same is left alone, so
an import that was stopped is simply started again. Records are taken in batches, each
one short transaction, and what follows from them goes by the `bulk` lane.
"""

import csv
import gzip
import hashlib
import io
import json
import resource
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator
from django.db import DataError, IntegrityError, transaction
from django.utils.encoding import iri_to_uri

from network.events import bulk

LONGEST_LINE = 16 * 2**20
WEB_ADDRESS = URLValidator(schemes=["http", "https"])
# Between two transactions, so that people get at SQLite's one write lock.
PAUSE_SECONDS = 0.02
BROKEN_FILE = (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error)


class Bad(Exception):
    """A record that cannot be taken; says why."""


class Skip(Exception):
    """A record that is left out on purpose; says why, in words that can be counted."""


@dataclass(frozen=True)
class Line:
    """One record of a file, or what is wrong with it."""

    file: str
    number: int
    data: dict
    error: str = ""
    share: float = 0  # of all bytes to read

    @property
    def place(self) -> str:
        return f"{self.file}:{self.number}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(_canonical(self.data)).hexdigest()


def _canonical(data: dict) -> bytes:
    return json.dumps(data, sort_keys=True, ensure_ascii=False).encode()


def read_files(paths: Iterable[Path]) -> Iterator[Line]:
    """All lines of all files; one that cannot be read on ends with an error."""
    sizes = {path: path.stat().st_size for path in paths}
    total, before = sum(sizes.values()) or 1, 0
    for path, size in sizes.items():
        number = 0
        with path.open("rb") as file:
            try:
                for number, data, error in _rows(path, file):
                    share = (before + file.tell()) / total
                    yield Line(path.name, number, data, error, share)
            except BROKEN_FILE as error:
                yield Line(path.name, number + 1, {}, f"cannot be read on: {error}")
        before += size


def _rows(path: Path, file) -> Iterator[tuple[int, dict, str]]:
    if path.suffix == ".gz":
        file = gzip.GzipFile(fileobj=file)
    is_csv = ".csv" in path.suffixes
    return _csv_rows(file) if is_csv else _json_rows(file)


def _json_rows(file) -> Iterator[tuple[int, dict, str]]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            yield number, {}, f"longer than {LONGEST_LINE >> 20} MB"
        elif line.strip():
            yield number, *_parsed(line)


def _parsed(line: bytes) -> tuple[dict, str]:
    try:
        data = json.loads(line.decode("utf-8-sig"))
        if not isinstance(data, dict):
            return {}, "not a JSON object"
        _canonical(data)  # refuses half a pair of surrogates, which no database takes
    except UnicodeError:
        return {}, "not UTF-8"
    except json.JSONDecodeError as error:
        return {}, f"not JSON: {error.msg} at letter {error.colno}"
    except (ValueError, RecursionError):
        return {}, "not JSON that can be read"
    return data, ""


def _csv_rows(file) -> Iterator[tuple[int, dict, str]]:
    """Comma or semicolon, whichever the header has more of."""
    csv.field_size_limit(LONGEST_LINE)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    header = text.readline()
    names = next(csv.reader([header], delimiter=_delimiter(header)), [])
    rows = csv.DictReader(text, names, delimiter=_delimiter(header))
    number = 2
    for row in rows:
        error = "more cells than the header has" if row.pop(None, None) else ""
        yield number, {key: row[key] or None for key in row}, error
        number = rows.line_num + 2


def _delimiter(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()


class Fields:
    """What a record says, field by field; `check()` tells all that is wrong at once."""

    def __init__(self, data: Mapping, where: str = "", wrong: list[str] | None = None):
        self.data = data
        self.where = where
        self.wrong = [] if wrong is None else wrong

    def fault(self, text: str) -> None:
        self.wrong.append(self.where + text)

    def text(self, name: str, longest: int = 0, required: bool = False) -> str:
        value = self.data.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str | None):
            self.fault(f"{name} is not text")
            return ""
        value = _clean(value or "")
        if required and not value:
            self.fault(f"no {name}")
        if longest and len(value) > longest:
            self.fault(f"{name} is longer than {longest} letters")
        return value

    def texts(self, name: str, longest: int = 0) -> list[str]:
        """A list, or one text with | between its parts, as CSV has it."""
        value = self.data.get(name) or []
        parts = value.split("|") if isinstance(value, str) else value
        if not (isinstance(parts, list) and all(isinstance(one, str) for one in parts)):
            self.fault(f"{name} is not a list of texts")
            return []
        parts = [part for part in map(_clean, parts) if part]
        if longest and any(len(part) > longest for part in parts):
            self.fault(f"one of {name} is longer than {longest} letters")
        return parts

    def url(self, name: str, longest: int = 500) -> str:
        """A web address; spaces and letters in it that need it are encoded."""
        value = iri_to_uri(self.text(name, longest))
        try:
            if value:
                WEB_ADDRESS(value)
        except ValidationError:
            self.fault(f"{name} is not a web address")
        return value

    def choice(self, name: str, choices: Mapping[str, Any]) -> Any:
        value = self.text(name)
        if value not in choices:
            self.fault(f"unknown {name} “{value}”" if value else f"no {name}")
        return choices.get(value)

    def date(self, name: str) -> date | None:
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(f"{name} “{value}” is no date (2026-05-17 is)")
            return None

    def moment(self, name: str, required: bool = False) -> datetime | None:
        """A date and time, UTC unless it says otherwise; or milliseconds since 1970."""
        value = self.text(name, required=required)
        try:
            if value.isdecimal() and len(value) > 8:
                return datetime.fromtimestamp(int(value) / 1000, UTC)
            at = datetime.fromisoformat(value) if value else None
        except (ValueError, OverflowError, OSError):
            self.fault(f"{name} “{value}” is no time (2026-05-17T13:30:00 is)")
            return None
        return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at

    def parts(self, name: str) -> list["Fields"]:
        """Records within this one; what is wrong in them is told with the rest."""
        value = self.data.get(name) or []
        if not (
            isinstance(value, list) and all(isinstance(one, dict) for one in value)
        ):
            self.fault(f"{name} is not a list of records")
            return []
        return [
            Fields(one, f"{self.where}{name} {number}: ", self.wrong)
            for number, one in enumerate(value, 1)
        ]

    def check(self) -> None:
        if self.wrong:
            raise Bad("; ".join(self.wrong))


class Report:
    """What became of the records: told as it goes, and in the end."""

    TERMINAL_SECONDS, PLAIN_SECONDS = 0.2, 5.0

    def __init__(self, stdout, stderr):
        self.stdout, self.stderr = stdout, stderr
        self.counts: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.on_terminal = stdout.isatty()
        self.started = self.shown = time.monotonic()

    def skip(self, line: Line, reason: str) -> None:
        self.skipped[reason] += 1
        self._say(self.stdout, f"{line.place}: left out: {reason}")

    def error(self, line: Line, reason: str) -> None:
        self.counts["errors"] += 1
        self._say(self.stderr, f"{line.place}: {reason}")

    def progress(self, share: float) -> None:
        now = time.monotonic()
        pause = self.TERMINAL_SECONDS if self.on_terminal else self.PLAIN_SECONDS
        if now - self.shown >= pause:
            self.shown = now
            start, end = ("\r\x1b[K", "") if self.on_terminal else ("", "\n")
            self.stdout.write(f"{start}{share:4.0%}  {self._so_far()}", ending=end)
            self.stdout.flush()

    def finish(self, dry_run: bool) -> None:
        lines = [f"{self.counts[name]:8} {name}" for name in self._outcomes()]
        lines += [f"{self.skipped.total():8} left out"]
        lines += [f"{count:12} {why}" for why, count in self.skipped.most_common()]
        lines += [f"{self.counts['errors']:8} errors"]
        seconds = time.monotonic() - self.started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        lines += [
            f"{self.counts['read'] / max(seconds, 0.001):.0f} records a second, "
            f"{seconds:.0f} s, {peak:.0f} MB of memory at most"
        ]
        if dry_run:
            lines += ["A dry run: nothing was written."]
        self._say(self.stdout, "\n".join(lines))

    def _outcomes(self) -> tuple[str, ...]:
        return "read", "created", "updated", "unchanged"

    def _so_far(self) -> str:
        told = [f"{self.counts[name]} {name}" for name in self._outcomes()]
        told += [f"{self.skipped.total()} left out", f"{self.counts['errors']} errors"]
        return ", ".join(told)

    def _say(self, stream, text: str) -> None:
        if self.on_terminal:
            self.stdout.write("\r\x1b[K", ending="")
        stream.write(text)


@dataclass
class Item:
    """A record that is to be written: over `row`, or as a new one."""

    line: Line
    row: Any
    value: Any


class Importer:
    """Subclasses say what is here already, what a record becomes, how it is written."""

    batch_size = 5
    longest_id = 100

    def __init__(self, report: Report, dry_run: bool = False):
        self.report = report
        self.dry_run = dry_run
        self.first_at: dict[str, str] = {}

    def survey(self, paths: list[Path]) -> None:
        """Look at all records before the first is taken."""

    def source_id(self, data: dict) -> str:
        """What a record is known by; raises Bad if it does not say."""
        fields = Fields(data)
        source_id = fields.text("id", longest=self.longest_id, required=True)
        fields.check()
        return source_id

    def existing(self, source_ids: list[str]) -> dict[str, Any]:
        """Rows that are here, by source id; each has its `source_digest`."""
        raise NotImplementedError

    def prepare(self, line: Line, source_id: str, row) -> Any:
        """What is to be written; raises Bad or Skip. Outside any transaction."""
        raise NotImplementedError

    def write(self, items: list[Item]) -> None:
        """Inside the batch's transaction."""
        raise NotImplementedError

    def run(self, paths: list[Path], limit: int | None = None) -> None:
        self.survey(paths)
        lines = islice(read_files(paths), limit)
        while batch := list(islice(lines, self.batch_size)):
            self._take(batch)
            self.report.progress(batch[-1].share)

    def _take(self, lines: list[Line]) -> None:
        self.report.counts["read"] += len(lines)
        named = [pair for line in lines if (pair := self._named(line))]
        rows = self.existing([source_id for _line, source_id in named])
        items = []
        for line, source_id in named:
            row = rows.get(source_id)
            if row is not None and row.source_digest == line.digest:
                self.report.counts["unchanged"] += 1
                continue
            try:
                items.append(Item(line, row, self.prepare(line, source_id, row)))
            except Bad as error:
                self.report.error(line, str(error))
            except Skip as reason:
                self.report.skip(line, str(reason))
        self._save(items)

    def _named(self, line: Line) -> tuple[Line, str] | None:
        """The line with its source id, unless it is broken or was here before."""
        try:
            if line.error:
                raise Bad(line.error)
            source_id = self.source_id(line.data)
            if source_id in self.first_at:
                raise Bad(f"the same id as {self.first_at[source_id]}")
        except Bad as error:
            self.report.error(line, str(error))
            return None
        self.first_at[source_id] = line.place
        return line, source_id

    def _save(self, items: list[Item]) -> None:
        """One transaction; if it is refused, one for each item, to find the culprit."""
        try:
            if items and not self.dry_run:
                with bulk(), transaction.atomic():
                    self.write(items)
                time.sleep(PAUSE_SECONDS)
        except (ValidationError, IntegrityError, DataError) as error:
            if len(items) == 1:
                self.report.error(items[0].line, f"refused: {_in_one_line(error)}")
                return
            for item in items:
                self._save([item])
            return
        for item in items:
            self.report.counts["created" if item.row is None else "updated"] += 1


def _in_one_line(error: Exception) -> str:
    messages = getattr(error, "messages", None) or [str(error)]
    return " ".join(" ".join(messages).split())


class ImportCommand(BaseCommand):
    """`manage.py import_… FILE…`: exit status 1 if any record could not be taken."""

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="check and report; write nothing"
        )
        parser.add_argument(
            "--limit", type=int, metavar="N", help="read the first N records only"
        )

    def importer(self, report: Report, options: dict) -> Importer:
        raise NotImplementedError

    def handle(self, *args, files, dry_run, limit, **options):
        for path in files:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
            if not {".jsonl", ".csv"} & set(path.suffixes):
                raise CommandError(f"{path.name}: give .jsonl, .jsonl.gz or .csv.")
        report = Report(self.stdout, self.stderr)
        importer = self.importer(report, {**options, "dry_run": dry_run})
        importer.run(list(dict.fromkeys(files)), limit)
        report.finish(dry_run)
        if report.counts["errors"]:
            raise CommandError(f"{report.counts['errors']} could not be taken.")
