import time
from contextlib import suppress

from django.core.management.base import BaseCommand, CommandError

from search import rebuilding
from search.engines.base import EngineDown, WriterBusy
from search.models import Rebuild

PATIENCE = 2  # seconds in which a process that delivers would have taken it


class Command(BaseCommand):
    help = (
        "Build the search index anew while the site runs; the old one answers till "
        "then. Stopped half-way, it goes on where it was when started again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--abort", action="store_true", help="give up the rebuild under way"
        )
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only when the index is empty, or of another version or engine",
        )

    def handle(self, *args, abort, if_needed, **options):
        try:
            if abort:
                self.abort()
            elif not if_needed or rebuilding.is_needed():
                self.tell_failure(self.rebuild(), if_needed)
        except EngineDown as error:
            if not if_needed:
                raise CommandError(f"The search engine is away: {error}") from error
            rebuilding.request_rebuild()
            self.stdout.write("The search engine is away: built when it is back.")
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped; the index that answers is unchanged. Start again to go on, "
                "or give up with --abort."
            ) from None

    def abort(self) -> None:
        rebuild = rebuilding.current_rebuild()
        if rebuild is None:
            raise CommandError("No rebuild is under way.")
        rebuilding.abort_rebuild(rebuild)
        self.stdout.write("Given up; the index that answers is unchanged.")

    def rebuild(self) -> Rebuild:
        """The process that serves is asked first: often it alone can write."""
        began = time.monotonic()
        self.stdout.write("Search index …")
        rebuild = rebuilding.request_rebuild()
        while time.monotonic() < began + PATIENCE and rebuilding.is_free(rebuild):
            time.sleep(0.1)
        while rebuild.status == Rebuild.Status.RUNNING:
            self.work_or_watch(rebuild)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{rebuild.status.capitalize()}: {rebuild.done} rows in {seconds:.0f} s, "
            f"{rebuild.compared} documents compared, {rebuild.corrected} put right"
        )
        return rebuild

    def tell_failure(self, rebuild: Rebuild, if_needed: bool) -> None:
        if rebuild.status != Rebuild.Status.FAILED:
            return
        told = f"{rebuild.reason} The index that answers is unchanged."
        if not if_needed:
            raise CommandError(told)
        self.stderr.write(told)  # the site starts all the same

    def work_or_watch(self, rebuild: Rebuild) -> None:
        """Also after another process that had it was killed."""
        with suppress(WriterBusy):
            rebuilding.advance(rebuild, 60, self.report)
        rebuild.refresh_from_db()
        if rebuild.status == Rebuild.Status.RUNNING:
            self.report(rebuild)
            time.sleep(1)
            rebuild.refresh_from_db()

    def report(self, rebuild: Rebuild) -> None:
        match rebuild.stage:
            case Rebuild.Stage.FILLING:
                self.stdout.write(f"  {rebuild.done} of {rebuild.total}")
            case Rebuild.Stage.COMPARING:
                self.stdout.write(f"  {rebuild.compared} documents compared")
