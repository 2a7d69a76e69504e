"""What is too large is not taken in, whether or not it says so beforehand."""

import asyncio

import pytest

from network.bodies import bounded

LIMIT = 1000


@pytest.fixture(autouse=True)
def limit(settings):
    settings.LARGEST_REQUEST = LIMIT


def taken_in(chunks: list[bytes], said: int | None = None) -> tuple[bytes, list[str]]:
    """(body, kinds of messages) as the application behind gets them."""
    last = len(chunks) - 1
    coming = [
        {"type": "http.request", "body": one, "more_body": n < last}
        for n, one in enumerate(chunks)
    ]
    coming.append({"type": "http.disconnect"})
    heard, answered = [], []

    async def app(scope, receive, send):
        while not heard or heard[-1]["type"] != "http.disconnect":
            heard.append(await receive())

    async def send(message):
        answered.append(message.get("status"))

    async def receive():
        return coming.pop(0)

    headers = [] if said is None else [(b"content-length", str(said).encode())]
    scope = {"type": "http", "headers": headers}
    asyncio.run(bounded(app)(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in heard)
    kinds = [one["type"].removeprefix("http.") for one in heard]
    return body, kinds + [f"answer {one}" for one in answered if one]


def test_what_is_small_enough_comes_whole():
    chunks = [b"a" * 500, b"b" * 500]
    assert taken_in(chunks, said=LIMIT) == (
        b"".join(chunks),
        ["request", "request", "disconnect"],
    )


def test_of_what_says_that_it_is_too_large_nothing_comes():
    answer = taken_in([b"a" * 600, b"a" * 600], said=1200)
    assert answer == (b"", ["request", "disconnect"])


def test_what_does_not_say_ends_where_it_is_too_large():
    body, kinds = taken_in([b"a" * 600, b"a" * 600, b"a" * 600])
    assert (len(body), kinds) == (600, ["request", "disconnect", "answer 413"])
