"""What is sent to us is bounded before anything of it is kept."""

from django.conf import settings

EMPTY = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}


def bounded(app):
    """A request that is too large comes without its body: middleware.py answers it.

    One that does not say beforehand how large it is ends where it becomes too large.
    """

    async def http(scope, receive, send):
        said = dict(scope["headers"]).get(b"content-length", b"")
        too_large = said.isdigit() and int(said) > settings.LARGEST_REQUEST
        await app(scope, (_let_go if too_large else _counted)(receive), send)

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


def _counted(receive):
    taken = 0

    async def counted() -> dict:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= settings.LARGEST_REQUEST else GONE

    return counted
