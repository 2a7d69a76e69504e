"""From what an engine has stored to what is shown: language, title, best passage."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from network.text import fold
from search.engines import analysis
from search.engines.base import Expansion, Hit, Query
from search.engines.languages import FIELDS, OTHER, field_of
from search.engines.reading import NOTHING, WORD, Words, words_of
from search.engines.text import PASSAGE, by_preference, mark_prefixes, shorten

SCANNED = 20_000  # characters looked through where the engine saw no passage
EDGE = 60  # characters before what was found that a passage begins with
Forms = frozenset[str]
Phrases = dict[str, list[tuple[Forms, ...]]]  # by each form of their first word
Fragment = Callable[[str, str], tuple[int, int] | None]


@dataclass(slots=True)
class Stored:
    """What an engine kept of a document; texts by the language of their field."""

    key: str
    object_key: str
    source: str
    kind: str
    languages: list[str]
    title: dict[str, str]
    summary: dict[str, str]
    body: dict[str, str]
    anchors: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def titled(self) -> list[str]:
        """Its languages that have a title; what none claims goes by its field."""
        named = [x for x in self.languages if self.title.get(field_of(x))]
        known = {field_of(x) for x in named}
        others = [x for x in FIELDS if x not in known and self.title.get(x)]
        return named + others or [OTHER]


class Shown:
    """Builds the hits of one answer."""

    def __init__(
        self,
        words: Words = NOTHING,
        expansions: tuple[Expansion, ...] = (),
        wished: tuple[str, ...] = (),
    ):
        self.words, self.expansions, self.wished = words, expansions, wished
        self.beginnings = tuple(map(fold, words.beginnings))
        self.parts = tuple(map(fold, words.parts))
        self._singles: dict[str, Forms] = {}
        self._phrases: dict[str, Phrases] = {}

    @classmethod
    def of(cls, query: Query) -> "Shown":
        return cls(query.asked, query.expansions, query.languages)

    def hit(self, stored: Stored, score: float, fragment: Fragment) -> Hit:
        """In the first of the reader's languages in which something was found."""
        ordered = by_preference(stored.titled, self.wished)
        for passage_of in (fragment, self.scan(stored)):
            for language in ordered:
                shown = self.texts(stored, field_of(language), passage_of)
                if "<mark>" in shown[0] or "<mark>" in shown[1]:
                    return build(stored, score, language, *shown)
            if not self.words:
                break
        plain = self.texts(stored, field_of(ordered[0]), lambda name, language: None)
        return build(stored, score, ordered[0], *plain)

    def suggestion(self, stored: Stored, score: float, beginnings: list[str]) -> Hit:
        ordered = by_preference(stored.titled, self.wished)
        titles = {x: stored.title.get(field_of(x), "") for x in ordered}
        marked = {x: mark_prefixes(title, beginnings) for x, title in titles.items()}
        language = next((x for x in ordered if "<mark>" in marked[x]), ordered[0])
        return build(stored, score, language, marked[language], "", "")

    def texts(
        self, stored: Stored, language: str, fragment: Fragment
    ) -> tuple[str, str, str]:
        """Title, passage and anchor, as HTML; the summary unless the body says more."""
        title = self.marked(stored.title.get(language, ""), language)
        summary = stored.summary.get(language, "")
        body = stored.body.get(language, "")
        about = self.marked(
            cut(summary, fragment("summary", language) if summary else None), language
        )
        place = fragment("body", language) if body else None
        said = self.marked(cut(body, place), language)
        if summary and said.count("<mark>") <= about.count("<mark>"):
            return title, about, ""
        return (
            title,
            said,
            anchor_at(stored, language, self.found_at(body, place, language)),
        )

    # Which words

    def marked(self, text: str, language: str) -> str:
        found = list(WORD.finditer(text))
        out, at = [], 0
        for n in sorted(self.places([m[0].lower() for m in found], language)):
            start, end = found[n].span()
            out += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
            at = end
        return "".join([*out, escape(text[at:])])

    def found_at(self, text: str, place: tuple[int, int] | None, language: str) -> int:
        """Where the first found word of a passage stands; -1 if there is no passage."""
        if place is None:
            return -1
        found = list(WORD.finditer(text[slice(*place)]))
        marked = self.places([m[0].lower() for m in found], language)
        return place[0] + (found[min(marked)].start() if marked else 0)

    def places(self, words: list[str], language: str) -> set[int]:
        """Which words of a text are sought, or part of what must stand whole."""
        singles, phrases = self.sought(language)
        if not (singles or phrases or self.beginnings or self.parts):
            return set()
        forms = [analysis.forms(word, language) for word in words]
        marked = {n for n, one in enumerate(forms) if not singles.isdisjoint(one)}
        if phrases:
            for n, one in enumerate(forms):
                for phrase in (x for form in one for x in phrases.get(form, ())):
                    if stands(phrase, forms[n : n + len(phrase)]):
                        marked.update(range(n, n + len(phrase)))
        if self.beginnings:
            marked |= {
                n for n, x in enumerate(words) if fold(x).startswith(self.beginnings)
            }
        for part in self.parts:
            marked |= {n for n, word in enumerate(words) if part in fold(word)}
        return marked

    def sought(self, language: str) -> tuple[Forms, Phrases]:
        """The words of the query, and the labels that this language has for them."""
        if language not in self._singles:
            words = self.words.sought(language)
            labels = [words_of(x) for x in self.labels(language)]
            self._singles[language] = frozenset().union(
                *(analysis.forms(word, language) for word in words),
                *(analysis.whole(x[0], language) for x in labels if len(x) == 1),
            )
            phrases = self._phrases[language] = {}
            for label in labels:
                if len(label) > 1:
                    phrase = tuple(analysis.whole(word, language) for word in label)
                    for form in phrase[0]:
                        phrases.setdefault(form, []).append(phrase)
        return self._singles[language], self._phrases[language]

    def labels(self, language: str) -> list[str]:
        return [
            label
            for expansion in self.expansions
            for code, label in expansion.words
            if field_of(code) == language
        ]

    # Which passage

    def scan(self, stored: Stored) -> Fragment:
        """For what the engine found by another form than those it marks."""

        def fragment(name: str, language: str) -> tuple[int, int] | None:
            text = getattr(stored, name)[language][:SCANNED]
            found = list(WORD.finditer(text))
            places = sorted(self.places([m[0].lower() for m in found], language))
            starts = [found[n].start() for n in places]
            return densest(text, starts) if starts else None

        return fragment


