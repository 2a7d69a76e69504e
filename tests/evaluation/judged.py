"""Judged search sets, each in a tuning and a held-out half.

Here stand only queries, ids and judgements: the texts are read from the shared data
and from the demo content when the sets are built. README.md tells how they came about.

    python -m tests.evaluation.judged TARGET [DATA]
"""

import csv
import gzip
import json
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from hashlib import sha1
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE.parents[1] / "demo" / "content"
BESIDE = HERE.parents[2] / "shared" / "data"
DATA = Path(os.environ.get("SHARED_DATA") or os.environ.get("ATTENDE_DATA") or BESIDE)

SETS = {
    "cross-language": "cross_language.tsv",
    "norwegian": "norwegian.tsv",
}
PARTS = {  # the sets that hold the queries of some kinds of another one
    "themes": (
        "cross-language",
        {"theme", "theme+words", "synonym", "inflected", "typo"},
    ),
}
HALVES = ["tune", "held-out"]
NORWEGIAN = ["nn", "nb"]

# The share of a source's English texts that stays in the cross-language corpus; all of
# a source that is not named. Judged documents are in it whatever the share says.
ENGLISH = {
    "carpentries/carpentries.org": 0.2,
    "GSA/digitalgov.gov": 0.15,
    "18F/18f.gsa.gov": 0.2,
    "18F/handbook": 0.5,
    "ropensci/roweb3": 0.25,
    "alan-turing-institute/the-turing-way": 0.4,
    "publiccodenet/about": 0.3,
    "todogroup/todogroup.org": 0.3,
    "coderefinery/manuals": 0.3,
}
EXERCISES = "kodeklubben/oppgaver"  # some three hundred ways to teach children to code
EXERCISES_SHARE = 0.4
THREADS_SHARE = 0.05
HEALTH_SHARE = 0.15
FRENCH_SHARE = 0.3
PORTUGUESE_SHARE = 0.4

Document = dict[str, str | list[str]]


def build(target: Path, data: Path = DATA) -> list[Path]:
    """Write the collections below `target`, in the format of the shared ones."""
    folders = []
    for name, file in SETS.items():
        queries = read_queries(HERE / file)
        judged = {each for query in queries for each in query["relevant"]}
        corpus = CORPORA[name](data, judged)
        for part, kinds in parts_of(name, queries):
            for half in HALVES:
                folder = target / f"{part}-{half}"
                folder.mkdir(parents=True, exist_ok=True)
                asked = [query for query in queries if query["kind"] in kinds]
                asked = [query for query in asked if half_of(query["id"]) == half]
                write_collection(folder, corpus, asked)
                folders.append(folder)
    return folders


def parts_of(name: str, queries: list[dict]) -> Iterator[tuple[str, set[str]]]:
    """A set with all kinds of its queries, then what is a part of it."""
    yield name, {query["kind"] for query in queries}
    for part, (whole, kinds) in PARTS.items():
        if whole == name:
            yield part, kinds


