"""The address of one of our pages alone on a line becomes a card: for markdown-it.

Only the place is marked. What the card says is asked when it is shown, by whoever reads
it; who may not see the page finds the plain address.
"""

from markdown_it import MarkdownIt

from network.cards import own_path, place_of

MOST_CARDS = 10
BREAKS = {"softbreak", "hardbreak"}


def cards_in_text(md: MarkdownIt) -> None:
    md.core.ruler.push("cards", _cards)


def _cards(state) -> None:
    left = MOST_CARDS
    for before, block in zip(state.tokens, state.tokens[1:], strict=False):
        if before.type != "paragraph_open" or block.type != "inline":
            continue
        parts = block.children
        for at, part in enumerate(parts):
            if left and _is_alone(parts, at) and place_of(own_path(part.attrs["href"])):
                part.attrSet("data-card", "")
                left -= 1


def _is_alone(parts: list, at: int) -> bool:
    if parts[at].type != "link_open" or parts[at].info != "auto":
        return False
    around = [*parts[at - 1 : at], *parts[at + 3 : at + 4]]
    return all(one.type in BREAKS for one in around)
