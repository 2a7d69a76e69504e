from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from network.themes.actions import load_shipped
from network.themes.resources import compare, errors_of
from network.themes.tables import BadTable, read_row, read_table

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "themes.csv"


class Command(BaseCommand):
    help = "Load the vocabulary of themes; what staff have edited is kept."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="write each theme as the file has it, also those edited since",
        )

    def handle(self, *args, file, overwrite, **options):
        with override("en"):
            try:
                table = read_table(file.read_bytes())
            except (OSError, BadTable) as error:
                raise CommandError(f"{file}: {error}") from error
            errors = errors_of(compare(table), table)
        if errors:
            raise CommandError("\n".join([f"{file}: nothing was loaded.", *errors]))
        rows = [read_row(cells) for cells in table.dict]
        written, kept = load_shipped(rows, overwrite)
        if options["verbosity"]:
            self.stdout.write(f"{written} themes written, {kept} kept as edited here.")
