"""The judged search sets can be built, and are what their README says they are."""

import csv
import gzip
import json
import os
from collections import Counter

import pytest

from tests.evaluation import judged

FOLDERS = [
    "cross-language-tune",
    "cross-language-held-out",
    "themes-tune",
    "themes-held-out",
    "norwegian-tune",
    "norwegian-held-out",
]
KINDS = {
    "cross_language.tsv": {
        *("theme", "theme+words", "synonym", "inflected", "typo", "country", "xquad")
    },
    "norwegian.tsv": {
        *("nn-on-nb", "nb-on-nn", "inflection", "compound", "letters", "typo"),
        "variant",
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    first = judged.DATA / "articles" / "articles.jsonl.gz"
    if not first.exists() and not os.environ.get("CI"):
        pytest.skip(f"no {first}: say with SHARED_DATA where the texts are")
    return judged.build(tmp_path_factory.mktemp("judged"))


def lines(path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def judgements(folder) -> list[dict]:
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.services  # it takes long
def test_the_collections_are_built_twice_alike(built, tmp_path):
    assert [folder.name for folder in built] == FOLDERS
    for folder, again in zip(built, judged.build(tmp_path), strict=True):
        for path in sorted(folder.iterdir()):
            assert path.read_bytes() == (again / path.name).read_bytes()


def test_every_query_has_documents_and_every_document_is_there_once(built):
    for folder in built:
        documents = lines(folder / "corpus.jsonl.gz")
        queries = lines(folder / "queries.jsonl.gz")
        rows = judgements(folder)
        pairs = [(row["query-id"], row["corpus-id"]) for row in rows]
        told = {"id", "title", "text", "lang"}, {"themes", "countries"}
        assert all(told[0] <= set(each) <= told[0] | told[1] for each in documents)
        assert all(each["text"].strip() for each in documents)
        assert max(Counter(each["id"] for each in documents).values()) == 1
        assert max(Counter(each["id"] for each in queries).values()) == 1
        assert max(Counter(pairs).values()) == 1
        assert {document for _, document in pairs} <= {each["id"] for each in documents}
        assert {query for query, _ in pairs} == {each["id"] for each in queries}
        assert all(row["score"] == "1" for row in rows)
        assert max(Counter(query for query, _ in pairs).values()) <= 10


def test_a_query_is_never_answered_in_its_own_language(built):
    for folder in built[:2]:
        language = {
            row["id"]: "no" if row["lang"] in judged.NORWEGIAN else row["lang"]
            for name in ("corpus.jsonl.gz", "queries.jsonl.gz")
            for row in lines(folder / name)
        }
        for row in judgements(folder):
            assert language[row["query-id"]] != language[row["corpus-id"]], row


def test_the_halves_share_a_corpus_and_neither_a_query_nor_a_need(built):
    for tune, held_out in batched(built):
        corpora = [(each / "corpus.jsonl.gz").read_bytes() for each in (tune, held_out)]
        assert corpora[0] == corpora[1]
        needs = [
            {row["id"].rpartition("-")[0] for row in lines(each / "queries.jsonl.gz")}
            for each in (tune, held_out)
        ]
        assert not needs[0] & needs[1]
        counts = [len(lines(each / "queries.jsonl.gz")) for each in (tune, held_out)]
        assert 0.4 < counts[0] / sum(counts) < 0.6


def test_the_cross_language_corpus_is_broad_and_holds_one_language_of_each_text(built):
    documents = lines(built[0] / "corpus.jsonl.gz")
    assert len(documents) > 1500
    languages = Counter(each["lang"] for each in documents)
    assert min(languages[code] for code in ("nn", "nb", "en", "fr", "es", "pt")) > 20
    group = {row["id"]: row["group"] for row in judged.articles(judged.DATA)}
    seen: dict[str, set[str]] = {}
    for each in documents:
        if each["id"] in group:
            seen.setdefault(group[each["id"]], set()).add(each["lang"])
    assert all(len(found) == 1 for found in seen.values())


def batched(folders):
    return zip(folders[::2], folders[1::2], strict=True)


def test_where_a_theme_is_named_is_part_of_what_is_asked_across_languages(built):
    for some, every in zip(built[2:4], built[:2], strict=True):
        asked = [lines(each / "queries.jsonl.gz") for each in (some, every)]
        assert all(each in asked[1] for each in asked[0])
        assert len(asked[0]) > 0.7 * len(asked[1])


@pytest.mark.parametrize("file", KINDS)
def test_queries_are_of_known_kinds_and_none_is_asked_twice(file):
    queries = judged.read_queries(judged.HERE / file)
    assert {query["kind"] for query in queries} == KINDS[file]
    asked = Counter((query["lang"], query["text"].casefold()) for query in queries)
    assert max(asked.values()) == 1
    languages = Counter(query["lang"] for query in queries)
    if file == "cross_language.tsv":
        assert len(queries) >= 240
        assert min(languages[code] for code in ("nn", "nb", "en", "fr", "es")) >= 40
        assert languages["pt"] >= 40
    else:
        assert set(languages) == {"nn", "nb"}
        assert sum(len(query["relevant"]) for query in queries) >= 200
        assert max(len(query["relevant"]) for query in queries) <= 3
        assert max(len(query["text"].split()) for query in queries) <= 8
