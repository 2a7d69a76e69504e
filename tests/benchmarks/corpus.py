"""Made-up documents, as many as are asked for, and what a member would ask of them.

Words come as often as in real texts (Zipf): the stop words of a language first, then
those of our lists and of the vocabulary's labels, then thousands of invented ones. A
number always gives the same document, whoever makes it and in whatever order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from network.audience import MEMBERS, PUBLIC, STAFF, of
from network.regions import regions_of
from network.themes.vocabulary import vocabulary
from search.documents import SearchDocument
from search.engines.base import Scope
from search.engines.languages import (
    LANGUAGES,
    NORWEGIAN,
    STOPWORDS,
    irregular,
    parts,
    variants,
)
from search.engines.reading import words_of
from search.engines.text import MAX_PREFIX

SHARES = {"nb": 25, "nn": 10, "en": 30, "fr": 12, "es": 12, "pt": 11}
KINDS = {
    "article": 30,
    "lesson": 25,
    "story": 10,
    "question": 10,
    "discussion": 10,
    "experience": 5,
    "guide": 5,
    "person": 5,
}
TALK = ("question", "discussion", "experience")
COUNTRIES = {
    "NO": 40, "MW": 12, "ZM": 10, "UG": 10, "NP": 8, "BR": 8, "MZ": 7, "GT": 6,
    "MG": 6, "SN": 5, "CO": 5, "ZA": 5, "VN": 4, "IN": 4, "KE": 4, "TZ": 3,
}  # fmt: skip
PARTNERSHIPS, FORUMS, PEOPLE, ORGANISATIONS, BRANCHES = 400, 60, 5000, 300, 200
INVENTED = 20_000  # words a language
SYLLABLES = [first + last for first in "bdfgklmnprstvj" for last in "aeiou"]
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
LONG = 0.03  # of the documents are reports, with passages that have an address
SENTENCE, PASSAGE = 14, 60  # words


class Words:
    """Those of one language, the most frequent first: so many stop words, the rest."""

    def __init__(self, words: list[str], stop: int):
        weights = [1 / (n + 2.7) for n in range(len(words))]
        self.all = words, list(accumulate(weights))
        self.rest = words[stop:], list(accumulate(weights[stop:]))

    def drawn(self, lot: Random, count: int) -> list[str]:
        words, weights = self.all
        return lot.choices(words, cum_weights=weights, k=count)

    def telling(self, lot: Random, count: int) -> list[str]:
        """No stop words; the rest as often as in the texts."""
        words, weights = self.rest
        return lot.choices(words, cum_weights=weights, k=count)


@dataclass
class Corpus:
    seed: int = 4

    @cached_property
    def words(self) -> dict[str, "Words"]:
        return {x: self._words(x) for x in LANGUAGES}

    def _words(self, language: str) -> "Words":
        lot, stop = Random(f"{self.seed} {language}"), sorted(STOPWORDS[language])
        known = {word for label in self._labels(language) for word in words_of(label)}
        known |= {form for pair in irregular(language).items() for form in pair}
        if language in NORWEGIAN:
            known |= {word for line in variants() for word in line} | set(parts())
        known = sorted(known.difference(stop))
        invented = {
            "".join(lot.choices(SYLLABLES, k=lot.randint(2, 4))) + language
            for _n in range(INVENTED)
        }
        lot.shuffle(stop)
        lot.shuffle(known)
        return Words([*stop, *known, *sorted(invented)], len(stop))

    def _labels(self, language: str) -> list[str]:
        labels = vocabulary().labels.values()
        return [text for some in labels for code, text in some if code == language]

    # Documents

    def documents(self, start: int, stop: int) -> Iterator[SearchDocument]:
        return (self.document(n) for n in range(start, stop))

    def document(self, n: int) -> SearchDocument:
        lot = Random(f"{self.seed} {n}")
        kind = one(lot, KINDS)
        key = of(
            {"person": "person"}.get(kind, "thread" if kind in TALK else "work"), n
        )
        themes = sorted(lot.sample(self.themes, lot.choice((1, 1, 2, 2, 3, 4))))
        countries = sorted({one(lot, COUNTRIES) for _n in range(lot.choice((1, 1, 2)))})
        spoken = languages_of(lot, kind)
        long = kind in ("article", "lesson") and lot.random() < LONG
        told = {
            x: self.body(lot, x, themes, length_of(lot, kind, long)) for x in spoken
        }
        lesson = kind == "lesson"
        return SearchDocument(
            key=key if kind != "person" else f"{key}.members",
            source={"person": "people", "thread": "threads"}.get(
                key.partition(".")[0], "knowledge"
            ),
            object_key=key,
            kind=kind,
            title={x: self.title(lot, x, themes) for x in spoken},
            summary={x: self.prose(lot, x, lot.randint(15, 40)) for x in spoken},
            body={x: "\n".join(passages) for x, passages in told.items()},
            anchors={x: anchors(passages) for x, passages in told.items() if long},
            themes=themes,
            countries=countries,
            regions=regions_of(set(countries)),
            organisations=[lot.randrange(ORGANISATIONS)] if lot.random() < 0.4 else [],
            phase=[lot.choice(("before", "during", "after"))] if lesson else [],
            outcome=lot.choice(("worked", "partly", "not", "early")) if lesson else "",
            levels=[lot.choice(("individual", "organisation", "community"))]
            if lesson
            else [],
            authors=[of("person", lot.randrange(PEOPLE))],
            evidence=lot.randint(0, 4) if lesson else 0,
            reuse=int(lot.expovariate(1)) if lesson else 0,
            at=NEWEST - timedelta(hours=int(lot.expovariate(1 / 20_000))),
            url=f"/{spoken[0]}/{n}/",
            audience=audience_of(lot, kind),
            exclude=[of("user", lot.randrange(PEOPLE))]
            if kind in (*TALK, "person")
            else [],
            within=[key, of("page", lot.randrange(BRANCHES))],
        )

    @cached_property
    def themes(self) -> list[int]:
        return sorted(vocabulary().themes)

    def title(self, lot: Random, language: str, themes: list[int]) -> str:
        words = self.telling(lot, language, lot.randint(3, 7))
        if lot.random() < 0.3:
            words.append(vocabulary().name(lot.choice(themes), language))
        return " ".join(words).capitalize()

    def body(
        self, lot: Random, language: str, themes: list[int], length: int
    ) -> list[str]:
        """Passages of some sentences each; two of three themes are named in them."""
        passages = [
            self.prose(lot, language, min(PASSAGE, length - done))
            for done in range(0, length, PASSAGE)
        ]
        for theme in themes:
            if lot.random() < 0.67:
                n = lot.randrange(len(passages))
                passages[n] += f" {vocabulary().name(theme, language)}."
        return passages

    def prose(self, lot: Random, language: str, length: int) -> str:
        drawn = self.words[language].drawn(lot, length)
        parts = (drawn[n : n + SENTENCE] for n in range(0, length, SENTENCE))
        return " ".join(f"{' '.join(part)}.".capitalize() for part in parts)

    def telling(self, lot: Random, language: str, count: int) -> list[str]:
        return self.words[language].telling(lot, count)

    # Questions

    def questions(self, count: int) -> list[tuple[str, str]]:
        """Two or three words, and their language."""
        lot = Random(f"{self.seed} words")
        spoken = [one(lot, SHARES) for _n in range(count)]
        return [(" ".join(self.telling(lot, x, lot.randint(2, 3))), x) for x in spoken]

    def themed(self, count: int) -> list[tuple[str, str]]:
        """What a theme is called, half of them with a word more."""
        lot, found = Random(f"{self.seed} themes"), []
        for _n in range(count):
            language = one(lot, SHARES)
            words = [vocabulary().name(lot.choice(self.themes), language)]
            words += self.telling(lot, language, lot.randint(0, 1))
            found.append((" ".join(words), language))
        return found

    def beginnings(self, count: int) -> list[tuple[str, str]]:
        """What stands in the field while the first word is typed."""
        lot, found = Random(f"{self.seed} beginnings"), []
        for _n in range(count):
            language = one(lot, SHARES)
            [word] = self.telling(lot, language, 1)
            found.append((word[: lot.randint(1, min(6, MAX_PREFIX))], language))
        return found


def a_member() -> Scope:
    """Somebody with a partnership of eight, in some forums, who blocked two."""
    held = [
        PUBLIC,
        MEMBERS,
        of("user", 9),
        of("partnership", 7),
        of("organisation", 12),
    ]
    held += [of("forum", n) for n in range(12)] + [of("peer", n) for n in range(8)]
    kept_from = [of("user", n) for n in (9, 100, 200)] + ["hidden.NO"]
    return Scope(frozenset(held), frozenset(kept_from), frozenset({of("page", 199)}))


def one(lot: Random, shares: dict[str, int]) -> str:
    return lot.choices(list(shares), weights=shares.values())[0]


def languages_of(lot: Random, kind: str) -> list[str]:
    """A work may be there in several languages."""
    copies = 1 if kind in (*TALK, "person") else lot.choices((1, 2, 3), (75, 18, 7))[0]
    return list(dict.fromkeys(one(lot, SHARES) for _n in range(copies)))


def length_of(lot: Random, kind: str, long: bool) -> int:
    if kind == "person":
        return lot.randint(20, 60)
    return lot.randint(2000, 6000) if long else lot.randint(150, 400)


def anchors(passages: list[str]) -> list[tuple[int, str]]:
    starts = accumulate((len(passage) + 1 for passage in passages[:-1]), initial=0)
    return [(start, f"part-{n}") for n, start in enumerate(starts, 1)]


def audience_of(lot: Random, kind: str) -> list[str]:
    if kind in TALK:
        return [lot.choice((PUBLIC, MEMBERS)), of("forum", lot.randrange(FORUMS))]
    partners = of("partnership", lot.randrange(PARTNERSHIPS))
    return lot.choices(
        ([PUBLIC], [MEMBERS], [partners], [STAFF]), weights=(45, 40, 12, 3)
    )[0]
