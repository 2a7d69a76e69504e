import asyncio
import contextlib
import threading

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network import live
from network.workers import start_workers, stop_workers


class Server(uvicorn.Server):
    """Says so when it listens."""

    greet = None

    async def startup(self, sockets=None):
        await super().startup(sockets)
        if self.started and self.greet:
            self.greet()


class Command(BaseCommand):
    help = "Serve the site and, unless told otherwise, deliver what follows."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--greet", action="store_true", help="print the address and demo sign-ins"
        )
        parser.add_argument(
            "--no-deliver",
            action="store_true",
            help="serve only; `manage.py deliver` runs elsewhere (needs REDIS_URL)",
        )

    def handle(self, *args, host, port, no_deliver, greet, **options):
        if no_deliver and not settings.REDIS_URL:
            raise CommandError(
                "--no-deliver needs REDIS_URL: the pages that are open here could "
                "not be told what another process delivers."
            )
        server = Server(
            uvicorn.Config(
                "network.asgi:application",
                host=host,
                port=port,
                lifespan="off",
                log_level="warning",
                ws_max_size=16 * 1024,
                ws_ping_interval=30,
                # Frames are short; what compresses them would take more memory than
                # all else that a socket needs.
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=5,
            )
        )
        server.greet = (lambda: self.greet(host, port)) if greet else None
        # uvicorn answers Ctrl-C itself and then raises it once more.
        loop = asyncio.Runner(loop_factory=server.config.get_loop_factory())
        with contextlib.suppress(KeyboardInterrupt), loop:
            loop.run(self.run(server, deliver=not no_deliver))

    def greet(self, host: str, port: int) -> None:
        self.stdout.write(
            f"{settings.SITE_NAME}: http://{host}:{port}/   (Ctrl-C stops)"
        )
        if settings.DEMO:
            self.stdout.write(f"Demo sign-ins, password {settings.DEMO_PASSWORD}:")
            for address in settings.DEMO_ACCOUNTS:
                self.stdout.write(f"  {address}")

    async def run(self, server: Server, deliver: bool) -> None:
        stop = threading.Event()
        live.server_loop = asyncio.get_running_loop()
        workers = start_workers(stop) if deliver else []
        try:
            await server.serve()
        finally:
            await asyncio.to_thread(stop_workers, stop, workers)
            live.server_loop = None
