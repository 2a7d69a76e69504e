import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import EngineError
from search.evaluation import Collection, Measured, NotACollection, measure

HEAD = ("collection", "nDCG@10", "MRR", "R@10", "R@100")


class Command(BaseCommand):
    help = (
        "Measure how well search finds, on collections with human judgements, beside "
        "plain BM25 on the same engine. Uses a scratch index; the site's own is not "
        "touched."
    )

    def add_arguments(self, parser):
        parser.add_argument("collections", nargs="+", type=Path, metavar="DIR")
        parser.add_argument(
            "--json", action="store_true", help="print a list of objects"
        )
        parser.add_argument(
            "--language",
            action="append",
            default=[],
            metavar="NAME=xx",
            help="the language of a collection, whatever its files say",
        )

    def handle(self, *args, collections, language, **options):
        languages = languages_of(language)
        unknown = set(languages) - {folder.name for folder in collections}
        if unknown:
            raise CommandError(f"--language names no DIR: {', '.join(sorted(unknown))}")
        measured = []
        for folder in collections:
            try:
                collection = Collection.read(folder, languages.get(folder.name))
                measured.append(measure(collection, self.progress(folder.name)))
            except NotACollection as error:
                raise CommandError(str(error)) from error
            except EngineError as error:
                raise CommandError(f"The search engine: {error}") from error
        self.stdout.write(as_json(measured) if options["json"] else as_table(measured))

    def progress(self, name: str):
        def show(what: str, done: int, total: int) -> None:
            if done % 500 == 0 or done == total:
                self.stderr.write(f"{name}: {what} {done} of {total}")

        return show


def languages_of(options: list[str]) -> dict[str, str]:
    found = {}
    for option in options:
        name, sign, code = option.partition("=")
        if not (name and sign and len(code) == 2 and code.isalpha()):
            raise CommandError(f"--language takes NAME=xx, not {option}")
        found[name] = code.lower()
    return found


def as_json(measured: list[Measured]) -> str:
    return json.dumps([one.row() for one in measured], indent=2)


def as_table(measured: list[Measured]) -> str:
    rows = [HEAD, *(line for one in measured for line in lines_of(one))]
    wide = max(len(row[0]) for row in rows)
    return "\n".join(
        f"{row[0]:<{wide}}" + "".join(f"{cell:>10}" for cell in row[1:]) for row in rows
    )


def lines_of(one: Measured):
    for name, figures in ((one.collection, one.ours), ("  plain BM25", one.plain)):
        values = (figures.ndcg10, figures.mrr, figures.recall10, figures.recall100)
        yield (name, *(f"{value:.4f}" for value in values))
