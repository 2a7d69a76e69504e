"""Names that cross languages: themes, countries, organisations, found in a query.

So are the words that editors say mean the same. All of them are kept in memory and
read again when the vocabulary's version changes. A query is looked through once per
language, its words in their stems, so that inflected names are known; longer names
come before the shorter ones in them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from network.exchange.models import Organisation
from network.languages import CONTENT_LANGUAGES, country_codes, country_name
from network.themes.vocabulary import Vocabulary, vocabulary
from search.engines.analysis import folded_stem
from search.engines.base import LEAST_LETTERS, Expansion, slips_allowed
from search.engines.languages import ANY_STOPWORD, STOPWORDS
from search.engines.naming import LONGEST_NAME, Key, Naming, stems_of
from search.engines.reading import Words, words_of
from search.models import Synonym

MOST_LABELS = 300
# What countries are called beside the name that CLDR has for them.
ALSO = {
    "CI": [
        ("en", "Ivory Coast"),
        ("nb", "Elfenbeinskysten"),
        ("pt", "Costa do Marfim"),
    ],
    "GB": [("en", "Great Britain"), ("en", "UK"), ("nb", "Storbritannia")],
    "US": [("en", "USA"), ("en", "United States of America")],
    "MM": [("en", "Burma"), ("nb", "Burma")],
    "SZ": [("en", "Swaziland"), ("nb", "Swaziland")],
    "CD": [("en", "DR Congo"), ("nb", "DR Kongo"), ("fr", "RD Congo")],
    "TL": [("en", "East Timor"), ("nb", "Øst-Timor")],
    "CV": [("en", "Cape Verde"), ("nb", "Kapp Verde")],
}


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for; `audience` is empty where everyone may know of it."""

    facet: str
    value: int | str
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a query: what it stands for, its words, and in which language."""

    name: Name
    words: tuple[str, ...]
    language: str

    @property
    def token(self) -> str:
        """How an address says that it shall not widen the search."""
        value = self.name.value
        if self.name.facet == "theme":
            return vocabulary().slugs.get(value, "")
        return f"{self.name.facet}.{value}"


@dataclass
class Lexicon:
    names: dict[str, dict[Key, list[Name]]] = field(default_factory=dict)
    labels: dict[Name, list[tuple[str, str]]] = field(default_factory=dict)
    stems: dict[str, set[str]] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)
    organisations: dict[int, tuple[str, str]] = field(default_factory=dict)

    def add(self, name: Name, labels: Iterable[tuple[str, str]]) -> None:
        found = {one: keys for one in labels if (keys := keys_of(*one))}
        for (language, _label), keys in found.items():
            names = self.names.setdefault(language, {})
            for key in keys:
                known = names.setdefault(key, [])
                if name not in known:
                    known.append(name)
        if found:
            self.labels[name] = list(found)

    def recognise(
        self, words: tuple[str, ...], audiences: frozenset[str]
    ) -> list[Named]:
        """What the words name, in order; each word counts once, in its longest name."""
        spans = []
        for language, names in self.names.items():
            stems = stems_of(words, language)
            for start in range(len(words)):
                for size in range(min(LONGEST_NAME, len(words) - start), 0, -1):
                    if size == 1 and words[start] in ANY_STOPWORD:
                        continue  # can is hardly Canadá, nor man an island
                    for name in names.get(stems[start : start + size], ()):
                        if not name.audience or name.audience in audiences:
                            spans.append((size, start, language, name))
        return list(self._longest(spans, words))

    def _longest(self, spans, words: tuple[str, ...]) -> list[Named]:
        """Longer names first; of two that share words, only those of the same span."""
        spans.sort(key=lambda span: (-span[0], span[1]))
        held: dict[int, tuple[int, int]] = {}  # word -> the span that has it
        found: dict[Name, tuple[int, Named]] = {}
        for size, start, language, name in spans:
            places = range(start, start + size)
            if all(held.get(n, (start, size)) == (start, size) for n in places):
                held.update(dict.fromkeys(places, (start, size)))
                named = Named(name, words[start : start + size], language)
                found.setdefault(name, (start, named))
        return [named for _start, named in sorted(found.values(), key=lambda x: x[0])]

    def expansion(self, named: Named, weight: float = 1.0) -> Expansion:
        name, labels = named.name, tuple(self.labels[named.name][:MOST_LABELS])
        return Expansion(name.value, labels, name.facet, weight)

    def knows(self, word: str) -> bool:
        """Whether one of our names has this word, in any of its forms."""
        return any(folded_stem(word, x) in stems for x, stems in self.stems.items())

    def near(self, word: str, size: int = 3) -> list[str]:
        """Words of our names that differ from this one by a slip of the finger."""
        most = slips_allowed(word)
        if not most:
            return []
        found = process.extract(
            word,
            self.spellings,
            scorer=DamerauLevenshtein.distance,
            score_cutoff=most,
            limit=size,
        )
        return [one for one, _distance, _index in found if one[0] == word[0]]


@lru_cache(maxsize=100_000)
def keys_of(language: str, label: str) -> tuple[Key, ...]:
    """What a label is known by, with and without its small words; kept, as after a
    change of the vocabulary nearly all labels are what they were."""
    words = label_words(label)
    if not 0 < len(words) <= LONGEST_NAME or is_too_short(words):
        return ()
    asked = dict.fromkeys((words, telling(words, language)))
    return tuple(stems_of(one, language) for one in asked)


label_words = lru_cache(maxsize=100_000)(words_of)


def telling(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """As it is asked in a hurry: igualdad genero. One word alone means too much."""
    found = Words(words).telling(language)
    return found if len(found) > 1 else words


def is_too_short(words: tuple[str, ...]) -> bool:
    """A single word of two or three letters means too much else."""
    return len(words) == 1 and len(words[0]) < 3


_kept: tuple[Vocabulary | None, Lexicon] = (None, Lexicon())


def lexicon() -> Lexicon:
    """As the vocabulary stands, at most a second old."""
    global _kept
    known = vocabulary()
    if _kept[0] is not known:
        _kept = (known, read(known))
    return _kept[1]


def naming() -> Naming:
    """All names that there are: what an index that is made now will know."""
    return Naming({x: map(" ".join, names) for x, names in lexicon().names.items()})


def read(known: Vocabulary) -> Lexicon:
    found = Lexicon()
    for theme, labels in known.labels.items():
        found.add(Name("theme", theme), labels)
    for code, labels in countries().items():
        found.add(Name("country", code), labels)
    known_by = ("pk", "name", "other_names", "audience")
    for row in Organisation.objects.only(*known_by):
        found.organisations[row.pk] = (row.name, row.audience)
        if row.audience:
            names = (row.name, *row.other_names_list)
            labels = [(x, name) for name in names for x in CONTENT_LANGUAGES]
            found.add(Name("organisation", row.pk, row.audience), labels)
    for row in Synonym.objects.all():
        labels = [(x, word) for word in row.word_list for x in CONTENT_LANGUAGES]
        found.add(Name("synonym", row.pk), labels)
    # Only what everyone may know: a slip is put right without asking who reads.
    words = {
        word
        for name, labels in found.labels.items()
        if not name.audience
        for language, label in labels
        for word in label_words(label)
        if len(word) >= LEAST_LETTERS and word not in STOPWORDS.get(language, ())
    }
    found.spellings = sorted(words)
    for language, names in found.names.items():
        found.stems[language] = {
            stem
            for key, named in names.items()
            if not all(name.audience for name in named)
            for stem in key
        }
    return found


@cache
def countries() -> dict[str, list[tuple[str, str]]]:
    found = defaultdict(list)
    for code in country_codes():
        names = [(x, country_name(code, x)) for x in CONTENT_LANGUAGES]
        found[code] = list(dict.fromkeys([*names, *ALSO.get(code, [])]))
    return dict(found)
