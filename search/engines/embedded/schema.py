"""What tantivy keeps of a document, and how it reads the texts.

Three ways of reading are made in Python (`search/engines/analysis.py`) and kept as
words with spaces between: tantivy has no filters for them.
"""

from collections.abc import Iterable

import tantivy

from search.documents import SearchDocument
from search.engines import analysis
from search.engines import weights as w
from search.engines.languages import FIELDS, VERSION, field_of
from search.engines.naming import Naming
from search.engines.reading import clean, words_of
from search.engines.text import prefixes

SCHEMA = f"v{VERSION}"
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
    "prefix",
    "written",
    "digest",
    "anchors",
)
STORED = {
    "key",
    "object_key",
    "source",
    "kind",
    "languages",
    "themes",
    "audience",
    "digest",
    "anchors",
}
UNCOUNTED = {"prefix", "written", "digest", "anchors"}
TEXTS = ("title", "summary", "body")
DOUBLED = 2.0  # a score is multiplied by this × rank: see as_weight
# How often the words of a part stand in the field that holds all of a text: tantivy
# has no weights for parts of a field.
TIMES = {"title": round(w.TITLE), "summary": round(w.SUMMARY), "body": 1}

ANALYZERS = {x: analysis.build_analyzer(x, tantivy.Tokenizer.simple()) for x in FIELDS}
AS_TYPED = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(analysis.LONGEST))
    .filter(tantivy.Filter.lowercase())
    .build()
)
SPACED = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in KEYWORDS:
        builder.add_text_field(
            name,
            stored=name in STORED,
            fast=name not in UNCOUNTED,
            tokenizer_name="raw",
            index_option="basic",
        )
    for x in FIELDS:
        for name in TEXTS:
            builder.add_text_field(f"{name}_{x}", stored=True, tokenizer_name=x)
        builder.add_text_field(f"text_{x}", tokenizer_name=x, index_option="freq")
        for name in (f"wide_{x}", f"wide_title_{x}"):
            builder.add_text_field(name, tokenizer_name="spaced", index_option="freq")
    # The names that stand in them, a word each.
    for name in TEXTS:
        builder.add_text_field(
            f"named_{name}", tokenizer_name="spaced", index_option="freq"
        )
    # All of it in all languages, as it was written and by its first letters.
    builder.add_text_field("words", tokenizer_name="as_typed", index_option="freq")
    builder.add_text_field("short", tokenizer_name="spaced")
    builder.add_unsigned_field("newest", fast=True, indexed=True)
    builder.add_float_field("rank", fast=True)
    builder.add_unsigned_field("version", stored=True, fast=True)
    return builder.build()


THE_SCHEMA = build_schema()


def register(index: tantivy.Index) -> None:
    analyzers = {**ANALYZERS, "as_typed": AS_TYPED, "spaced": SPACED}
    for name, analyzer in analyzers.items():
        index.register_tokenizer(name, analyzer)


def to_tantivy(
    document: SearchDocument, version: int, naming: Naming
) -> tantivy.Document:
    out = tantivy.Document()
    for name in KEYWORDS:
        for value in values_of(document, name):
            out.add_text(name, clean(value))
    for name in TEXTS:
        for language, text in getattr(document, name).items():
            out.add_text(f"{name}_{field_of(language)}", text)
            out.add_text(f"named_{name}", " ".join(naming.named_in(text, language)))
    for language in document.text_languages():
        add_ways(out, document, language)
    out.add_unsigned("newest", newest(document))
    out.add_float("rank", as_weight(w.rank_of(document)))
    out.add_unsigned("version", version)
    return out


def values_of(document: SearchDocument, name: str) -> Iterable[object]:
    if name == "prefix":
        return prefixes(list(document.title.values()))
    if name == "written":
        return sorted(set(map(field_of, document.text_languages())))
    if name == "digest":
        return [document.digest()]
    if name == "anchors":
        return [
            f"{field_of(language)} {start} {anchor}"
            for language, places in document.anchors.items()
            for start, anchor in places
        ]
    value = getattr(document, name)
    return [x for x in (value if isinstance(value, list) else [value]) if x != ""]


def add_ways(out: tantivy.Document, document: SearchDocument, language: str) -> None:
    """The other ways in which the words of one language can be met."""
    x = field_of(language)
    texts = {name: getattr(document, name).get(language, "") for name in TEXTS}
    whole = "\n".join("\n".join([texts[name]] * TIMES[name]) for name in TEXTS)
    words = {name: words_of(text) for name, text in texts.items()}
    once = [word for name in TEXTS for word in words[name]]
    often = [word for name in TEXTS for word in words[name] * TIMES[name]]
    out.add_text(f"text_{x}", whole)
    out.add_text(f"wide_{x}", spaced(often, x))
    out.add_text(f"wide_title_{x}", spaced(words["title"], x))
    out.add_text("words", "\n".join(texts.values()))
    out.add_text("short", " ".join(map(analysis.short, once)))


def spaced(words: Iterable[str], language: str) -> str:
    return " ".join(form for word in words for form in analysis.wide(word, language))


def as_weight(rank: float) -> float:
    """tantivy multiplies a score by log2(2 + weight): by `DOUBLED` × `rank`, with this.

    Doubled, as the least rank is a half and a weight below 0 counts as 0.
    """
    return 2 ** (DOUBLED * rank) - 2


def newest(document: SearchDocument) -> int:
    """Sorts by time; what has none comes last."""
    seconds = max(0, int(document.at.timestamp())) if document.at else 0
    return seconds << 24 | int(w.lot(document) * 2**24)
