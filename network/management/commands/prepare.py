from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from network.people.models import User


class Command(BaseCommand):
    help = "Bring database, files and vocabulary up to date; the first time, the demo."

    def handle(self, *args, **options):
        settings.VAR.mkdir(parents=True, exist_ok=True)
        self.stdout.write("Database …")
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:  # of new columns nothing is known yet
            cursor.execute("ANALYZE")
        self.stdout.write("Files …")
        call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write("Themes and standard pages …")
        call_command("load_themes", verbosity=0)
        call_command("create_standard_pages", verbosity=0)
        if settings.DEMO and not User.objects.exists():
            self.stdout.write("Demo content …")
            call_command("load_demo", verbosity=1)
        call_command("rebuild_index", if_needed=True)
