"""Documents into Elasticsearch, and what it answers back into what is shown."""

from datetime import UTC, datetime

from elasticsearch.dsl import Q

from search.documents import SearchDocument
from search.engines import weights as w
from search.engines.base import Query, Write
from search.engines.elastic.analysis import KEYWORDS, TEXTS
from search.engines.hits import Fragment, Shown, Stored
from search.engines.languages import FIELDS, field_of
from search.engines.naming import Naming
from search.engines.reading import Words
from search.engines.text import PASSAGE

ANALYZED = 100_000  # characters of a body that are looked through for the best passage
OPEN, CLOSE = "\ue000", "\ue001"  # round what was found; in no text that we keep
SHOWN = ["key", "object_key", "source", "kind", "languages", "anchors", *TEXTS]


def operation(write: Write, index: str, naming: Naming) -> dict:
    meta = {
        "_index": index,
        "_id": write.key,
        "version": write.version,
        "version_type": "external_gte",
    }
    if write.document is None:
        return {"_op_type": "delete", **meta}
    return {"_op_type": "index", **meta, "_source": to_source(write.document, naming)}


def to_source(document: SearchDocument, naming: Naming) -> dict:
    values = {name: getattr(document, name) for name in (*KEYWORDS, "url")}
    source = {name: value for name, value in values.items() if value != ""}
    source |= {name: by_field(getattr(document, name)) for name in TEXTS}
    anchors = {field_of(x): places for x, places in document.anchors.items() if places}
    return source | {
        "prefix": list(document.title.values()),
        "named": {name: named_in(getattr(document, name), naming) for name in TEXTS},
        "anchors": anchors,
        "digest": document.digest(),
        "at": document.at or datetime(1970, 1, 1, tzinfo=UTC),
        "rank": w.rank_of(document),
    }


def named_in(texts: dict[str, str], naming: Naming) -> str:
    found = [naming.named_in(text, language) for language, text in texts.items()]
    return " ".join(name for some in found for name in some)


def by_field(texts: dict[str, str]) -> dict[str, list[str]]:
    """Languages without an analysis of their own share one field."""
    out: dict[str, list[str]] = {}
    for language, words in texts.items():
        out.setdefault(field_of(language), []).append(words)
    return out


def stored(found: dict) -> Stored:
    source = found["_source"]
    texts = {
        name: {x: (values or [""])[0] for x, values in source.get(name, {}).items()}
        for name in TEXTS
    }
    return Stored(
        key=source["key"],
        object_key=source["object_key"],
        source=source["source"],
        kind=source["kind"],
        languages=source.get("languages", []),
        anchors=source.get("anchors", {}),
        **texts,
    )


def to_hit(found: dict, shown: Shown):
    document = stored(found)
    return shown.hit(document, found.get("_score") or 0.0, fragments(found, document))


def fragments(found: dict, document: Stored) -> Fragment:
    """Where the passage that Elasticsearch chose stands in the text."""
    marked = found.get("highlight", {})

    def fragment(name: str, language: str) -> tuple[int, int] | None:
        if not (passages := marked.get(f"{name}.{language}")):
            return None
        passage = passages[0].replace(OPEN, "").replace(CLOSE, "")
        start = getattr(document, name).get(language, "").find(passage)
        return (start, start + len(passage)) if start >= 0 else None

    return fragment


def highlight(words: Words, query: Query) -> dict:
    """One small query a field: the whole one would be weighed again for each."""
    fields = {}
    for language in FIELDS:
        if not (sought := sought_in(words, query, language)):
            continue
        for name in ("summary", "body"):
            field = f"{name}.{language}"
            asked = Q("match", **{field: " ".join(sought)})
            fields[field] = {"highlight_query": asked.to_dict()}
    return {
        "pre_tags": [OPEN],
        "post_tags": [CLOSE],
        "order": "score",
        "fragment_size": PASSAGE,
        "number_of_fragments": 1,
        "max_analyzed_offset": ANALYZED,
        "fields": fields,
    }


def sought_in(words: Words, query: Query, language: str) -> list[str]:
    labels = [
        label
        for expansion in query.expansions
        for code, label in expansion.words
        if field_of(code) == language
    ]
    return [*words.sought(language), *labels]
