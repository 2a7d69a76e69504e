"""`manage.py rebuild_index` that comes to a place, says so, and waits to be killed.

python -m tests.search.stopped_rebuild PLACE
"""

import sys
import time
from itertools import count

import django
from django.core.management import call_command

PLACES = (
    "made, but not named",
    "empty",
    "copying",
    "completing",
    "comparing",
    "before the swap",
    "after the swap",
    "before the old one goes",
    "before it is told",
)


def stop(*args, **options):
    sys.stderr.write("there\n")
    sys.stderr.flush()
    time.sleep(600)


def stop_before(owner, name: str, which: int = 1) -> None:
    """At the `which`-th call; those before go through."""
    function, calls = getattr(owner, name), count(1)

    def instead(*args, **options):
        return (stop if next(calls) == which else function)(*args, **options)

    setattr(owner, name, instead)


def stop_within(owner, name: str, inner, inner_name: str, which: int = 1) -> None:
    """Before what `name` calls, and only when that is called by it."""
    function = getattr(owner, name)

    def instead(*args, **options):
        stop_before(inner, inner_name, which)
        return function(*args, **options)

    setattr(owner, name, instead)


def stop_at(place: str) -> None:
    from search import checking, indexing, rebuilding
    from search.engines import get_engine
    from search.models import IndexName

    indexing.CHUNK = rebuilding.CHUNK = 1
    engine = get_engine()
    embedded = engine.name.startswith("embedded")
    match place:
        case "made, but not named":
            stop_before(*((engine, "_point") if embedded else (IndexName, "save")))
        case "empty":
            stop_before(rebuilding, "_enter")
        case "copying":
            stop_before(engine, "fill", which=3)
        case "completing":
            stop_before(checking, "missing", which=2)
        case "comparing":
            stop_before(checking, "compare", which=2)
        case "before the swap":
            stop_before(engine, "commit_rebuild")
        case "after the swap" if embedded:
            point = engine._point
            engine._point = lambda *told: (
                point(*told),
                told[0] == "current" and stop(),
            )
        case "after the swap":
            stop_within(engine, "commit_rebuild", engine, "_part_with")
        case "before the old one goes":
            stop_within(engine, "commit_rebuild", engine, "_drop")
        case "before it is told":
            stop_before(rebuilding, "_finish")


if __name__ == "__main__":
    django.setup()
    from search.management.commands import rebuild_index

    rebuild_index.PATIENCE = 0
    stop_at(sys.argv[1])
    call_command("rebuild_index")
