"""The query language: whatever people type becomes words both engines understand.

    host family          enough of the words
    "host family"        as it stands, together
    -money  NOT money    without it
    nurse OR midwife     one of them
    train*               whatever begins so
    theme:health country:Malawi by:"Asha Moyo" lang:pt after:2023 before:2025-06

Nothing is an error: a mark that means nothing here is a space.
"""

import re
import unicodedata
from dataclasses import dataclass

from search.engines.languages import ANY_STOPWORD, STOPWORDS

MAX_CHARACTERS = 1000
MAX_WORDS = 48
MAX_WORD = 40
MAX_TERMS = 8  # phrases, choices, beginnings, words left out: of each
MIN_BEGINNING = 2

# A letter or digit, with the accents and vowel signs that some scripts write after it.
MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f"
)
WORD = re.compile(rf"(?:[^\W_][{MARKS}]*)+")
QUOTES = '"“”«»„'
PIECE = re.compile(
    rf"(?P<not>-)?(?:(?P<field>[^\W\d_]+):)?"
    rf"(?:[{QUOTES}](?P<quoted>[^{QUOTES}]*)[{QUOTES}]|(?P<bare>[^\s{QUOTES}]+))"
    rf"|(?P<lost>[{QUOTES}])"
)
OR = {"OR", "ELLER", "OU", "|", "||"}
AND = {"AND", "OG", "&", "&&"}
NOT = {"NOT", "IKKE", "IKKJE"}
FIELDS = {
    "theme": ("theme", "tema", "thème", "theme"),
    "country": ("country", "land", "pays", "país", "pais"),
    "by": ("by", "av", "par", "por"),
    "language": ("lang", "language", "språk", "spraak", "langue", "idioma", "lengua"),
    "after": ("after", "etter", "après", "después", "depois", "since"),
    "before": ("before", "før", "avant", "antes"),
}
FIELD_OF = {alias: name for name, aliases in FIELDS.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Term:
    """A word, words that stand together, or, of the last one, only its beginning.

    `within` longer words: what a compound has as a part.
    """

    words: tuple[str, ...]
    begins: bool = False
    within: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """`theme:health`: what stood before the colon and after it, and the sign."""

    name: str
    value: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A query as read, `words` as they stood. Of `groups`, each asks for one term."""

    words: tuple[str, ...] = ()
    groups: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    fields: tuple[Field, ...] = ()
    cut: bool = False  # more was typed than is looked for

    def __bool__(self) -> bool:
        return bool(self.words or self.groups)

    @property
    def positive(self) -> tuple[str, ...]:
        """Every whole word that is looked for, wherever it stood."""
        asked = [t.words for group in self.groups for t in group if not t.begins]
        return tuple(dict.fromkeys([*self.words, *(w for ws in asked for w in ws)]))

    @property
    def beginnings(self) -> tuple[str, ...]:
        return tuple(t.words[-1] for group in self.groups for t in group if t.begins)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(t.words[-1] for group in self.groups for t in group if t.within)

    def telling(self, language: str, how: str = "enough") -> tuple[str, ...]:
        """Without the stop words of a language, unless nothing else is left.

        Where any word will do, without those of all languages: one would find a lot.
        """
        stop = STOPWORDS.get(language, frozenset())
        if how == "any":
            stop = ANY_STOPWORD
        words = dict.fromkeys(self.words)
        return tuple(w for w in words if w not in stop) or tuple(words)

    def sought(self, language: str) -> tuple[str, ...]:
        """All single words to mark in a text of that language."""
        telling = self.telling(language)
        asked = [w for w in self.positive if w not in self.words]
        return tuple(dict.fromkeys([*telling, *asked]))


NOTHING = Words()


def clean(value: object) -> str:
    """What no database or index could store, replaced."""
    return str(value).replace("\x00", " ").encode("utf-8", "replace").decode()


def words_of(text: str) -> tuple[str, ...]:
    return tuple(w.lower()[:MAX_WORD] for w in WORD.findall(text))


def read(text: str) -> Words:
    """Whatever was typed, bounded."""
    whole = unicodedata.normalize("NFC", clean(text))
    typed = whole[:MAX_CHARACTERS]
    reader = _Reader(shouted=typed == typed.upper())
    for piece in PIECE.finditer(typed):
        reader.take(piece)
    return reader.words(cut=len(whole) > MAX_CHARACTERS)


class _Reader:
    def __init__(self, shouted: bool):
        self.shouted = shouted  # in capitals throughout: then OR is a word
        self.plain: list[str] = []
        self.groups: list[list[Term]] = []
        self.without: list[Term] = []
        self.fields: list[Field] = []
        self.last: list[Term] | str | None = None  # what an OR would join
        self.joins = self.refuses = False

    def take(self, piece: re.Match) -> None:
        raw = piece["bare"]
        if piece["lost"]:
            return
        if raw and not self.shouted and not piece["field"]:
            if raw in OR:
                self.joins = self.last is not None
                return
            if raw in AND:
                return
            if raw in NOT:
                self.refuses = True
                return
        refused = bool(piece["not"]) or self.refuses
        self.refuses = False
        name = FIELD_OF.get((piece["field"] or "").lower())
        text = piece["quoted"] if raw is None else raw
        if name and text.strip():
            self.fields.append(Field(name, text.strip()[:100], refused))
            return
        before = words_of(piece["field"] or "")  # «advice:» is a word like any other
        self.take_words(words_of(text), before, raw, refused)

    def take_words(self, words, before, raw: str | None, refused: bool) -> None:
        for word in before:
            self.plain.append(word)
        if not words:
            return
        begins = bool(raw) and raw.endswith("*") and len(words[-1]) >= MIN_BEGINNING
        term = Term(words[:MAX_WORDS], begins)
        if refused:
            self.without.append(term)
        elif self.joins:
            self.join(term)
        elif raw is None or begins:
            self.groups.append([term])
            self.last = self.groups[-1]
        else:
            self.plain += words
            self.last = words[-1]
        self.joins = False

    def join(self, term: Term) -> None:
        if isinstance(self.last, str):
            self.plain.reverse()
            self.plain.remove(self.last)
            self.plain.reverse()
            self.last = [Term((self.last,))]
            self.groups.append(self.last)
        self.last.append(term)

    def words(self, cut: bool) -> Words:
        plain = tuple(self.plain)  # one twice may be a name: Sud-Sud
        lists = (self.groups, self.without, self.fields)
        cut = cut or len(plain) > MAX_WORDS or any(len(x) > MAX_TERMS for x in lists)
        groups = (tuple(dict.fromkeys(group))[:MAX_TERMS] for group in self.groups)
        return Words(
            plain[:MAX_WORDS],
            tuple(dict.fromkeys(groups))[:MAX_TERMS],
            tuple(dict.fromkeys(self.without))[:MAX_TERMS],
            tuple(dict.fromkeys(self.fields))[:MAX_TERMS],
            cut,
        )
