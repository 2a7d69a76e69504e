import asyncio
import signal
import threading

from django.core.management.base import BaseCommand

from network import live
from network.workers import start_workers


class Command(BaseCommand):
    help = "Deliver what the outbox holds, until stopped; run as many as you like."

    def add_arguments(self, parser):
        parser.add_argument(
            "--announce", action="store_true", help="say when deliveries begin"
        )

    def handle(self, *args, announce, **options):
        stop = threading.Event()
        # One loop for all nudges: each would have to find Redis by itself otherwise.
        live.server_loop = asyncio.new_event_loop()
        threading.Thread(target=live.server_loop.run_forever, daemon=True).start()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        threads = start_workers(stop)
        if announce:
            self.stdout.write("delivering")
            self.stdout.flush()
        for thread in threads:
            thread.join()
