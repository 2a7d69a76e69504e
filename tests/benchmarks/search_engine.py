"""How fast an engine indexes and finds, on as many made-up documents as are asked for.

    python tests/benchmarks/search_engine.py --documents 100000 [--engine embedded]

Several sizes (`--documents 10000,100000`) are measured on the way, in one index.

Takes its settings from the environment as the site does, and the vocabulary from the
site's database. Indexes through the product's own code into a scratch index that is
gone afterwards, also after Ctrl-C, and asks as a member would: each kind of question
by one client, then by sixteen. A client is a thread with a connection of its own; all
of them share this process and the machine with the engine, so that with many clients
it is the whole machine that is measured. Beside it the floor: a bare query for the
same words on the same index, without scope, passages or facets.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count, pairwise
from pathlib import Path
from statistics import median, quantiles
from threading import Event

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    import django

    django.setup()

from django.conf import settings
from django.db import connection

from network.languages import NEAR
from network.themes.vocabulary import vocabulary
from search.asked import NARROWING, Asked
from search.engines.base import Engine, Query, Write
from search.evaluation import scratch
from search.indexing import CHUNK
from search.plan import answer, fresh
from search.queries import GROUPS, PER_PAGE
from tests.benchmarks.corpus import Corpus, a_member

QUESTIONS = 100  # of each kind, asked over and over
SLICES = 5  # the kinds take turns: what else the machine does meets all of them
SETTLING = 300  # seconds at most that an index may go on merging
OFFERED = 4  # of each group of completions, as the site does
CHOSEN = {"kind": ["article", "lesson"], "country": ["NO", "MW"]}

Ask = Callable[[int], object]  # the n-th question
Tell = Callable[[str], None]


@dataclass
class Indexed:
    engine: str
    documents: int
    per_second: float  # since the size before
    bytes: int
    segments: int

    @property
    def told(self) -> str:
        return (
            f"{self.engine}: {self.documents:,} documents, "
            f"{self.per_second:.0f} a second, "
            f"{self.bytes / self.documents / 1024:.1f} KiB each, "
            f"{self.segments} segments"
        )


@dataclass
class Timed:
    what: str
    clients: int
    asked: int
    p50: float  # milliseconds
    p95: float
    per_second: float
    times_floor: float = 0.0  # the median, beside that of the floor


# The two engines: what differs between them


class OnElasticsearch:
    def __init__(self, engine: Engine):
        self.engine = engine
        self.name = f"Elasticsearch {engine.reader.info()['version']['number']}"

    @contextmanager
    def growing(self) -> Iterator[Callable[[list[Write]], None]]:
        """As in a rebuild: nothing is searched before all of it is there."""
        name = self.engine.names.get("current") or self.engine._make()
        self.engine.names = {"building": name}
        yield self.engine.fill
        self.engine.writer.indices.refresh(index=name)
        self.engine.names = {"current": name}

    def settled(self) -> tuple[int, int]:
        """Bytes and segments, when what was written is merged."""
        indices, until = self.engine.writer.indices, time.monotonic() + SETTLING
        index = self.engine.names["current"]
        indices.flush(index=index, wait_if_ongoing=True)
        while True:
            stats = indices.stats(index=index, metric="store,segments,merge")
            stats = stats["_all"]["total"]
            if not stats["merges"]["current"] or time.monotonic() > until:
                return stats["store"]["size_in_bytes"], stats["segments"]["count"]
            time.sleep(1)

    def client(self) -> Engine:
        client = type(self.engine)(settings.ELASTICSEARCH_URL, self.engine.prefix)
        client.names, client.namings = self.engine.names, self.engine.namings
        return client

    def bare(self, client: Engine, words: str) -> object:
        return client.writer.search(
            index=client.names["current"],
            query={"match": {"words": words}},
            size=10,
            source=False,
        )


class Embedded:
    def __init__(self, engine: Engine):
        self.engine, self.name = engine, "tantivy"

    @contextmanager
    def growing(self) -> Iterator[Callable[[list[Write]], None]]:
        yield self.engine.index  # as a rebuild: each chunk is a commit

    def settled(self) -> tuple[int, int]:
        folder = self.engine.current
        files = [path.stat().st_size for path in folder.path.rglob("*")]
        return sum(files), folder.searcher.num_segments

    def client(self) -> Engine:
        return self.engine

    def bare(self, client: Engine, words: str) -> object:
        folder = client.current
        found = folder.index.parse_query(words, ["words"])
        return folder.searcher.search(found, 10)


# Indexing


def grown(
    on, corpus: Corpus, size: range, writers: int, until: float, tell: Tell
) -> Indexed:
    """Chunk by chunk, as a rebuild does; never all of them in memory."""
    chunks, done, began = count(), [0] * writers, time.monotonic()

    def write(n: int, stop: Event) -> None:
        told = began
        while not stop.is_set():
            some = size[(start := next(chunks) * CHUNK) : start + CHUNK]
            if not some:
                return
            texts = corpus.documents(some.start, some.stop)
            fill([Write(document.key, 1, document) for document in texts])
            done[n] += len(some)
            now = time.monotonic()
            if now > until:
                raise TimeoutError(f"Not more than {sum(done):,} documents in time.")
            if n == 0 and now - told > 5:
                told, rate = now, sum(done) / (now - began)
                tell(f"indexed {sum(done):,} of {len(size):,}, {rate:.0f} a second")

    with on.growing() as fill:
        together(write, writers)
    seconds = time.monotonic() - began
    tell("settling")
    return Indexed(on.name, size.stop, len(size) / seconds, *on.settled())


def together(work: Callable[[int, Event], object], many: int) -> list:
    """In so many threads; an error, or Ctrl-C, ends them all."""
    stop = Event()
    with ThreadPoolExecutor(many) as pool:
        try:
            futures = [pool.submit(work, n, stop) for n in range(many)]
            return [future.result() for future in as_completed(futures)]
        finally:
            stop.set()


# Asking


def planned(engine: Engine, text: str, language: str, **options) -> Query:
    """What the product asks its engine for these words, widened by what they name."""
    languages = tuple(filter(None, (language, NEAR.get(language))))
    asked = Asked.of(text)
    return answer(engine, asked, a_member(), languages, fresh(), **options).query


def questions(engine: Engine, corpus: Corpus) -> dict[str, list]:
    """What is asked, by kind: planned once, so that it is the engine that is timed."""
    words, themed = corpus.questions(QUESTIONS), corpus.themed(QUESTIONS)
    few = {"facets": (), "per_page": PER_PAGE}
    plain = [planned(engine, *one, **few) for one in words]
    widened = [planned(engine, *one, **few) for one in themed]
    return {
        "floor": [text for text, _language in words],
        "plain": plain,
        "widened": widened,
        "faceted": [replace(x, facets=NARROWING, filters=CHOSEN) for x in plain],
        "page": [replace(x, facets=NARROWING) for x in mixed(plain, widened)],
        "answer": mixed(words, themed),
        "completion": corpus.beginnings(QUESTIONS),
    }


def mixed(some: list, others: list) -> list:
    return [one for pair in zip(some, others, strict=True) for one in pair]


def asking(on, client: Engine, asked: dict[str, list]) -> dict[str, Ask]:
    """By kind: what asks the n-th question of it, and begins again after the last."""
    scope = a_member()
    whole = {"facets": NARROWING, "per_page": PER_PAGE}
    ways = dict.fromkeys(asked, client.search) | {
        "floor": lambda words: on.bare(client, words),
        "answer": lambda one: planned(client, *one, **whole),
        "completion": lambda one: client.suggest(
            one[0], scope, GROUPS, (one[1],), OFFERED
        ),
    }
    return {
        name: lambda n, ask=ask, some=asked[name]: ask(some[n % len(some)])
        for name, ask in ways.items()
    }


WHAT = {
    "floor": "bare query: the words, ten keys",
    "plain": "words, as a member, with passages",
    "widened": "a theme is named",
    "faceted": "words, two choices, all facets",
    "page": "words or a theme, all facets",
    "answer": "the same, with slips and easing",
    "completion": "a word's beginning, three groups",
}


def timed(asks: list[Ask], seconds: float, after: int) -> tuple[list[float], float]:
    """Milliseconds of each answer, all clients asking at once; and how long in all."""
    until = (began := time.perf_counter()) + seconds

    def ask(n: int, stop: Event) -> list[float]:
        taken = []
        try:
            for question in count(after + 7 * n):
                if stop.is_set() or (start := time.perf_counter()) > until:
                    return taken
                asks[n](question)
                taken.append(1000 * (time.perf_counter() - start))
            return taken
        finally:
            if len(asks) > 1:
                connection.close()

    some = together(ask, len(asks))
    return [one for taken in some for one in taken], time.perf_counter() - began


def measured(
    on, asked: dict[str, list], clients: int, seconds: float, tell: Tell
) -> list[Timed]:
    own = [on.client() for _n in range(clients)]
    kinds = [asking(on, client, asked) for client in own]
    taken = {name: [] for name in WHAT}
    spent = dict.fromkeys(WHAT, 0.0)
    for turn in range(SLICES + 1):
        tell(f"{clients} clients, turn {turn} of {SLICES}")
        for name in WHAT:
            asks = [kind[name] for kind in kinds]
            some, lasted = timed(asks, seconds / SLICES, len(taken[name]))
            if turn:  # the first warms up
                taken[name] += some
                spent[name] += lasted
    for client in own:
        if client is not on.engine:
            client.close()
    found = [row(name, clients, taken[name], spent[name]) for name in WHAT]
    return [replace(one, times_floor=one.p50 / found[0].p50) for one in found]


def row(what: str, clients: int, taken: list[float], spent: float) -> Timed:
    p95 = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return Timed(what, clients, len(taken), median(taken), p95, len(taken) / spent)


# Telling


@dataclass
class Report:
    indexed: Indexed
    timed: list[Timed]
    load: tuple[float, ...]  # of the machine, before and after

    def __getitem__(self, key: tuple[str, int]) -> Timed:
        return next(one for one in self.timed if (one.what, one.clients) == key)

    def as_json(self) -> str:
        told = asdict(self) | {
            "date": time.strftime("%Y-%m-%d"),
            "cores": os.cpu_count(),
        }
        return json.dumps(told, indent=2)

    def as_table(self) -> str:
        lines = [
            self.indexed.told,
            f"load of the machine, {os.cpu_count()} cores: {self.load}",
            "",
            f"{'':46}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'a second':>10}"
            f"{'× floor':>9}",
        ]
        lines += [
            f"{one.what:12}{WHAT[one.what]:34}{one.clients:8}{one.p50:9.1f}"
            f"{one.p95:9.1f}{one.per_second:10.0f}{one.times_floor:9.1f}"
            for one in self.timed
        ]
        return "\n".join(lines)


def measure(
    sizes: list[int],
    clients: list[int] = (1, 16),
    seconds: float = 10,
    writers: int = 2,
    minutes: float = 120,
    tell: Tell = lambda text: None,
) -> Iterator[Report]:
    """On the engine that the settings name; indexing ends after so many minutes."""
    corpus, until = Corpus(), time.monotonic() + 60 * minutes
    with scratch() as engine:
        on = OnElasticsearch(engine) if settings.ELASTICSEARCH_URL else Embedded(engine)
        for before, size in pairwise([0, *sorted(sizes)]):
            indexed = grown(on, corpus, range(before, size), writers, until, tell)
            tell(indexed.told)
            asked, found, load = questions(engine, corpus), [], os.getloadavg()[0]
            for many in clients:
                found += measured(on, asked, many, seconds, tell)
            yield Report(indexed, found, (load, os.getloadavg()[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", default="10000")
    parser.add_argument("--engine", choices=("elasticsearch", "embedded"))
    parser.add_argument("--clients", default="1,16")
    parser.add_argument("--seconds", type=float, default=10, help="for each figure")
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=120, help="to index, at most")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    if told.engine == "elasticsearch" and not settings.ELASTICSEARCH_URL:
        parser.error("ELASTICSEARCH_URL names no server.")
    if told.engine == "embedded":
        settings.ELASTICSEARCH_URL = ""
    if not vocabulary().themes:
        parser.error("The database has no vocabulary: manage.py prepare.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", file=sys.stderr, flush=True)

    sizes, clients = (
        [int(one) for one in some.split(",")] for some in (told.documents, told.clients)
    )
    try:
        for report in measure(
            sizes, clients, told.seconds, told.writers, told.minutes, tell
        ):
            print(report.as_json() if told.json else report.as_table(), flush=True)
    except KeyboardInterrupt:
        sys.exit("Ended; its index is gone.")
    except TimeoutError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
