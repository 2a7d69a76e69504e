"""Small helpers on texts, alike for both engines: beginnings of words, and cutting."""

from html import escape

from network.text import fold
from search.engines.reading import MAX_CHARACTERS, WORD, clean

MAX_PREFIX = 15
PASSAGE = 240


def prefixes(titles: list[str]) -> list[str]:
    """The beginnings of every word, folded: what suggestions are found by."""
    words = {w for title in titles for w in WORD.findall(fold(title))}
    return sorted({w[:n] for w in words for n in range(1, min(len(w), MAX_PREFIX) + 1)})


def prefix_words(text: str) -> list[str]:
    return [w[:MAX_PREFIX] for w in WORD.findall(fold(clean(text)[:MAX_CHARACTERS]))][
        :8
    ]


def mark_prefixes(text: str, beginnings: list[str]) -> str:
    """A title as HTML, the typed beginnings of its words marked."""
    out, at = [], 0
    for found in WORD.finditer(text):
        word = fold(found[0])
        size = max((len(b) for b in beginnings if word.startswith(b)), default=0)
        if size:
            out += [
                escape(text[at : found.start()]),
                "<mark>",
                escape(found[0][:size]),
                "</mark>",
            ]
            at = found.start() + min(size, len(found[0]))
    return "".join([*out, escape(text[at:])])


def shorten(text: str, length: int = PASSAGE) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(None, 1)[0] + " …"


def by_preference(offered: list[str], wished: tuple[str, ...]) -> list[str]:
    """The languages a work has, the reader's first."""
    return [x for x in wished if x in offered] + [x for x in offered if x not in wished]
