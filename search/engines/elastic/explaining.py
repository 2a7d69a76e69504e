"""A query in the parts that make up a score; `text_query` puts them together."""

from dataclasses import replace

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Clause

from search.engines import weights as w
from search.engines.base import Query
from search.engines.elastic.queries import (
    BOOSTS,
    Known,
    combined,
    constant,
    expansion_query,
    finer_parts,
    further,
    lift_query,
    names_query,
    ranked,
    whole_query,
    words_query,
)
from search.engines.languages import FIELDS
from search.engines.reading import Words

Part = tuple[str, int, Clause]  # as in base.Share


def parts_of(query: Query, known: Known) -> list[Part]:
    rank = ("rank", 0, ranked(constant(Q("match_all"), 1)))
    if not (words := query.asked):
        return [rank]
    asked = [("words", 0, replace(words, groups=()))] if words.words else []
    asked += [
        ("phrase", n, replace(words, words=(), groups=(group,)))
        for n, group in enumerate(words.groups)
    ]
    found = [(x, n, words_query(one, query.how, known)) for x, n, one in asked]
    found += [(x, 0, one) for x, one in alone(words).items() if words.words]
    if query.loose:
        better = words_query(words, "enough", known)
        found.append(("enough", 0, constant(better, w.ALL_WORDS)))
    whole = words_query(words, query.how, known)
    boost = w.beside(query.named)
    found = [
        (x, n, Q("bool", must=[one], filter=[whole], boost=boost))
        for x, n, one in found
    ]
    ways = finer_parts(words)
    named = [expansion_query(one, known) for one in query.expansions]
    if query.expansions:
        ways["further"] = further(words)
        found.append(("all", 0, whole_query(words, known)))
        found += [("names", n, one) for n, one in enumerate(names_query(named))]
    return [
        *found,
        *(("name", n, one) for n, one in enumerate(named)),
        *((x, 0, Q("bool", should=some)) for x, some in ways.items() if some),
        *(("lift", n, lift_query(lift)) for n, lift in enumerate(query.lifts)),
        rank,
    ]


def alone(words: Words) -> dict[str, Clause]:
    """Where the words stand, and what of it is met in a folded form."""

    def best(clause_in) -> Clause:
        return Q("dis_max", queries=[clause_in(x, words.telling(x)) for x in FIELDS])

    def part(name: str):
        return lambda x, telling: Q("match", **{
            f"{name}.{x}": {"query": " ".join(telling), "boost": BOOSTS[name]}
        })  # fmt: skip

    folded = best(lambda x, telling: combined(telling, x, wide=True, boost=w.WIDE))
    return {**{name: best(part(name)) for name in BOOSTS}, "folded": folded}
