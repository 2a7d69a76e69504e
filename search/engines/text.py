"""How words are read, alike for both engines: bounds, folding, stop words, weights."""

import math
import re
import unicodedata
from dataclasses import dataclass
from html import escape
from pathlib import Path

from network.text import fold
from search.documents import SearchDocument

LANGUAGES = ("nn", "nb", "en", "fr", "es", "pt")
OTHER = "xx"  # every language without an analysis of its own
FIELDS = (*LANGUAGES, OTHER)
NORWEGIAN = ("nn", "nb")

MAX_CHARACTERS = 400
MAX_WORDS = 24
MAX_WORD = 40
MAX_PREFIX = 15

# Weights, with their reasons.
TITLE = 3.0  # says what the work is about
SUMMARY = 1.5  # the author's own condensation
BODY = 1.0
FOLDED_TITLE = 1.2  # found only without its accents: less certain
FOLDED_TEXT = 0.5
TIE = 0.2  # a word in title and body counts somewhat more than in one of them
PAIR = 0.6  # neighbours in the query that are neighbours in the text
LOOSE = 0.3  # further words of the query, when something else already matched
EXACT = 12.0  # who has all the words stands before what a theme brought in
# Where the query names themes, what is about them weighs more than single words that
# a long text has by chance.
BESIDE = 0.5  # the words, when themes were recognised in them
THEME = 8.0  # an editor said that this is the theme
LABEL_TITLE = 6.0  # the theme's own words, in any language, as they stand together
LABEL_TEXT = 3.0
REUSE = 0.08  # confirmed use lifts a little; it never makes up for missing words
# A profile names much in passing; a work was written about it. A name still comes
# first: its words stand in no other title.
BY_KIND = {"person": 0.5, "organisation": 0.6, "partnership": 0.8}
SLOP = 2
PASSAGE = 240

WORD = re.compile(r"[^\W_]+")
QUOTED = re.compile(r'["“”«»„]([^"“”«»„]+)["“”«»„]')
# deltakerne, lærarane: the one ending of people at work that the stemmer leaves.
DOERS = re.compile(r"(?<=\w\w)(er|ar)(?:ne|ane|ene)\b")


def _read_stopwords() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8")
    sections = re.findall(r"^\[(\w+)\]\n([^\[]+)", text, re.MULTILINE)
    return {language: frozenset(words.split()) for language, words in sections}


STOPWORDS = _read_stopwords()


def fold_in(text: str, language: str) -> str:
    """`fold`, and the endings of a language that its stemmer does not take off."""
    folded = fold(text)
    return DOERS.sub(r"\1", folded) if language in NORWEGIAN else folded


def field_of(language: str) -> str:
    return language if language in LANGUAGES else OTHER


@dataclass(frozen=True, slots=True)
class Words:
    """A query as read: words, and phrases that must stand as they were quoted."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    def telling(self, language: str, how: str = "enough") -> tuple[str, ...]:
        """Without the stop words of a language, unless nothing else is left.

        Where any word will do, without those of all languages: one would find a lot.
        """
        stop = STOPWORDS.get(language, frozenset())
        if how == "any":
            stop = frozenset().union(*STOPWORDS.values())
        return tuple(w for w in self.words if w not in stop) or self.words

    def sought(self, language: str) -> tuple[str, ...]:
        """All single words to mark in a text of that language."""
        quoted = [word for phrase in self.phrases for word in phrase]
        return tuple(dict.fromkeys([*self.telling(language), *quoted]))


def clean(value: object) -> str:
    """What no database or index could store, replaced."""
    return str(value).replace("\x00", " ").encode("utf-8", "replace").decode()


NOTHING = Words((), ())


def words_of(text: str) -> tuple[str, ...]:
    return tuple(w.lower()[:MAX_WORD] for w in WORD.findall(text))


def read(text: str) -> Words:
    """Whatever was typed, bounded; marks without meaning are spaces."""
    text = unicodedata.normalize("NFC", clean(text))[:MAX_CHARACTERS]
    phrases = [words_of(quoted)[:MAX_WORDS] for quoted in QUOTED.findall(text)][:4]
    words = dict.fromkeys(words_of(QUOTED.sub(" ", text)))
    return Words(tuple(words)[:MAX_WORDS], tuple(filter(None, phrases)))


def needed(count: int, how: str = "enough") -> int:
    """How many of a query's words a text must have: `enough`, `all` or `any`."""
    if how == "all":
        return count
    if how == "any" or count <= 1:
        return min(count, 1)
    return 2 if count == 2 else -(-count * (60 if count <= 6 else 40) // 100)


def rank_of(document: SearchDocument) -> float:
    """What the score of a document is multiplied by."""
    use = 1.0 + REUSE * math.log1p(document.reuse)
    return use * BY_KIND.get(document.kind, 1.0)


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


def mark_folded(text: str, sought: tuple[str, ...]) -> str:
    """A text as HTML, words marked that are alike without accents and endings."""
    roots = [w[: max(3, len(w) - 2)] for w in map(fold, sought) if len(w) > 2]
    out, at = [], 0
    for found in WORD.finditer(text):
        if any(fold(found[0]).startswith(root) for root in roots):
            before, word = text[at : found.start()], found[0]
            out += [escape(before), "<mark>", escape(word), "</mark>"]
            at = found.end()
    return "".join([*out, escape(text[at:])])


def shorten(text: str, length: int = PASSAGE) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(None, 1)[0] + " …"


def by_preference(offered: list[str], wished: tuple[str, ...]) -> list[str]:
    """The languages a work has, the reader's first."""
    return [x for x in wished if x in offered] + [x for x in offered if x not in wished]
