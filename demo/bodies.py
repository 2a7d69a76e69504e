"""An article's Markdown as the blocks that editors write in.

A quotation becomes a quote, a list below a third-level heading facts, a numbered list
steps under the heading before it. All else is text.
"""

import re
from collections.abc import Iterator

from network.markdown import render

Block = tuple[str, object]


def blocks_of(markdown: str) -> list[Block]:
    blocks: list[Block] = []
    text: list[str] = []
    for chunk in re.split(r"\n\s*\n", markdown.strip()):
        block = _block(chunk, text)
        if block is None:
            text.append(chunk)
        else:
            blocks += [*_text(text), block]
            text = []
    return [*blocks, *_text(text)]


def _text(chunks: list[str]) -> Iterator[Block]:
    words = "\n\n".join(chunks).strip()
    if words:
        yield "text", str(render(words))


def _block(chunk: str, before: list[str]) -> Block | None:
    """The block a chunk makes, if it is not text; steps take the heading `before`."""
    if chunk.startswith("> "):
        return "quote", _quote(chunk)
    if chunk.startswith("### "):
        return "facts", _facts(chunk)
    if chunk.startswith("1. "):
        titled = before and before[-1].startswith("## ")
        title = before.pop().removeprefix("## ") if titled else ""
        what = [line.split(". ", 1)[1] for line in chunk.splitlines()]
        return "steps", {"title": title, "steps": [{"what": one} for one in what]}
    return None


def _quote(chunk: str) -> dict:
    lines = [line.removeprefix(">").strip() for line in chunk.splitlines()]
    said_by = lines.pop().lstrip("—– ") if lines[-1][:1] in "—–" else ""
    name, _comma, where = said_by.partition(", ")
    return {"text": " ".join(lines).strip(), "name": name, "where": where}


def _facts(chunk: str) -> dict:
    title, *lines = chunk.splitlines()
    pairs = [line.removeprefix("- ").split(": ", 1) for line in lines]
    facts = [{"label": label, "value": value} for label, value in pairs]
    return {"title": title.removeprefix("### "), "facts": facts}
