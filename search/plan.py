"""From what was asked to what the engine is asked: names, slips of the finger, steps.

The same for the page, for other rooms, and for measuring: all that shapes an answer
beside the engine's own query stands here.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone
from rapidfuzz.distance import DamerauLevenshtein

from network.exchange.models import Placement
from search.asked import Asked
from search.engines import analysis
from search.engines import weights as w
from search.engines.base import (
    LEAST_LETTERS,
    Engine,
    Lift,
    Query,
    Results,
    Scope,
    slips_allowed,
)
from search.engines.languages import ANY_STOPWORD
from search.engines.reading import Term, Words
from search.lexicon import Named, lexicon

MOST_NAMES = 5
FEW = 10  # found: then those with some of the words are shown after them
PART = 5  # letters of a word that may be a part of longer ones
MOST_CHECKED = 8  # words of a query that are looked at for slips
NEAR = 3  # words of the texts that one may stand for


@dataclass
class Answer:
    """What was found, and what was done to find it.

    `slips` are words that nothing has, each with what was looked for instead;
    `eased` names the steps that were taken because nothing had all of it.
    """

    query: Query
    results: Results = field(default_factory=Results)
    named: list[Named] = field(default_factory=list)
    slips: list[tuple[str, str]] = field(default_factory=list)
    eased: list[str] = field(default_factory=list)


def answer(
    engine: Engine,
    asked: Asked,
    scope: Scope,
    languages: tuple[str, ...] = (),
    lifts: tuple[Lift, ...] = (),
    filters: dict[str, list[str]] | None = None,
    **options,
) -> Answer:
    """Ask the engine; again with less, step by step, where nothing has all of it."""
    words, slips = asked.words, []
    if not asked.exact:
        words, slips = put_right(engine, words, scope)
    named = names_in(words, asked, scope)
    weight = w.name_weight(share_of(named, words))
    query = Query(
        scope,
        words=words,
        expansions=tuple(lexicon().expansion(one, weight) for one in named),
        filters=asked.all_filters() if filters is None else filters,
        refused=asked.refused,
        since=asked.since,
        until=asked.until,
        languages=languages,
        lifts=lifts,
        sort=asked.sort,
        **options,
    )
    found = Answer(query, named=named, slips=slips)
    found.results = engine.search(query)
    few = FEW if not (words.groups or words.without or asked.narrowed) else 1
    for step, easier in easier_words(words):
        if found.results.total >= few:
            break
        eased = replace(query, words=easier, loose=step == "any")
        results = engine.search(eased)
        if results.total > found.results.total:
            found.eased.append("few" if found.results.total else step)
            found.query, found.results = eased, results
    return found


def names_in(words: Words, asked: Asked, scope: Scope) -> list[Named]:
    """What the query names, but for what the reader switched off."""
    known = lexicon()
    found = known.recognise(words.words, scope.audiences)
    for group in words.groups:
        for term in group:
            found += known.recognise(term.words, scope.audiences)
    found = [one for one in dict.fromkeys(found) if one.token not in asked.plain]
    return found[:MOST_NAMES]


def share_of(named: list[Named], words: Words) -> float:
    """The share of the telling words that are part of a name."""
    telling = set(words.positive) - ANY_STOPWORD
    within = {word for one in named for word in one.words}
    return len(telling & within) / len(telling) if telling else 1.0


# Slips of the finger


def put_right(
    engine: Engine, words: Words, scope: Scope
) -> tuple[Words, list[tuple[str, str]]]:
    """Words that nothing has which the reader may see, replaced by what was meant.

    Asked under the reader's own scope throughout: neither that a word is known nor
    what it might be can tell of what they may not see.
    """
    doubtful = list(dict.fromkeys(filter(may_be_a_slip, words.words)))[:MOST_CHECKED]
    unknown = engine.unknown(doubtful, scope) if doubtful else []
    if not unknown:
        return words, []
    rare = [x for x in unknown if len(x) >= PART and not analysis.is_compound(x)]
    alone = set(engine.unknown(rare, scope, within=True)) if rare else set()
    plain, groups, slips = list(words.words), list(words.groups), []
    for word in unknown:
        if word in rare and word not in alone:
            plain = [one for one in plain if one != word]
            groups.append((Term((word,), within=True),))
        elif meant := meant_by(engine, word, plain, scope):
            plain = [x for one in plain for x in (meant if one == word else [one])]
            slips.append((word, " ".join(meant)))
    return replace(words, words=tuple(plain), groups=tuple(groups)), slips


def meant_by(engine: Engine, word: str, beside: list[str], scope: Scope) -> list[str]:
    """A word that is spelt almost so, or the two that this one is made of.

    Of those spelt alike, the one that makes up a name with the words beside it. What
    has parts that we know is found by them, and hardly meant to be another word.
    """

    def slips(one: str) -> int:
        return DamerauLevenshtein.distance(word, one)

    def named(one: str) -> int:
        words = tuple(one if each == word else each for each in beside)
        names = lexicon().recognise(words, frozenset())
        return max((len(name.words) for name in names if one in name.words), default=0)

    has_parts = bool(analysis.parts_of(word))
    near = [*lexicon().near(word), *engine.near(word, scope, NEAR)]
    if has_parts:
        near = [one for one in near if slips(one) == 1]
    if near:
        return [max(near, key=lambda one: (named(one), -slips(one)))]
    return [] if has_parts else two_words(engine, word, scope)


def two_words(engine: Engine, word: str, scope: Scope) -> list[str]:
    """A compound that nothing has: its parts, with or without a joining s or e."""
    splits = [
        (word[:end], word[start:])
        for end in range(LEAST_LETTERS, len(word) - LEAST_LETTERS + 1)
        for start in ((end, end + 1) if word[end] in "se" else (end,))
        if len(word) - start >= LEAST_LETTERS
    ]
    if not splits:
        return []
    parts = list(dict.fromkeys(part for split in splits for part in split))
    unknown = set(engine.unknown(parts, scope))
    known = [split for split in splits if unknown.isdisjoint(split)]
    return list(max(known, key=lambda split: min(map(len, split)), default=()))


def may_be_a_slip(word: str) -> bool:
    if not slips_allowed(word) or not word.isalpha() or word in ANY_STOPWORD:
        return False
    return not lexicon().knows(word)


# With less


def easier_words(words: Words) -> list[tuple[str, Words]]:
    """What to try when nothing has all of it: without quotes, then any of the words."""
    steps = []
    asked = words.words
    if words.groups:
        asked = tuple(dict.fromkeys([*asked, *words.positive]))
        loose = Words(asked, beginnings_only(words), words.without)
        if asked and loose != words:
            steps.append(("unquoted", loose))
    if asked:
        steps.append(("any", Words(asked, (), words.without)))
    return steps


def beginnings_only(words: Words) -> tuple[tuple[Term, ...], ...]:
    groups = (tuple(term for term in group if term.begins) for group in words.groups)
    return tuple(filter(None, groups))


# Nearer to the reader


def fresh(now: datetime | None = None) -> tuple[Lift, ...]:
    """A little more for what is new of its kind."""
    now = (now or timezone.now()).replace(minute=0, second=0, microsecond=0)
    return tuple(
        Lift(w.FRESH, (("kind", (kind,)),), now - timedelta(days=days))
        for kind, days in w.FRESH_DAYS.items()
    )


def near(placement: Placement | None) -> tuple[Lift, ...]:
    """A little more for the reader's own phase, and for both ends of their exchange."""
    if placement is None:
        return ()
    ends = {placement.from_country, placement.to_country} - {""}
    return (
        Lift(w.SAME_PHASE, (("phase", (placement.phase,)),)),
        *(
            Lift(w.SAME_COUNTRY / len(ends), (("country", (code,)),))
            for code in sorted(ends)
        ),
    )
