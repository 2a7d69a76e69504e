"""Write a large forum, the same each time, for tests.benchmarks.forums.load.

    python -m tests.benchmarks.forums.corpus corpus.jsonl

Its text is made of sentences of the demo content, so that words are as frequent as
words are. The first thread is the longest; 30 % of all threads stand in the first
forum, so that it has many pages.
"""

import argparse
import json
import random
import re
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

SEED = 20261123
CONTENT = Path(__file__).resolve().parents[3] / "demo" / "content" / "knowledge"
FIRST_FORUM = 0.3
ENDS_AT, LASTS = 1763000000, 2 * 365 * 86400  # seconds


def sentences() -> list[str]:
    found = []
    for path in sorted(CONTENT.glob("*.en.md")):
        text = re.sub(r"[*`_#\[\]|>]+", " ", path.read_text())
        for paragraph in text.split("\n\n"):
            found += re.split(r"(?<=[.!?])\s+", " ".join(paragraph.split()))
    prose = (one for one in found if one[:1].isupper() and not set(one) & set('{}="'))
    return [one for one in prose if 5 <= len(one.split()) <= 40]


class Writer:
    def __init__(self, people: int):
        self.chance = random.Random(SEED)
        self.sentences = sentences()
        # A few write much, most of them little.
        self.weights = list(accumulate(1 / (place + 10) for place in range(people)))

    def person(self) -> int:
        return bisect(self.weights, self.chance.random() * self.weights[-1]) + 1

    def sentence(self) -> str:
        return self.chance.choice(self.sentences)

    def title(self) -> str:
        words = self.sentence().split()[: self.chance.randint(4, 11)]
        return " ".join(words).rstrip(".,:;!?")[:110]

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(1, 5)))

    def text(self) -> str:
        """One to four paragraphs; four in ten texts have something more."""
        parts = [
            self.paragraph() for _ in range(self.chance.choice((1, 1, 1, 2, 2, 3)))
        ]
        kind = self.chance.random()
        if kind < 0.12:
            parts.insert(0, f"> {self.sentence()}")
        elif kind < 0.22:
            parts.append(f"```\n{self.sentence()[:70]}\n{self.sentence()[:70]}\n```")
        elif kind < 0.30:
            parts.append("\n".join(f"- {self.sentence()}" for _ in range(3)))
        elif kind < 0.36:
            parts[0] += f" See https://example.org/{self.chance.randint(1, 9999)}"
        elif kind < 0.42:
            parts[-1] += f" **{self.title()}** and *{self.title()}*."
        return "\n\n".join(parts)

    def lengths(self, threads: int, posts: int, longest: int) -> list[int]:
        """Posts of each thread: few in most, together `posts`."""
        found = [1 + int(self.chance.expovariate(1 / 9)) for _ in range(threads)]
        found[0] = longest
        missing = posts - sum(found)
        while missing:
            one = self.chance.randrange(1, threads)
            step = 1 if missing > 0 else -1
            if found[one] + step > 0:
                found[one] += step
                missing -= step
        return found


def rows(people: int, forums: int, threads: int, posts: int, longest: int) -> Iterator:
    writer = Writer(people)
    chance = writer.chance
    for pk in range(1, people + 1):
        yield {"t": "user", "id": pk, "name": f"user{pk:05}"}
    for pk in range(1, forums + 1):
        about = {"name": writer.title(), "desc": writer.sentence()}
        yield {"t": "forum", "id": pk, **about}
    written = 0
    for pk, length in enumerate(writer.lengths(threads, posts, longest), start=1):
        first = pk == 1 or chance.random() < FIRST_FORUM
        forum = 1 if first else chance.randint(2, forums)
        author = writer.person()
        about = {"title": writer.title(), "user": author, "n_posts": length}
        yield {"t": "topic", "id": pk, "forum": forum, **about}
        moment = ENDS_AT - LASTS + LASTS * pk / threads
        for number in range(length):
            written += 1
            by = writer.person() if number else author
            said = {"user": by, "ts": int(moment), "body": writer.text()}
            yield {"t": "post", "id": written, "topic": pk, **said}
            moment += chance.expovariate(1 / 7200)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument("--forums", type=int, default=20)
    parser.add_argument("--threads", type=int, default=20_000)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--longest", type=int, default=5_000)
    asked = vars(parser.parse_args())
    with asked.pop("out").open("w") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows(**asked))
