from cms.importing import KnowledgeImporter
from network.audience import MEMBERS, PUBLIC, STAFF
from network.importing import ImportCommand


class Command(ImportCommand):
    help = "Bring in articles, stories and guides that others published (JSONL, CSV)."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--audience",
            choices=[PUBLIC, MEMBERS, STAFF],
            default=MEMBERS,
            help="who sees new works (default: members)",
        )

    def importer(self, report, options):
        return KnowledgeImporter(report, options["dry_run"], options["audience"])
