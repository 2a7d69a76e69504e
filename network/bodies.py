"""What is sent to us is bounded before anything of it is kept."""

from django.conf import settings

EMPTY = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}
TOO_LARGE = (
    {"type": "http.response.start", "status": 413, "headers": []},
    {"type": "http.response.body", "body": b"Too large."},
)


def bounded(app):
    """A request that is too large comes without its body: middleware.py answers it.

    One that does not say beforehand how large it is, as no browser does, ends where it
    becomes too large.
    """

    async def http(scope, receive, send):
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit():
            too_large = int(said) > settings.LARGEST_REQUEST
            return await app(scope, _let_go(receive) if too_large else receive, send)
        counted = _Counted(receive)
        await app(scope, counted, send)
        for message in TOO_LARGE if counted.too_large else ():
            await send(message)

    return http


def _let_go(receive):
    """No body; what comes of it afterwards is heard to its end and dropped."""
    answered = False

    async def empty_then_gone() -> dict:
        nonlocal answered
        if not answered:
            answered = True
            return EMPTY
        while (message := await receive())["type"] == "http.request":
            pass
        return message

    return empty_then_gone


class _Counted:
    """As if whoever sends had gone away, once it is too much."""

    def __init__(self, receive):
        self.receive, self.taken = receive, 0

    async def __call__(self) -> dict:
        if self.too_large:
            return GONE
        message = await self.receive()
        self.taken += len(message.get("body", b""))
        return GONE if self.too_large else message

    @property
    def too_large(self) -> bool:
        return self.taken > settings.LARGEST_REQUEST