def read_queries(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [{**row, "relevant": row["relevant"].split()} for row in rows]


def half_of(query_id: str) -> str:
    """By the need, the id up to its last hyphen: its wordings stay in one half."""
    return HALVES[0] if share_of(query_id.rpartition("-")[0]) < 0.5 else HALVES[1]


def share_of(key: str) -> float:
    """A stable number from 0 to 1 that has nothing to do with what the key means."""
    return int(sha1(key.encode()).hexdigest()[:8], 16) / 0x100000000


def write_collection(folder: Path, corpus: list[Document], queries: list[dict]) -> None:
    write_lines(folder / "corpus.jsonl.gz", corpus)
    asked = [{key: query[key] for key in ("id", "text", "lang")} for query in queries]
    write_lines(folder / "queries.jsonl.gz", asked)
    lines = ["query-id\tcorpus-id\tscore"]
    for query in queries:
        lines += [f"{query['id']}\t{each}\t1" for each in query["relevant"]]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_lines(path: Path, rows: Iterable[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


# The corpora


def cross_language(data: Path, judged: set[str]) -> list[Document]:
    """Of what exists in several languages, one: else a query finds its own language."""
    documents = [
        *one_language_each(articles(data), judged, english_and_exercises_thinned),
        *one_language_each(demo_works(), judged),
        *demo_threads(),
        *thinned(threads(data), THREADS_SHARE, judged),
        *thinned(health(data), HEALTH_SHARE, judged),
        *xquad(data),
        *passages(data, "norquad-wiki"),
        *thinned(passages(data, "piaf-fr"), FRENCH_SHARE, judged),
        *thinned(passages(data, "faquad-pt"), PORTUGUESE_SHARE, judged),
    ]
    return [without_group(document) for document in documents]


def norwegian(data: Path, _judged: set[str]) -> list[Document]:
    """All there is in nynorsk and bokmål, parallels too."""
    documents = [
        *articles(data),
        *demo_works(),
        *demo_threads(),
        *passages(data, "norquad-wiki-passages"),
        *paragraphs(data),
    ]
    return [without_group(each) for each in documents if each["lang"] in NORWEGIAN]


CORPORA = {
    "cross-language": cross_language,
    "norwegian": norwegian,
}


def one_language_each(documents, judged, keep=lambda document: True):
    """Of each group the language that its hash points at, or that judgements name."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(document["group"], []).append(document)
    for group, members in groups.items():
        languages = sorted({each["lang"] for each in members})
        named = [each["lang"] for each in members if each["id"] in judged]
        language = named[0] if named else pick(languages, group)
        for each in members:
            if each["id"] in judged or (each["lang"] == language and keep(each)):
                yield each


def pick(languages: list[str], group: str) -> str:
    return languages[int(share_of(group) * len(languages))]


def english_and_exercises_thinned(document: Document) -> bool:
    if document["source"] == EXERCISES:
        return share_of(document["id"]) < EXERCISES_SHARE
    if document["lang"] == "en":
        return share_of(document["id"]) < ENGLISH.get(document["source"], 1)
    return True


def thinned(documents, share: float, judged: set[str]) -> Iterator[Document]:
    for document in documents:
        if document["id"] in judged or share_of(document["id"]) < share:
            yield document


def without_group(document: Document) -> Document:
    kept = ("id", "title", "text", "lang", "themes", "countries")
    return {key: document[key] for key in kept if key in document}


# The sources


def articles(data: Path) -> Iterator[Document]:
    for row in read_lines(data / "articles" / "articles.jsonl.gz"):
        yield {
            "id": row["id"],
            "title": row["title"],
            "text": joined(row["summary"], row["body"]),
            "lang": row["lang"],
            "group": row["group"] or row["id"],
            "source": row["source"],
        }


def threads(data: Path) -> Iterator[Document]:
    for row in read_lines(data / "threads" / "threads.jsonl.gz"):
        said = [row["body"], *(reply["body"] for reply in row["replies"])]
        yield document(row["id"], row["title"], joined(*said), row["lang"])


def health(data: Path) -> Iterator[Document]:
    for row in read_lines(data / "threads" / "health_questions.jsonl.gz"):
        yield document(row["id"], row["question"], row["answer"], row["lang"])


def passages(data: Path, name: str) -> Iterator[Document]:
    for row in read_lines(data / "retrieval" / name / "corpus.jsonl.gz"):
        yield document(row["id"], row["title"], row["text"], row["lang"])


def xquad(data: Path) -> Iterator[Document]:
    """Every other article (of five paragraphs) in English, the rest in Spanish."""
    for place, language in enumerate(["en", "es"]):
        for each in passages(data, f"xquad-{language}"):
            number = int(each["id"].removeprefix("xq-"))
            if (number - 1) // 5 % 2 == place:
                yield {**each, "id": f"{each['id']}-{language}"}


def paragraphs(data: Path) -> Iterator[Document]:
    for row in read_lines(data / "language" / "norwegian_paragraphs.jsonl.gz"):
        yield document(row["id"], "", " ".join(row["sentences"]), row["lang"])


def demo_works() -> Iterator[Document]:
    for path in sorted((DEMO / "knowledge").glob("*.md")):
        _nothing, front, body = path.read_text("utf-8").split("+++\n", 2)
        work = tomllib.loads(front)
        key = f"demo-{work['work']}.{work['language']}"
        text = joined(*told_in(work), body)
        yield {
            **document(key, work["title"], text, work["language"]),
            "themes": work.get("themes", []),
            "countries": work.get("countries", []),
            "group": work["work"],
        }


def told_in(work: dict) -> Iterator[str]:
    for name in ("summary", "challenge", "what_we_did", "why"):
        yield work.get(name, "")
    for advice in work.get("advice", []):
        yield f"{advice['who']}: {advice['what']}"
    for name in ("when_to_use", "when_not", "adapted", "believed_before", "know_now"):
        yield work.get(name, "")
    for level in work.get("levels", {}).values():
        yield level["text"]
    for voice in work.get("voices", []):
        if voice["language"] == work["language"]:
            yield f"{voice.get('name', '')}, {voice.get('where', '')}: {voice['text']}"


def demo_threads() -> Iterator[Document]:
    """Without the posts that answer in another language than the thread's own."""
    for path in sorted((DEMO / "threads").glob("*.toml")):
        thread = tomllib.loads(path.read_text("utf-8"))
        language = thread["language"]
        said = [
            post["text"]
            for post in thread["posts"]
            if post.get("language", language) == language
        ]
        key = f"demo-thread-{path.stem}"
        yield {
            **document(key, thread["title"], joined(*said), language),
            "themes": thread.get("themes", []),
        }


def document(key: str, title: str, text: str, language: str) -> Document:
    return {"id": key, "title": title, "text": text, "lang": language}


def joined(*texts: str | None) -> str:
    return "\n\n".join(text.strip() for text in texts if text and text.strip())


if __name__ == "__main__":
    for folder in build(Path(sys.argv[1]), *map(Path, sys.argv[2:3])):
        print(folder)
