from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from demo.loader import load_demo
from network.themes.models import Theme


class Command(BaseCommand):
    help = "Load the demo content, all of it invented. Twice changes nothing."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "Demo accounts have a known password, so they are not for production."
            )
        if not Theme.objects.exists():
            raise CommandError("First load the vocabulary: manage.py load_themes")
        with override("en"):
            new = load_demo()
        if options["verbosity"]:
            told = ", ".join(f"{count} {kind}" for kind, count in new.items())
            self.stdout.write(f"New: {told}.")
