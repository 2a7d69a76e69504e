"""A query in the parts that make up a score; `text_query` puts them together."""

from dataclasses import replace

from tantivy import Occur

from search.engines import weights as w
from search.engines.base import Query
from search.engines.embedded.queries import (
    BOOSTS,
    Known,
    Lifts,
    T,
    best_of,
    both,
    either,
    expansion_query,
    finer_parts,
    further,
    lift_query,
    musts,
    names_query,
    stems,
    term,
    whole_query,
    wide_query,
    words_query,
)
from search.engines.reading import Words

Part = tuple[str, int, T]  # as in base.Share


def parts_of(query: Query, known: Known) -> list[Part]:
    rank = ("rank", 0, T.const_score_query(T.all_query(), 1.0))
    if not (words := query.asked):
        return [rank]

    def met(asked: Words, how: str = query.how) -> T:
        return words_query(asked, how, known)

    asked = [("words", 0, replace(words, groups=()))] if words.words else []
    asked += [
        ("phrase", n, replace(words, words=(), groups=(group,)))
        for n, group in enumerate(words.groups)
    ]
    found = [(x, n, met(one)) for x, n, one in asked]
    found += [
        (x, 0, one) for x, one in alone(words, known.lifts).items() if words.words
    ]
    if query.loose:
        better = T.const_score_query(met(words, "enough"), w.ALL_WORDS)
        found.append(("enough", 0, better))
    whole = musts([met(words)])
    boost = w.beside(query.named)
    found = [
        (x, n, T.boost_query(both([(Occur.Must, one), *whole]), boost))
        for x, n, one in found
    ]
    ways = finer_parts(words)
    named = [expansion_query(one, known) for one in query.expansions]
    if query.expansions:
        ways["further"] = further(words, known)
        found.append(("all", 0, whole_query(words, known)))
        found += [("names", n, one) for n, one in enumerate(names_query(named))]
    return [
        *found,
        *(("name", n, one) for n, one in enumerate(named)),
        *((x, 0, either(some)) for x, some in ways.items() if some),
        *(("lift", n, lift_query(lift)) for n, lift in enumerate(query.lifts)),
        rank,
    ]


def alone(words: Words, lifts: Lifts) -> dict[str, T]:
    """Where the words stand, and what of it is met in a folded form."""

    def best(weight: float, queries_in) -> T:
        found = best_of(
            T.boost_query(either(queries), weight * lift)
            for x, lift in lifts.items()
            if (queries := [one for one in queries_in(x) if one is not None])
        )
        return found or T.empty_query()

    def stand_in(name: str):
        return lambda x: (
            term(f"{name}_{x}", stem) for stem in stems(words.telling(x), x)
        )

    def folded(x: str):
        return (wide_query(word, x) for word in words.telling(x))

    parts = {name: best(BOOSTS[name], stand_in(name)) for name in BOOSTS}
    return {**parts, "folded": best(w.WIDE, folded)}
