import time

from django.core.management.base import BaseCommand, CommandError

from search import rebuilding
from search.engines.base import EngineDown, WriterBusy
from search.models import Rebuild


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
                return self.abort()
            if if_needed and not rebuilding.is_needed():
                return None
            return self.rebuild()
        except EngineDown as error:
            raise CommandError(f"The search engine does not answer: {error}") from error

    def abort(self) -> None:
        rebuild = rebuilding.current_rebuild()
        if rebuild is None:
            raise CommandError("No rebuild is under way.")
        rebuilding.abort_rebuild(rebuild)
        self.stdout.write("Given up; the index that answers is unchanged.")

    def rebuild(self) -> None:
        began = time.monotonic()
        rebuild = rebuilding.start_rebuild()
        try:
            while not rebuilding.advance(rebuild, 60, self.report):
                pass
        except WriterBusy:
            self.stdout.write("The running site builds it:")
            rebuilding.request_rebuild()
        self.follow(rebuild)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{rebuild.get_status_display()}: {rebuild.done} rows in {seconds:.0f} s"
        )

    def follow(self, rebuild: Rebuild) -> None:
        """Show how far another process is."""
        rebuild.refresh_from_db()
        while rebuild.status == Rebuild.Status.RUNNING:
            self.report(rebuild)
            time.sleep(1)
            rebuild.refresh_from_db()

    def report(self, rebuild: Rebuild) -> None:
        self.stdout.write(f"  {rebuild.done} of {rebuild.total}")
