"""The site as `manage.py serve` runs it, in a thread, on the test's database."""

import asyncio
import socket
import threading
import time

import uvicorn

from network.management.commands.serve import Command


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Site:
    """`with Site() as site:` serves at `site.url`; stop() and start() as one likes."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = uvicorn.Server(
            uvicorn.Config(
                "network.asgi:application",
                port=self.port,
                lifespan="off",
                log_level="error",
                timeout_graceful_shutdown=1,
            )
        )
        run = Command().run(self.server, deliver=True)
        self.thread = threading.Thread(target=asyncio.run, args=[run], daemon=True)
        self.thread.start()
        end = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """Nothing of it writes any more when this returns: the next test has begun."""
        self.server.should_exit = True
        self.thread.join(timeout=20)
        for thread in threading.enumerate():
            if thread.name.startswith(("lane-", "schedule", "wake")):
                thread.join(timeout=60)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()
