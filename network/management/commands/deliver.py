import signal
import threading

from django.core.management.base import BaseCommand

from network.workers import start_workers


class Command(BaseCommand):
    help = "Deliver what the outbox holds, until stopped; run as many as you like."

    def add_arguments(self, parser):
        parser.add_argument(
            "--announce", action="store_true", help="say when deliveries begin"
        )

    def handle(self, *args, announce, **options):
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        threads = start_workers(stop)
        if announce:
            self.stdout.write("delivering")
            self.stdout.flush()
        for thread in threads:
            thread.join()
