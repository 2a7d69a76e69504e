"""Questions in Elasticsearch's words: the same tree as in ../embedded/queries.py."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Clause

from network.text import fold
from search.engines import analysis
from search.engines import weights as w
from search.engines.base import FACETS, Expansion, Lift, Query, Scope
from search.engines.elastic.analysis import TEXTS
from search.engines.languages import FIELDS, field_of
from search.engines.naming import Naming
from search.engines.reading import Term, Words, clean, words_of

BOOSTS = {"title": w.TITLE, "summary": w.SUMMARY, "body": w.BODY}
LABELS = {"title": w.LABEL_TITLE, "summary": w.LABEL_TEXT, "body": w.LABEL_TEXT}
WITHIN = 30  # words that one part is looked for in
WINDOW = 100  # how many of the best are weighed again by their finer signs


@dataclass(frozen=True, slots=True)
class Known:
    """Of an index: how many documents each language has, and which names it knows,
    looked up where something is named."""

    shares: dict[str, int]
    names_known: Callable[[], Naming]

    @property
    def naming(self) -> Naming:
        return self.names_known()

    def lift(self, language: str) -> float:
        """A word is rarer among more texts: without this, small languages count
        less."""
        most = max(self.shares.values(), default=0)
        own = self.shares.get(language, 0)
        return math.log(2 + most) / math.log(2 + own) if own else 1.0


def scoped(query: Clause, scope: Scope, *filters: Clause) -> Clause:
    return Q(
        "bool",
        must=[query],
        filter=[Q("terms", audience=sorted(scope.audiences)), *filters],
        must_not=[
            Q("terms", superseded_by=sorted(scope.audiences)),
            Q("terms", exclude=sorted(scope.exclusions)),
            Q("terms", within=sorted(scope.hidden)),
        ],
    )


def ranked(query: Clause) -> Clause:
    factor = {"field": "rank", "missing": 1.0}
    return Q("function_score", query=query, field_value_factor=factor)


def constant(query: Clause, score: float) -> Clause:
    return Q("constant_score", filter=query, boost=score)


def weighed(query: Clause, boost: float) -> Clause:
    return Q("bool", must=[query], boost=boost)


def wanted(query: Query, known: Known) -> Clause:
    """What is looked for, whoever asks: the words, without what is refused."""
    words = query.asked
    must_not = [term_query(term) for term in words.without]
    must_not += [
        Q("terms", **{FACETS[name]: [clean(v) for v in values]})
        for name, values in query.refused.items()
        if name in FACETS and values
    ]
    found = text_query(words, query, known) if words else Q("match_all")
    lifts = [lift_query(lift) for lift in query.lifts] if words else []
    return Q("bool", must=[found], should=lifts, must_not=must_not, filter=dated(query))


def dated(query: Query) -> list[Clause]:
    limits = {"gte": query.since, "lt": query.until}
    limits = {name: value for name, value in limits.items() if value}
    return [Q("range", at=limits)] if limits else []


def lift_query(lift: Lift) -> Clause:
    filters = [Q("terms", **{FACETS[name]: list(vs)}) for name, vs in lift.filters]
    if lift.since:
        filters.append(Q("range", at={"gte": lift.since}))
    return constant(Q("bool", filter=filters), lift.weight)


# Words


def combined(words: Iterable[str], language: str, wide: bool = False, **options):
    """Words in title, summary and body as in one text (BM25F)."""
    ending = ".wide" if wide else ""
    fields = [f"{name}.{language}{ending}^{BOOSTS[name]}" for name in TEXTS]
    return Q("combined_fields", query=" ".join(words), fields=fields, **options)


def term_query(term: Term) -> Clause:
    """One word, phrase or beginning, in any language."""
    if term.begins:
        return beginning_query(term.words)
    if term.within:
        return within_query(term.words[-1])
    if len(term.words) > 1:
        return phrase_anywhere(term.words)
    ways = [combined(term.words, x, wide) for x in FIELDS for wide in (False, True)]
    return Q("dis_max", queries=ways)


def word_query(word: str) -> Clause:
    """A word as a whole, in any form and language: no compound by one of its parts."""
    ways = [combined([word], x) for x in FIELDS]
    ways += [
        Q("term", **{f"{name}.{x}.wide": form})
        for x in FIELDS
        for name in TEXTS
        for form in analysis.wide(word, x)[:1]
        if form
    ]
    return Q("dis_max", queries=ways)


def within_query(word: str) -> Clause:
    options = {"value": f"*{word}*", "rewrite": f"top_terms_blended_freqs_{WITHIN}"}
    return Q("wildcard", words=options)


def beginning_query(words: tuple[str, ...]) -> Clause:
    *before, last = words
    folded = fold(last)
    ways = [Q("prefix", words={"value": last, "rewrite": "constant_score"})]
    ways += [
        Q("prefix", **{f"{name}.{x}.wide": {"value": folded}})
        for x in FIELDS
        for name in TEXTS
    ]
    must = [term_query(Term(tuple(before)))] if before else []
    return Q("bool", must=[*must, Q("dis_max", queries=ways)])


def phrase_query(
    words: Iterable[str], name: str, language: str, boost: float = 1.0
) -> Clause:
    options = {"query": " ".join(words), "boost": boost}
    return Q("match_phrase", **{f"{name}.{language}": options})


def phrase_anywhere(words: Iterable[str]) -> Clause:
    parts = [
        phrase_query(words, name, language, boost=BOOSTS[name])
        for language in FIELDS
        for name in TEXTS
    ]
    return Q("dis_max", queries=parts)


def language_query(words: Words, language: str, how: str, boost: float = 1.0) -> Clause:
    """Enough of the words in one language, in whatever form; more as they stand."""
    telling = words.telling(language, how)
    least = w.needed(len(telling), how)
    ways = [
        combined(telling, language, boost=w.STEM, minimum_should_match=least),
        combined(telling, language, True, boost=w.WIDE, minimum_should_match=least),
        title_query(telling, language),
    ]
    return Q("bool", should=ways, boost=boost)


def title_query(words: Iterable[str], language: str) -> Clause:
    options = {"operator": "and", "boost": w.WHOLE_TITLE}
    return Q(
        "match", **{f"title.{language}.wide": {"query": " ".join(words), **options}}
    )


def words_query(words: Words, how: str, known: Known) -> Clause:
    """One of each group, and enough of the words in one of the languages."""
    parts = [
        Q("dis_max", queries=[term_query(term) for term in group])
        for group in words.groups
    ]
    if words.words:
        ways = [language_query(words, x, how, known.lift(x)) for x in FIELDS]
        found = Q("dis_max", queries=ways, tie_breaker=w.TIE)
        if w.needed(len(words.telling("", "any")), how) == 1:
            found = Q("bool", should=[found, short_query(words)])
        parts.append(found)
    return Q("bool", must=parts)


def short_query(words: Words) -> Clause:
    """Where one word is enough, its first letters are too."""
    text = " ".join(words.telling("", "any"))
    return Q("match", **{"words.short": {"query": text, "boost": w.SHORT}})


def text_query(words: Words, query: Query, known: Known) -> Clause:
    """The words themselves first, then what their themes bring in."""
    found = words_query(words, query.how, known)
    if query.loose:
        better = constant(words_query(words, "enough", known), w.ALL_WORDS)
        found = Q("bool", must=[found], should=[better])
    if not query.expansions:
        return found
    named = [expansion_query(one, known) for one in query.expansions]
    ways = [
        weighed(found, w.beside(query.named)),
        whole_query(words, known),
        *names_query(named),
        *named,
    ]
    either = Q("bool", should=ways, minimum_should_match=1)
    return Q("bool", must=[either], should=further(words))


def further(words: Words) -> list[Clause]:
    """Words of the query beside a name that was recognised in it."""
    return [
        combined(words.telling(x), x, wide=True, boost=w.LOOSE)
        for x in FIELDS
        if words.words
    ]


def whole_query(words: Words, known: Known) -> Clause:
    """All the words; more where they stand together, one alone in title or summary."""
    ways = [constant(words_query(words, "all", known), w.ALL_WORDS)]
    if words.words:
        names = TEXTS if len(words.words) > 1 else TEXTS[:2]
        found = [phrase_query(words.words, name, x) for x in FIELDS for name in names]
        ways.append(constant(Q("dis_max", queries=found), w.AS_ASKED))
    return Q("bool", should=ways)


def expansion_query(expansion: Expansion, known: Known) -> Clause:
    """What carries the name, or says it; more where it says it often or as a title."""
    ways = [Q("match_none")]
    if expansion.facet in FACETS:
        named = Q("term", **{FACETS[expansion.facet]: str(expansion.value)})
        ways.append(constant(named, w.THEME))
    names, labels = known.naming.parted(expansion.words)
    if names:
        text = " ".join(names)
        ways += [
            Q("match", **{f"named.{name}": {"query": text, "boost": LABELS[name]}})
            for name in TEXTS
        ]
    phrases = [
        phrase_query(words_of(label), name, x, LABELS[name] * known.lift(x))
        for language, label in labels
        for x in [field_of(language)]
        for name in TEXTS
    ]
    if phrases:
        ways.append(Q("dis_max", queries=phrases))
    return Q("bool", should=ways, boost=expansion.weight)


def names_query(found: list[Clause]) -> list[Clause]:
    """Where several are named: what is about each of them."""
    return [constant(Q("bool", must=found), w.ALL_NAMES)] if len(found) > 1 else []


def finer(words: Words) -> Clause | None:
    """What tells the best apart: the very form, first letters, neighbours."""
    parts = [one for some in finer_parts(words).values() for one in some]
    return Q("bool", should=parts) if parts else None


def finer_parts(words: Words) -> dict[str, list[Clause]]:
    telling = words.telling("", "any")
    if not telling:
        return {}
    text = " ".join(telling)
    pairs = [
        Q("match_phrase", **{
            "words.short": {"query": " ".join(pair), "slop": w.SLOP, "boost": w.PAIR}
        })
        for pair in list(pairwise(telling))[: w.PAIRS]
    ]  # fmt: skip
    return {
        "form": [Q("match", words={"query": text, "boost": w.EXACT})],
        "letters": [
            Q("match", **{"words.short": {"query": text, "boost": w.SHORT}}),
        ],
        "near": pairs,
    }
