from django.core.management.base import BaseCommand

from cms.standard_pages import create_standard_pages


class Command(BaseCommand):
    help = "Create about, privacy, accessibility … with first texts, where missing."

    def handle(self, *args, **options):
        made = create_standard_pages()
        self.stdout.write(f"{made} pages created")
