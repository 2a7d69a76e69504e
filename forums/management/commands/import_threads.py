from django.core.management.base import CommandError

from forums.importing import ThreadImporter
from forums.models import Forum
from network.importing import ImportCommand

AUTO = "auto"


class Command(ImportCommand):
    help = "Bring in conversations that others published (JSONL)."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--forum",
            metavar="SLUG",
            default=AUTO,
            help="put all threads there; auto, the default, makes a forum per source",
        )

    def importer(self, report, options):
        return ThreadImporter(report, options["dry_run"], forum_named(options["forum"]))


def forum_named(slug: str) -> Forum | None:
    if slug == AUTO:
        return None
    forum = Forum.objects.filter(slug=slug).first()
    if forum is None:
        raise CommandError(f"There is no forum {slug}.")
    return forum
