"""Records as sources publish them, and files of them. Texts of our own."""

import gzip
import json
from io import StringIO

from django.core.management import CommandError, call_command


def a_file(folder, *records, name="records.jsonl"):
    """JSONL (gzipped if the name says so); a str or bytes goes in as it is."""
    lines = [
        record if isinstance(record, bytes) else _line(record) for record in records
    ]
    data = b"".join(line + b"\n" for line in lines)
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def _line(record) -> bytes:
    text = record if isinstance(record, str) else json.dumps(record)
    return text.encode()


def an_article_record(id="a1", **fields):
    return {
        "id": id,
        "source": "example/handbook",
        "group": f"group-{id}",
        "lang": "en",
        "kind": "guide",
        "title": f"How to begin, part {id}",
        "summary": "Where to start.",
        "date": "2024-05-17",
        "authors": ["Ada Example"],
        "tags": [],
        "url": f"https://example.org/{id}",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "attribution": "The Example Handbook",
        "body": "Begin with a *question*.\n\n## Then\n\nListen.",
        **fields,
    }


def a_comment_record(body="Why so?", created="2020-01-01T10:00:00", author="member-c"):
    return {"author": author, "created": created, "score": 0, "body": body}


def a_reply_record(id="7", created="2020-01-02T10:00:00", **fields):
    return {
        "id": id,
        "author": f"member-{id}",
        "created": created,
        "score": 1,
        "accepted": False,
        "body": f"Answer {id}.",
        "comments": [],
        **fields,
    }


def a_thread_record(id="t1", **fields):
    return {
        "id": id,
        "forum": "bread.example.org",
        "lang": "en",
        "title": f"How long should it rise ({id})?",
        "author": "member-a",
        "created": "2020-01-01T09:00:00.500",
        "closed": None,
        "tags": [],
        "body": "It never *rises*.",
        "comments": [],
        "replies": [],
        "url": f"https://bread.example.org/q/{id}",
        "licence": "CC BY-SA 4.0",
        **fields,
    }


def run(command, *files, **options) -> tuple[str, str]:
    """What the command said (errors among it), and how it ended: "" is well."""
    out = StringIO()
    try:
        call_command(command, *map(str, files), stdout=out, stderr=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def told(output: str) -> dict[str, int]:
    """The figures of the final report."""
    lines = [line.split(maxsplit=1) for line in output.splitlines()]
    names = {"read", "created", "updated", "unchanged", "left out", "errors"}
    return {line[1]: int(line[0]) for line in lines if line[1:] and line[1] in names}
