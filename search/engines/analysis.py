"""Words made comparable, in Python: what tantivy and the marking of hits go by.

`elastic/analysis.py` says the same in Elasticsearch's own filters; the shared contract
holds both to it.
"""

import re
from functools import cache, lru_cache

import tantivy

from network.text import fold
from search.engines import weights as w
from search.engines.languages import (
    FIELDS,
    NORWEGIAN,
    STEMMERS,
    irregular,
    parts,
    variants,
)

LONGEST = 160
# deltakerne, lærarane: the one ending of people at work that the stemmer leaves.
DOERS = re.compile(r"(?<=\w\w)(er|ar)(?:ne|ane|ene)$")
# Letters that a compound and its parts have at least, and a part at most.
COMPOUND, PART, LONGEST_PART = 8, 4, 15
JOINING = "se"
ROOT = 5  # letters of a part whose last vowel may be missing
ENDINGS = ("", "e", "a", "en", "et", "er", "ar", "ene", "ane", "i", "s")


def build_analyzer(language: str, tokenizer: tantivy.Tokenizer) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tokenizer)
    builder = builder.filter(tantivy.Filter.remove_long(LONGEST))
    builder = builder.filter(tantivy.Filter.lowercase())
    # Norwegian twice: deltakere -> deltaker -> deltak, as deltaker and deltakar.
    for _ in range(2 if language in NORWEGIAN else language in STEMMERS):
        builder = builder.filter(tantivy.Filter.stemmer(STEMMERS[language]))
    if language not in STEMMERS:
        builder = builder.filter(tantivy.Filter.stemmer("arabic"))  # its script only
    return builder.build()


_SINGLE = {x: build_analyzer(x, tantivy.Tokenizer.raw()) for x in FIELDS}
_irregular = cache(irregular)


def snowball(word: str, language: str) -> str:
    return "".join(_SINGLE[language].analyze(word))


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """One word in lower case, without its endings; irregular forms brought home."""
    word = _irregular(language).get(word, word)
    if language in NORWEGIAN:
        word = DOERS.sub(r"\1", word)
    return snowball(word, language)


@lru_cache(maxsize=100_000)
def folded_stem(word: str, language: str) -> str:
    """Without accents from the first: who leaves one out leaves out all."""
    word = fold(word)
    word = _folded_irregular(language).get(word, word)
    if language in NORWEGIAN:
        word = DOERS.sub(r"\1", word)
    return snowball(word, language)


@cache
def _folded_irregular(language: str) -> dict[str, str]:
    return {fold(form): fold(base) for form, base in irregular(language).items()}


@cache
def variant_stems() -> dict[str, str]:
    """Folded stem -> the one that stands for it, for the forms a word may take."""
    found = {}
    for first, *others in variants():
        for other in others:
            root = other.removesuffix("e").removesuffix("a")
            for form in (other, *(root + ending for ending in ENDINGS)):
                found.setdefault(folded_stem(form, "nn"), folded_stem(first, "nn"))
    return {one: first for one, first in found.items() if one != first and len(one) > 2}


@cache
def folded_parts() -> frozenset[str]:
    """Also without the vowel that an ending takes the place of: kyrkje, fjellkyrkja."""
    whole = {part for part in map(fold, parts()) if len(part) >= PART}
    return frozenset(whole | {x[:-1] for x in whole if len(x) > ROOT and x[-1] == "e"})


@lru_cache(maxsize=100_000)
def wide(word: str, language: str) -> tuple[str, ...]:
    """What else a word is met by: without accents, its variant, what it is made of."""
    if language not in NORWEGIAN:
        return (folded_stem(word, language),)
    known = variant_stems()
    word = DOERS.sub(r"\1", fold(word))
    roots = [folded_stem(one, language) for one in (word, *parts_of(word))]
    return tuple(dict.fromkeys(known.get(root, root) for root in roots))


def parts_of(word: str) -> list[str]:
    """The longest known part from each letter on, as Elasticsearch finds them."""
    if len(word) < COMPOUND:
        return []
    known, found = folded_parts(), []
    for start in range(len(word) - PART + 1):
        ends = range(min(len(word), start + LONGEST_PART), start + PART - 1, -1)
        found += [word[start:end] for end in ends if word[start:end] in known][:1]
    return [part for part in found if part != word]


def is_compound(word: str) -> bool:
    """Whether it is made of known parts, but for an ending."""
    word = fold(word)
    if len(word) < COMPOUND:
        return False
    reached = [True] + [False] * len(word)  # where a part may begin
    for start in range(len(word)):
        joined = start > PART and word[start - 1] in JOINING and reached[start - 1]
        if reached[start] or joined:
            for end in range(start + PART, min(len(word), start + LONGEST_PART) + 1):
                reached[end] |= word[start:end] in folded_parts()
    return any(reached[i] and word[i:] in ENDINGS for i in range(len(word) + 1))


@lru_cache(maxsize=100_000)
def short(word: str) -> str:
    return fold(word)[: w.SHORT_LETTERS]


def whole(word: str, language: str) -> frozenset[str]:
    """The forms of a word but for what it is made of: «husarbeid» is not «arbeid»."""
    return frozenset({stem(word, language), *wide(word, language)[:1]} - {""})


@lru_cache(maxsize=100_000)
def forms(word: str, language: str) -> frozenset[str]:
    """By which two words are known to be alike: one form in common is enough."""
    return frozenset({stem(word, language), *wide(word, language)} - {""})
