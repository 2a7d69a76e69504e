"""How words are read, the same for both engines: bounds, folding, stop words, weights."""

import re
import unicodedata
from dataclasses import dataclass
from html import escape

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
EXACT = 12.0  # whoever has the words themselves stands before what a theme brought in
THEME = 3.0  # an editor said that this is the theme
LABEL_TITLE = 2.5  # the theme's words in another language
LABEL_TEXT = 1.0
REUSE = 0.08  # confirmed use lifts a little; it never makes up for missing words
SLOP = 2
PASSAGE = 240

WORD = re.compile(r"[^\W_]+")
QUOTED = re.compile(r'["“”«»„]([^"“”«»„]+)["“”«»„]')
DIGRAPHS = re.compile(r"a[aeo]|o[eo]")
MARKS = re.compile(r"[\u0300-\u036f]")
# deltakerne, lærarane: the one ending of people at work that the stemmer leaves.
DOERS = re.compile(r"(?<=\w\w)(er|ar)(?:ne|ane|ene)\b")
LETTERS = str.maketrans(
    {"æ": "a", "ø": "o", "œ": "o", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d"}
)

STOPWORDS = {
    language: frozenset(words.split())
    for language, words in {
        "nn": "alle anna at av berre bli blir blei blitt både de dei den der dere deira denne dess det dette di din ditt då eg ein eit ei eitt eller elles er etter for fordi fra frå før ha hadde han har hennar her hjå ho hos hun hva i ikkje ikke inn ingen inkje ja jeg kan kor korleis kva kvar kven kvi kvifor man me med mi min mitt mot mykje må nei no noko nokon noen nokre nå når og også om opp oss over på sidan sin sine sitt sjøl skal skulle slik so som sum so sjølv så til um upp ut var vart varte ved vere vi ville vore vort vår være vært å",
        "nb": "alle at av bare ble bli blir blitt både da de deg dem den denne der dere deres det dette din du eller en enn er et etter for fordi fra før ha hadde han hans har henne her hos hun hva hvem hver hvilke hvilken hvis hvor hvordan hvorfor i ikke inn ingen ja jeg kan kunne man med meg men mer mi min mot mye må nei noe noen nå når og også om opp oss over på seg selv si sin sine sitt skal skulle slik som så til under ut var ved vi vil ville vår være vært å",
        "en": "a about after all also an and any are as at be because been before being but by can could did do does for from had has have he her here him his how i if in into is it its just like may me more most my no not of on one only or other our out over own shall she should so some such than that the their them then there these they this those to too under up us very was we were what when where which while who whom whose why will with would you your",
        "fr": "ai au aux avec avez avons c ce ces cet cette ceux chez comme comment d dans de des du elle elles en entre est et été être eu eux fait il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou où par pas plus pour pourquoi qu quand que quel quelle quelles quels qui s sa sans se sera ses si son sont sur t ta te tes toi ton tout très tu un une vos votre vous y à",
        "es": "a al algo ante como con cual cuales cuando cuándo cuál cuáles cómo de del desde donde dónde durante e el ella ellas ellos en entre era es esa esas ese eso esos esta estas este esto estos está están fue ha han hasta hay la las le les lo los me mi mis muy más ni no nos nosotros o os para pero por porque que quien quién qué se ser si sin sobre son su sus sí también te tu tus un una uno unos y ya yo",
        "pt": "a ao aos aquela aquele aquilo as até com como da das de dela dele deles do dos e ela elas ele eles em entre era essa esse esta este está estão eu foi há isso isto já lhe mais mas me mesmo meu minha muito na nas nem no nos nossa nosso num numa não nós o onde os ou para pela pelas pelo pelos por porque qual quais quando que quem se sem ser seu sua são só também te tem um uma você à às é",
    }.items()
}


def fold(text: str) -> str:
    """Lower case without accents; å aa a, æ ae a and ø oe o become one letter."""
    text = unicodedata.normalize("NFKD", text.lower()).translate(LETTERS)
    return DIGRAPHS.sub(lambda found: found[0][0], MARKS.sub("", text))


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

    def telling(self, language: str) -> tuple[str, ...]:
        """Without the stop words of a language, unless nothing else is left."""
        stop = STOPWORDS.get(language, frozenset())
        return tuple(w for w in self.words if w not in stop) or self.words


def clean(value: object) -> str:
    """What no database or index could store, replaced."""
    return str(value).replace("\x00", " ").encode("utf-8", "replace").decode()


def words_of(text: str) -> tuple[str, ...]:
    return tuple(w.lower()[:MAX_WORD] for w in WORD.findall(text))


def read(text: str) -> Words:
    """Whatever was typed, bounded; marks without meaning are spaces."""
    text = unicodedata.normalize("NFC", clean(text))[:MAX_CHARACTERS]
    phrases = [words_of(quoted)[:MAX_WORDS] for quoted in QUOTED.findall(text)][:4]
    words = dict.fromkeys(words_of(QUOTED.sub(" ", text)))
    return Words(tuple(words)[:MAX_WORDS], tuple(filter(None, phrases)))


def needed(count: int, loose: bool = False) -> int:
    """How many of a query's words a text must have."""
    if loose or count <= 1:
        return min(count, 1)
    return 2 if count == 2 else -(-count * (60 if count <= 6 else 40) // 100)


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
