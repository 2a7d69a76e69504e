"""What tantivy has stored, back into what is shown."""

from tantivy import Occur, SnippetGenerator

from search.engines.base import Hit
from search.engines.embedded.queries import T, stems, term
from search.engines.embedded.schema import TEXTS, THE_SCHEMA
from search.engines.hits import Fragment, Shown, Stored
from search.engines.languages import FIELDS, STOPWORDS
from search.engines.reading import words_of
from search.engines.text import PASSAGE


def stored(document) -> Stored:
    kept = document.to_dict()
    texts = {
        name: {x: kept[f"{name}_{x}"][0] for x in FIELDS if kept.get(f"{name}_{x}")}
        for name in TEXTS
    }
    anchors: dict[str, list[tuple[int, str]]] = {}
    for line in kept.get("anchors", []):
        language, start, anchor = line.split(" ", 2)
        anchors.setdefault(language, []).append((int(start), anchor))
    return Stored(
        key=kept["key"][0],
        object_key=kept["object_key"][0],
        source=kept["source"][0],
        kind=kept["kind"][0],
        languages=kept.get("languages", []),
        anchors=anchors,
        **texts,
    )


class Passages:
    """Chooses the best passage of a text, with a generator for each field in use."""

    def __init__(self, searcher, shown: Shown):
        self.searcher, self.shown = searcher, shown
        self.generators: dict[str, SnippetGenerator | None] = {}

    def hit(self, document, score: float) -> Hit:
        kept = stored(document)
        return self.shown.hit(kept, score, self.fragments(document, kept))

    def fragments(self, document, kept: Stored) -> Fragment:
        def fragment(name: str, language: str) -> tuple[int, int] | None:
            if not (generator := self.generator(name, language)):
                return None
            snippet = generator.snippet_from_doc(document)
            if not snippet.highlighted():
                return None
            # tantivy counts bytes.
            place = snippet.fragment_range()
            raw = getattr(kept, name)[language].encode()
            start = len(raw[: place.start].decode())
            return start, start + len(raw[place.start : place.end].decode())

        return fragment

    def generator(self, name: str, language: str) -> SnippetGenerator | None:
        field = f"{name}_{language}"
        if field not in self.generators:
            self.generators[field] = self._generator(field, language)
        return self.generators[field]

    def _generator(self, field: str, language: str) -> SnippetGenerator | None:
        stop = STOPWORDS.get(language, frozenset())
        labels = words_of(" ".join(self.shown.labels(language)))
        words = [*self.shown.words.sought(language)]
        words += [word for word in labels if word not in stop]
        found = dict.fromkeys(stems(words, language))
        if not found:
            return None
        query = T.boolean_query([(Occur.Should, term(field, stem)) for stem in found])
        generator = SnippetGenerator.create(self.searcher, query, THE_SCHEMA, field)
        generator.set_max_num_chars(PASSAGE)
        return generator
