"""What counts how much, each with its reason; both engines read them here.

Tuned on one half of the public collections and of our own judged sets, one set of
weights for all languages; docs/search.md says how to measure again.
"""

import math
from zlib import crc32

from search.documents import SearchDocument

# Where a word stands
TITLE = 3.0  # says what the work is about
SUMMARY = 1.5  # the author's own condensation
BODY = 1.0

# How a word is met
STEM = 1.0  # in the grammar of the text's language
WHOLE_TITLE = 1.5  # all the words stand in the title: it is about just that
WIDE = 0.6  # without accents, as part of a compound, in the other Norwegian form
EXACT = 0.3  # in the very form that was typed
SHORT = 0.3  # by its first letters: what the stemmers of six languages miss
SHORT_LETTERS = 6
TYPO = 0.6  # the word that was most likely meant
K1 = 0.8  # a word said often says little more: our texts repeat themselves
B = 0.75

# How words stand together
PAIR = 0.2  # neighbours in the query that are near each other in the text
SLOP = 10
PAIRS = 8  # at most: what is typed first
TIE = 0.2  # a second language, or title and body: somewhat more than one of them

# What themes, countries and organisations bring in
ALL_WORDS = 6.0  # who has all the words stands before who says a name once
AS_ASKED = 20.0  # who has them together, or one in title or summary
BESIDE = 0.3  # the words, when themes were recognised in them
ABOUT = 0.8  # of the telling words in names: below it they are named in passing
ALL_NAMES = 8.0  # who is about each of several names, before who is about one of them
THEME = 22.0  # an editor said that this is the theme
LABEL_TITLE = 3.0  # one of its names, in any language
LABEL_TEXT = 1.0
LABEL_K1 = 1.5  # a text that names it again and again is about it
LABEL_B = 0.5
LOOSE = 0.3  # further words of the query, when a theme already matched

# What the reader is at: a nudge among equals, never more than a word
SAME_PHASE = 0.3
SAME_COUNTRY = 0.3
# How new: for each kind the days in which it is fresh
FRESH = 0.4
FRESH_DAYS = {
    "question": 180,
    "discussion": 180,
    "experience": 365,
    "article": 730,
    "story": 730,
    "lesson": 1095,
    "guide": 1095,
}

# What the score is multiplied by
# Confirmed use lifts a little, and after the first few no more: it never makes up for
# missing words.
REUSE = 0.08
MOST_REUSE = 20
# An editor's grade of the evidence, from 1 to 4.
EVIDENCE = 0.04
# A profile names much in passing; a work was written about it. A name still comes
# first: its words stand in no other title.
BY_KIND = {"person": 0.5, "organisation": 0.6, "partnership": 0.8}


def factors_of(document: SearchDocument) -> dict[str, float]:
    """What the score of a document is multiplied by; never its author's popularity."""
    return {
        "use": 1.0 + REUSE * math.log1p(min(document.reuse, MOST_REUSE)),
        "evidence": 1.0 + EVIDENCE * document.evidence,
        "kind": BY_KIND.get(document.kind, 1.0),
    }


def rank_of(document: SearchDocument) -> float:
    """All factors in one, and a lasting order among what is otherwise equal."""
    return math.prod(factors_of(document).values()) * (1 + lot(document) / 1000)


def lot(document: SearchDocument) -> float:
    """From 0 to 1, by its key: a lasting order among documents otherwise equal."""
    return crc32(document.key.encode()) / 2**32


def name_weight(share: float) -> float:
    """How much names count by the share of a query's telling words that they have."""
    return min(1.0, share / ABOUT)


def beside(weight: float) -> float:
    """What the words count beside names of this weight."""
    return 1.0 - (1.0 - BESIDE) * weight


def needed(count: int, how: str = "enough") -> int:
    """How many of a query's telling words a text must have: `enough`, `all` or `any`.

    Of two or three words two are enough; who asks in a sentence gets whatever has one
    of its words, as the best answer often has no more, and the order is what counts.
    """
    if how == "all":
        return count
    if how == "any" or count > 3:
        return min(count, 1)
    return min(count, 2)
