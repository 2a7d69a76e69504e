"""Names as words of their own: what a text names is found when it is indexed.

A theme has a hundred names in six languages, and each looked for as a phrase in title,
summary and body would cost most of a search. So an index keeps a list of the names
that were known when it was made, and for each one that stands in a text a single word
beside it. Which theme a name belongs to is asked when somebody searches: editors may
move it at any time. A name that the list lacks is looked for as a phrase, until the
index is next made anew.
"""

from collections.abc import Iterable, Mapping

from search.engines.analysis import folded_stem
from search.engines.languages import ANY_STOPWORD, field_of
from search.engines.reading import words_of

LONGEST_NAME = 8  # words
MOST_PHRASES = 100  # looked for at once

Key = tuple[str, ...]  # the stems of a name's words


class Naming:
    """`names` are by language: the stems of each, with spaces between."""

    def __init__(self, names: Mapping[str, Iterable[str]] | None = None):
        self.names = {x: frozenset(some) for x, some in (names or {}).items()}
        self.first = {
            x: frozenset(name.partition(" ")[0] for name in some)
            for x, some in self.names.items()
        }

    def as_json(self) -> dict[str, list[str]]:
        return {x: sorted(some) for x, some in self.names.items()}

    def named_in(self, text: str, language: str) -> list[str]:
        """A word for each name that stands in the text, the longest from where it
        begins, as often as it does."""
        language = field_of(language)
        names, first = self.names.get(language), self.first.get(language)
        if not names:
            return []
        words = words_of(text)
        stems = stems_of(words, language)
        found, at = [], 0
        while at < len(stems):
            least = 2 if words[at] in ANY_STOPWORD else 1
            most = min(LONGEST_NAME, len(stems) - at) if stems[at] in first else 0
            sizes = range(most, least - 1, -1)
            some = (n for n in sizes if " ".join(stems[at : at + n]) in names)
            if size := next(some, 0):
                found.append(as_word(" ".join(stems[at : at + size]), language))
            at += size or 1
        return found

    def parted(
        self, labels: Iterable[tuple[str, str]]
    ) -> tuple[list[str], list[tuple[str, str]]]:
        """Labels (language, text): the words of those it knows, and the rest."""
        known, rest = {}, []
        for language, label in labels:
            x = field_of(language)
            name = " ".join(stems_of(words_of(label), x))
            if name in self.names.get(x, ()):
                known[as_word(name, x)] = None
            else:
                rest.append((language, label))
        return list(known), rest[:MOST_PHRASES]


def stems_of(words: Iterable[str], language: str) -> Key:
    return tuple(folded_stem(word, language) for word in words)


def as_word(name: str, language: str) -> str:
    return f"{language}:{name.replace(' ', '_')}"
