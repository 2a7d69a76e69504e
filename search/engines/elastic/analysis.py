"""How Elasticsearch reads texts: analysis per language, mapping, settings.

The same as `search/engines/analysis.py`, in Elasticsearch's own filters. Another
analysis or mapping is another SCHEMA, and asks for a rebuild.
"""

from network.text import fold
from search.engines import analysis as words
from search.engines import weights as w
from search.engines.languages import (
    FIELDS,
    NORWEGIAN,
    OTHER,
    STEMMERS,
    VERSION,
    irregular,
)
from search.engines.text import MAX_PREFIX

SCHEMA = f"v{VERSION}"
TEXTS = ("title", "summary", "body")
KEYWORDS = (
    "key",
    "object_key",
    "source",
    "kind",
    "languages",
    "themes",
    "countries",
    "organisations",
    "phase",
    "outcome",
    "levels",
    "regions",
    "years",
    "authors",
    "audience",
    "superseded_by",
    "exclude",
    "within",
)
NAMED = {
    "type": "text",
    "analyzer": "whitespace",
    "similarity": "named",
    "index_options": "freqs",
}
FOLDING = ["scandinavian_folding", "asciifolding"]
# Signs inside words at which Python and tantivy part them, and `standard` does not.
PARTING = "['’_.:]"


def steps(language: str) -> tuple[list[str], list[str]]:
    """The filters before the stemmer, and the stemmer itself."""
    if language in NORWEGIAN:
        # Twice: deltakere -> deltaker -> deltak, as deltaker and deltakar.
        return ["lowercase", "doers_no"], [
            f"irregular_{language}",
            *[f"stem_{language}"] * 2,
        ]
    if language == OTHER:
        return ["lowercase", "decimal_digit", "arabic_normalization"], ["stem_ar"]
    known = [f"irregular_{language}"] if irregular(language) else []
    return ["lowercase"], [*known, f"stem_{language}"]


def wide_steps(language: str) -> list[str]:
    """Without accents from the first: who leaves one out leaves out all."""
    known = [f"irregular_{language}_wide"] if irregular(language) else []
    if language in NORWEGIAN:
        stem = [f"stem_{language}"] * 2
        before = ["lowercase", *FOLDING, "doers_no", "parts_no"]
        return [*before, *known, *stem, "variants_no", "remove_duplicates"]
    before, stem = steps(language)
    return [*before, *FOLDING, *known, stem[-1]]


def analysis() -> dict:
    filters = {
        f"stem_{x}": {"type": "stemmer", "language": name}
        for x, name in STEMMERS.items()
    }
    filters["stem_ar"] = {"type": "stemmer", "language": "arabic"}
    for language in STEMMERS:
        if forms := irregular(language):
            filters[f"irregular_{language}"] = override(
                {form: words.stem(base, language) for form, base in forms.items()}
            )
            filters[f"irregular_{language}_wide"] = override(
                {
                    fold(form): words.folded_stem(base, language)
                    for form, base in forms.items()
                }
            )
    filters["doers_no"] = {
        "type": "pattern_replace",
        "pattern": "(?<=..)(er|ar)(ne|ane|ene)$",
        "replacement": "$1",
    }
    filters["parts_no"] = {
        "type": "dictionary_decompounder",
        "word_list": as_one(sorted(words.folded_parts())),
        "min_word_size": words.COMPOUND,
        "min_subword_size": words.PART,
        "max_subword_size": words.LONGEST_PART,
        "only_longest_match": True,
    }
    filters["variants_no"] = override(words.variant_stems())
    filters["short"] = {"type": "truncate", "length": w.SHORT_LETTERS}
    filters["beginnings"] = {
        "type": "edge_ngram",
        "min_gram": 1,
        "max_gram": MAX_PREFIX,
    }
    analyzers = {
        "exact": custom("lowercase"),
        "short": custom("lowercase", *FOLDING, "short"),
        "beginnings": custom("lowercase", *FOLDING, "beginnings"),
        "whole_words": custom("lowercase", *FOLDING),
    }
    for language in FIELDS:
        before, stem = steps(language)
        analyzers[language] = custom(*before, *stem)
        analyzers[f"{language}_wide"] = custom(*wide_steps(language))
    return {
        "char_filter": {
            "parting": {
                "type": "pattern_replace",
                "pattern": PARTING,
                "replacement": " ",
            }
        },
        "filter": filters,
        "analyzer": analyzers,
    }


def override(rules: dict[str, str]) -> dict:
    told = [f"{one} => {other}" for one, other in sorted(rules.items())]
    return {"type": "stemmer_override", "rules": as_one(told)}


def as_one(lines: list[str]) -> str:
    """Elasticsearch parts it at the commas.

    Of a list it would look at each line anew for every other setting, which takes
    three times as long as all else when an index is made.
    """
    return ",".join(lines)


def custom(*filters: str) -> dict:
    return {
        "type": "custom",
        "char_filter": ["parting"],
        "tokenizer": "standard",
        "filter": list(filters),
    }


def mappings() -> dict:
    def texts(**options):
        return {"properties": {x: text(x, **options) for x in FIELDS}}

    def text(language: str, **options) -> dict:
        wide = {"type": "text", "analyzer": f"{language}_wide"}
        return {
            "type": "text",
            "analyzer": language,
            "copy_to": "words",
            **options,
            "fields": {"wide": wide | {"index_options": "freqs"}},
        }

    return {
        "dynamic": "strict",
        "properties": {
            **{name: {"type": "keyword"} for name in KEYWORDS},
            "title": texts(),
            "summary": texts(),
            "body": texts(index_options="offsets"),
            # All of it in all languages, as it was written and by its first letters.
            "words": {
                "type": "text",
                "analyzer": "exact",
                "index_options": "freqs",
                "fields": {"short": {"type": "text", "analyzer": "short"}},
            },
            # The names that stand in them, a word each.
            "named": {"properties": {name: dict(NAMED) for name in TEXTS}},
            "prefix": {
                "type": "text",
                "analyzer": "beginnings",
                "search_analyzer": "whole_words",
            },
            "anchors": {"type": "object", "enabled": False},
            "digest": {"type": "keyword", "index": False, "doc_values": False},
            "at": {"type": "date"},
            "rank": {"type": "float"},
            "url": {"type": "keyword", "index": False, "doc_values": False},
        },
    }


def settings(shards: int = 1, replicas: int = 0) -> dict:
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        # How long the version of something deleted is remembered: longer than any
        # lease and retry that could still carry an older state.
        "gc_deletes": "15m",
        "similarity": {
            "default": {"type": "BM25", "k1": w.K1, "b": w.B},
            "named": {"type": "BM25", "k1": w.LABEL_K1, "b": w.LABEL_B},
        },
        "analysis": analysis(),
    }
