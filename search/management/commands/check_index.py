import time

from django.core.management.base import BaseCommand, CommandError

from search.checking import Check, Finding
from search.engines.base import EngineDown, EngineError

EVERY = 2  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Compare the search index with the database, object by object, while the site "
        "runs, and index anew what differs. May be stopped and started again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what differs"
        )

    def handle(self, *args, dry_run, **options):
        self.shown_at = time.monotonic()
        check = Check(dry_run)
        try:
            check.run(self.report)
        except EngineDown as error:
            raise CommandError(f"The search engine is away: {error}") from error
        except EngineError as error:
            raise CommandError(f"Not to be checked: {error} rebuild_index.") from error
        except KeyboardInterrupt:
            self.tell(check)
            raise CommandError(
                "Stopped half-way; what was put right stays so. Start again to check "
                "all of it."
            ) from None
        self.tell(check)
        if check.remain:
            raise CommandError(self.what_remains(check))

    def report(self, where: str, done: int) -> None:
        if time.monotonic() > self.shown_at + EVERY:
            self.shown_at = time.monotonic()
            rows = {"database": "rows of the database", "index": "of the index"}[where]
            self.stdout.write(f"  {done} {rows} looked at")

    def tell(self, check: Check) -> None:
        self.stdout.write("".join(f"{x:>14}" for x in ["", "right", *Finding]))
        for kind in sorted({*check.right, *check.wrong}):
            counted = [check.right[kind], *(check.wrong[kind][x] for x in Finding)]
            figures = "".join(f"{number:>14}" for number in counted)
            self.stdout.write(f"{kind:>14}{figures}")
        if check.waiting:
            self.stdout.write(f"{check.waiting} more wait in the outbox.")
        if not check.found:
            self.stdout.write("All is right.")
        elif not check.dry_run:
            self.stdout.write(f"Put right: {check.found - check.remain}")

    def what_remains(self, check: Check) -> str:
        some = "".join(f"\n  {one}" for one in check.remaining)
        if check.dry_run:
            return f"{check.remain} differ; without --dry-run they are put right:{some}"
        return f"{check.remain} differ still; if they do so again, rebuild_index:{some}"
