"""The address of one of our pages alone on a line becomes a card: for markdown-it.

In full, or at the margin without the name of the site: what is kept is its path, which
holds where the site moves. Only the place is marked. What the card says is asked when
it is shown, by whoever reads it; who may not see the page finds what was written.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from network.cards import here, own_path, place_of

MOST_CARDS = 10
BREAKS = {"softbreak", "hardbreak"}
PATH = re.compile(r"/[\w/-]+/")


def cards_in_text(md: MarkdownIt) -> None:
    md.core.ruler.push("cards", _cards)


def _cards(state) -> None:
    left = MOST_CARDS
    for before, block in zip(state.tokens, state.tokens[1:], strict=False):
        if before.type != "paragraph_open" or block.type != "inline":
            continue
        block.children, parts = [], block.children
        for at, part in enumerate(parts):
            if left and not before.level and _is_path(parts, at):
                block.children += _link(part)
                left -= 1
                continue
            if left and _is_address(parts, at):
                part.attrSet("href", here(part.attrs["href"]))
                part.attrSet("data-card", "")
                left -= 1
            block.children.append(part)


def _is_address(parts: list[Token], at: int) -> bool:
    part = parts[at]
    if part.type != "link_open" or part.info != "auto":
        return False
    return _is_alone(parts, at, at + 2) and bool(place_of(own_path(part.attrs["href"])))


def _is_path(parts: list[Token], at: int) -> bool:
    part = parts[at]
    if part.type != "text" or not PATH.fullmatch(part.content):
        return False
    return _is_alone(parts, at, at) and bool(place_of(own_path(part.content)))


def _is_alone(parts: list[Token], first: int, last: int) -> bool:
    around = [*parts[max(first - 1, 0) : first], *parts[last + 1 : last + 2]]
    return all(one.type in BREAKS for one in around)


def _link(text: Token) -> list[Token]:
    attrs = {"href": text.content, "data-card": ""}
    opened = Token("link_open", "a", 1, attrs=attrs, level=text.level)
    return [opened, text, Token("link_close", "a", -1, level=text.level)]