def stands(phrase: tuple[Forms, ...], words: list[Forms]) -> bool:
    """Whether these words are the phrase, in whatever form."""
    return len(words) == len(phrase) and not any(
        wanted.isdisjoint(one) for wanted, one in zip(phrase, words, strict=True)
    )


def densest(text: str, starts: list[int]) -> tuple[int, int]:
    """The stretch of PASSAGE characters in which most of these places lie."""
    within = [
        bisect_right(starts, x + PASSAGE - EDGE) - n for n, x in enumerate(starts)
    ]
    first = starts[within.index(max(within))]
    start = text.find(" ", max(0, first - EDGE), first) + 1 if first > EDGE else 0
    return start, min(len(text), start + PASSAGE)


def cut(text: str, place: tuple[int, int] | None) -> str:
    """A passage with the words at its edges whole."""
    if place is None:
        return shorten(text)
    start, end = place
    while end < len(text) and not text[end].isspace():
        end += 1
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return before + text[start:end].strip() + after


def anchor_at(stored: Stored, language: str, at: int) -> str:
    """The part of the page in which a place of the text stands."""
    anchors = stored.anchors.get(language, [])
    found = bisect_right([start for start, _anchor in anchors], at) - 1
    return anchors[found][1] if found >= 0 else ""


def build(
    stored: Stored, score: float, language: str, title: str, passage: str, anchor: str
) -> Hit:
    return Hit(
        key=stored.key,
        object_key=stored.object_key,
        source=stored.source,
        kind=stored.kind,
        score=score,
        language=language,
        languages=stored.languages,
        title=title,
        passage=passage,
        anchor=anchor,
    )


def steady(hits: list[Hit]) -> list[Hit]:
    """Best first, in whole points, and then by their keys.

    What was written anew counts twice in how rare a word is until the index is tidied:
    the order of what is nearly alike would tell that something was written, and that
    may be a secret.
    """
    return sorted(hits, key=lambda hit: (-round(hit.score), hit.key))
