"""Questions in tantivy's words: the same tree as in ../elastic/queries.py."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import tantivy
from tantivy import FieldType, Occur

from network.text import fold
from search.engines import analysis
from search.engines import weights as w
from search.engines.base import FACETS, Expansion, Lift, Query, Scope
from search.engines.embedded.schema import ANALYZERS, TEXTS, THE_SCHEMA
from search.engines.languages import FIELDS, STOPWORDS, field_of
from search.engines.naming import Naming
from search.engines.reading import Term, Words, clean, words_of

T = tantivy.Query
# How tantivy weighs the length of a text: BM25's constants.
K, B = 1.2, 0.75
MOST_BEGINNINGS = 200  # words that one beginning stands for
BOOSTS = {"title": w.TITLE, "summary": w.SUMMARY, "body": w.BODY}
LABELS = {"title": w.LABEL_TITLE, "summary": w.LABEL_TEXT, "body": w.LABEL_TEXT}
Lifts = dict[str, float]


@dataclass(frozen=True, slots=True)
class Known:
    """Of an index: its reader, the languages it has, and the names that it knows."""

    searcher: tantivy.Searcher
    lifts: Lifts
    naming: Naming


def term(name: str, value: str) -> T:
    return T.term_query(THE_SCHEMA, name, value)


def term_set(name: str, values: Iterable[str]) -> T:
    return T.term_set_query(THE_SCHEMA, name, [clean(v) for v in values])


def both(parts: list[tuple[Occur, T]]) -> T:
    return T.boolean_query(parts)


def either(queries: Iterable[T], least: int | None = None) -> T:
    parts = [(Occur.Should, query) for query in queries]
    if not parts:
        return T.empty_query()
    return T.boolean_query(parts, least) if least else T.boolean_query(parts)


def best_of(queries: Iterable[T | None], tie: float | None = None) -> T | None:
    found = [query for query in queries if query is not None]
    return T.disjunction_max_query(found, tie) if found else None


def musts(queries: Iterable[T]) -> list[tuple[Occur, T]]:
    return [(Occur.Must, T.const_score_query(query, 0.0)) for query in queries]


def scope_filters(scope: Scope) -> list[tuple[Occur, T]]:
    parts = musts([term_set("audience", scope.audiences)])
    for name, held in (
        ("superseded_by", scope.audiences),
        ("exclude", scope.exclusions),
        ("within", scope.hidden),
    ):
        if held:
            parts.append((Occur.MustNot, term_set(name, held)))
    return parts


def wanted(query: Query, known: Known, finest: bool = False) -> list[tuple[Occur, T]]:
    """What is looked for, whoever asks: the words, without what is refused."""
    words = query.asked
    parts = [(Occur.Must, T.all_query())]
    if words:
        parts = [(Occur.Must, text_query(words, query, known))]
        if finest:
            parts += [(Occur.Should, one) for one in finer(words)]
            parts += [(Occur.Should, lift_query(lift)) for lift in query.lifts]
    anywhere = replace(known, lifts=dict.fromkeys(FIELDS, 1.0))
    for one in words.without:
        parts.append((Occur.MustNot, term_query(one, anywhere)))
    for name, values in query.refused.items():
        if name in FACETS and values:
            parts.append((Occur.MustNot, term_set(FACETS[name], values)))
    return parts + musts(dated(query.since, query.until))


def dated(since, until=None) -> list[T]:
    if not since and not until:
        return []
    return [
        T.range_query(
            THE_SCHEMA,
            "newest",
            FieldType.Unsigned,
            moment(since) if since else 0,
            moment(until) if until else None,
            **({"include_upper": False} if until else {}),
        )
    ]


def moment(at) -> int:
    return max(0, int(at.timestamp())) << 24


def lift_query(lift: Lift) -> T:
    filters = [term_set(FACETS[name], values) for name, values in lift.filters]
    parts = [(Occur.Must, one) for one in [*filters, *dated(lift.since)]]
    return T.const_score_query(both(parts), lift.weight)


# Words


def stems(words: Iterable[str], language: str) -> list[str]:
    return [stem for word in words for stem in ANALYZERS[language].analyze(word)]


def stem_query(word: str, language: str) -> T | None:
    """As it stands, or as the dictionary has it: tantivy knows no irregular forms."""
    forms = dict.fromkeys([*stems([word], language)[:1], analysis.stem(word, language)])
    return best_of(term(f"text_{language}", form) for form in forms if form)


def wide_query(word: str, language: str, name: str = "wide") -> T | None:
    forms = filter(None, analysis.wide(word, language))
    return best_of(term(f"{name}_{language}", form) for form in forms)


def enough_of(queries: Iterable[T | None], how: str, boost: float) -> T | None:
    found = [query for query in queries if query is not None]
    if not found:
        return None
    return T.boost_query(either(found, w.needed(len(found), how)), boost)


def term_query(one: Term, known: Known) -> T:
    """One word, phrase or beginning, in any language."""
    if one.begins:
        return beginning_query(one.words, known)
    if one.within:
        return within_query(one.words[-1])
    if len(one.words) > 1:
        return phrase_anywhere(one.words, known)
    ways = [
        T.boost_query(query, lift)
        for x, lift in known.lifts.items()
        for query in (stem_query(one.words[0], x), wide_query(one.words[0], x))
        if query is not None
    ]
    return best_of(ways) or T.empty_query()


def word_query(word: str, known: Known) -> T:
    """A word as a whole, in any form and language: no compound by one of its parts."""
    found = [stem_query(word, x) for x in known.lifts]
    found += [
        term(f"wide_{x}", form)
        for x in known.lifts
        for form in analysis.wide(word, x)[:1]
        if form
    ]
    return best_of(found) or T.empty_query()


def within_query(word: str) -> T:
    return T.regex_query(THE_SCHEMA, "words", f".*{re.escape(word)}.*")


def beginning_query(words: tuple[str, ...], known: Known) -> T:
    *before, last = words
    fields = {"words": last, **{f"wide_{x}": fold(last) for x in known.lifts}}
    found = [
        term(name, word)
        for name, beginning in fields.items()
        for word, _count in known.searcher.terms_with_prefix(
            name, beginning, None, MOST_BEGINNINGS
        )
    ]
    parts = [(Occur.Must, T.const_score_query(either(found), 1.0))]
    if before:
        parts.append((Occur.Must, term_query(Term(tuple(before)), known)))
    return both(parts)


def phrase_query(
    words: Iterable[str], name: str, language: str, slop: int = 0
) -> T | None:
    ordered = stems(words, language)
    if len(ordered) > 1:
        return T.phrase_query(THE_SCHEMA, f"{name}_{language}", ordered, slop)
    return term(f"{name}_{language}", ordered[0]) if ordered else None


def phrase_anywhere(words: Iterable[str], known: Known) -> T:
    words = tuple(words)
    parts = [
        T.boost_query(query, BOOSTS[name] * lift)
        for language, lift in known.lifts.items()
        for name in TEXTS
        if (query := phrase_query(words, name, language))
    ]
    return best_of(parts) or T.empty_query()


def lifts_of(searcher) -> Lifts:
    """What makes the languages comparable, for those that texts are written in.

    tantivy measures a text against the mean length of its field over all documents,
    also those without it: where a twentieth is in French, each French text seems
    twenty times too long. Its words are counted as rare for the same reason, which
    makes up for about the root of it; the other root is put back here.
    """
    total = max(1, searcher.num_docs)
    shares = {x: min(1, searcher.doc_freq("written", x) / total) for x in FIELDS}
    return {
        x: math.sqrt((1 + K * (1 - B + B / share)) / (1 + K))
        for x, share in shares.items()
        if share
    }


def language_query(words: Words, language: str, how: str) -> T | None:
    """Enough of the words in one language, in whatever form; more as they stand."""
    telling = words.telling(language, how)
    ways = [
        enough_of((stem_query(word, language) for word in telling), how, w.STEM),
        enough_of((wide_query(word, language) for word in telling), how, w.WIDE),
        enough_of(
            (wide_query(word, language, "wide_title") for word in telling),
            "all",
            w.WHOLE_TITLE,
        ),
    ]
    found = [way for way in ways if way is not None]
    return either(found) if found else None


def words_query(words: Words, how: str, known: Known) -> T:
    """One of each group, and enough of the words in one of the languages."""
    parts = [
        (Occur.Must, best_of(term_query(one, known) for one in group))
        for group in words.groups
    ]
    if words.words:
        by_language = [
            T.boost_query(query, lift)
            for language, lift in known.lifts.items()
            if (query := language_query(words, language, how)) is not None
        ]
        found = best_of(by_language, w.TIE) or T.empty_query()
        if w.needed(len(words.telling("", "any")), how) == 1:
            found = either([found, *short_queries(words)])
        parts.append((Occur.Must, found))
    return both(parts) if parts else T.empty_query()


def short_queries(words: Words) -> list[T]:
    """Where one word is enough, its first letters are too."""
    short = map(analysis.short, words.telling("", "any"))
    return [T.boost_query(term("short", word), w.SHORT) for word in short]


def text_query(words: Words, query: Query, known: Known) -> T:
    """The words themselves first, then what their themes bring in."""
    found = words_query(words, query.how, known)
    if query.loose:
        better = words_query(words, "enough", known)
        better = T.const_score_query(better, w.ALL_WORDS)
        found = both([(Occur.Must, found), (Occur.Should, better)])
    if not query.expansions:
        return found
    named = [expansion_query(one, known) for one in query.expansions]
    ways = [
        T.boost_query(found, w.beside(query.named)),
        whole_query(words, known),
        *names_query(named),
        *named,
    ]
    beside = ((Occur.Should, one) for one in further(words, known))
    return both([(Occur.Must, either(ways)), *beside])


def further(words: Words, known: Known) -> list[T]:
    """Words of the query beside a name that was recognised in it."""
    return [
        T.boost_query(found, w.LOOSE)
        for x in known.lifts
        for word in words.telling(x)
        if (found := wide_query(word, x)) is not None
    ]


def whole_query(words: Words, known: Known) -> T:
    """All the words; more where they stand together, one alone in title or summary."""
    every = words_query(words, "all", known)
    names = TEXTS if len(words.words) > 1 else TEXTS[:2]
    together = best_of(
        phrase_query(words.words, x, y) for y in known.lifts for x in names
    )
    ways = [T.const_score_query(every, w.ALL_WORDS)]
    if together is not None:
        ways.append(T.const_score_query(together, w.AS_ASKED))
    return either(ways)


def expansion_query(expansion: Expansion, known: Known) -> T:
    """What carries the name, or says it; more where it says it often or as a title."""
    ways = []
    if expansion.facet in FACETS:
        named = term(FACETS[expansion.facet], str(expansion.value))
        ways.append(T.const_score_query(named, w.THEME))
    names, labels = known.naming.parted(expansion.words)
    ways += [
        T.boost_query(term(f"named_{name}", word), LABELS[name])
        for name in TEXTS
        for word in names
    ]
    phrases = [
        T.boost_query(found, LABELS[name] * known.lifts[x])
        for language, label in labels
        for name in TEXTS
        if (x := field_of(language)) in known.lifts
        and (found := phrase_query(words_of(label), name, x))
    ]
    ways += filter(None, [best_of(phrases)])
    return T.boost_query(either(ways), expansion.weight)


def names_query(found: list[T]) -> list[T]:
    """Where several are named: what is about each of them."""
    every = T.const_score_query(both([(Occur.Must, one) for one in found]), w.ALL_NAMES)
    return [every] if len(found) > 1 else []


def finer(words: Words) -> list[T]:
    """What tells the best apart: the very form, first letters, neighbours."""
    return [one for some in finer_parts(words).values() for one in some]


def finer_parts(words: Words) -> dict[str, list[T]]:
    telling = words.telling("", "any")
    short = [analysis.short(word) for word in telling]
    pairs = list(pairwise(short))[: w.PAIRS]
    return {
        "form": [T.boost_query(term("words", word), w.EXACT) for word in telling],
        "letters": [T.boost_query(term("short", word), w.SHORT) for word in short],
        "near": [
            T.boost_query(
                T.phrase_query(THE_SCHEMA, "short", list(pair), w.SLOP), w.PAIR
            )
            for pair in pairs
        ],
    }


def telling_terms(searcher, document, most: int = 25) -> list[T]:
    """The words that set a document apart: often here, seldom elsewhere."""
    total, weighed = searcher.num_docs, []
    for language in FIELDS:
        counts: dict[str, float] = {}
        for name, weight in (
            ("title", w.TITLE),
            ("summary", w.SUMMARY),
            ("body", w.BODY),
        ):
            words = words_of(document.get_first(f"{name}_{language}") or "")[:2000]
            for word in words:
                if word not in STOPWORDS.get(language, ()) and len(word) > 2:
                    counts[word] = counts.get(word, 0) + weight
        for word, count in sorted(counts.items(), key=lambda x: -x[1])[:100]:
            for stem in stems([word], language):
                spread = searcher.doc_freq(f"body_{language}", stem)
                idf = math.log(1 + total / (1 + spread))
                weighed.append((math.sqrt(count) * idf, stem, language))
    strongest = sorted(weighed, reverse=True)[:most]
    return [
        T.boost_query(term(f"{name}_{language}", stem), BOOSTS[name])
        for _, stem, language in strongest
        for name in TEXTS
    ]
