"""Building the whole index anew, in steps that any process may carry on.

Filled, the new index is compared with the database before it answers: each document of
each object, and then how many there are of each kind and audience. What differs is
written once more; where that does not help, the rebuild fails and the old index stays.
"""

import logging
import time
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from network.events import publish, subscribe
from search import checking
from search.engines import get_engine
from search.engines.base import ALL, EngineDown, EngineError, Tally, WriterBusy
from search.events import RebuildRequested
from search.indexing import CHUNK, Marker, Object, objects_on_the_way, writes_for
from search.models import Rebuild
from search.registry import SOURCES

logger = logging.getLogger(__name__)

# Shorter than a delivery's lease: after a crash the next delivery finds it free.
HOLD = timedelta(seconds=30)
STEP_SECONDS = 15
LOOKS = 3  # at an index whose counts are off while the site goes on writing


class DoesNotFit(Exception):
    """The new index and the database cannot be brought to agree; says where."""


def current_rebuild() -> Rebuild | None:
    return Rebuild.objects.filter(status=Rebuild.Status.RUNNING).first()


def is_needed() -> bool:
    """Whether the index was made by another engine, another schema, or is empty."""
    engine = get_engine()
    last = Rebuild.objects.filter(status=Rebuild.Status.DONE).order_by("pk").last()
    if last is None or last.engine != engine.name or not engine.is_current():
        return True
    try:
        empty = not engine.count()
    except EngineDown:
        raise
    except EngineError:  # another server, which never had this index
        return True
    return empty and any(source.rows().exists() for source in SOURCES.values())


def start_rebuild() -> Rebuild:
    """The one under way, or a new one."""
    return Rebuild.objects.get_or_create(status=Rebuild.Status.RUNNING)[0]


@transaction.atomic
def request_rebuild() -> Rebuild:
    """Have the process that runs the lanes do it."""
    rebuild = start_rebuild()
    publish(RebuildRequested(rebuild=rebuild.pk))
    return rebuild


def is_free(rebuild: Rebuild) -> bool:
    """Whether it waits for somebody to take it."""
    return _running(rebuild).filter(held_until__lte=timezone.now()).exists()


def abort_rebuild(rebuild: Rebuild) -> None:
    """The index that answers stays as it is."""
    if _finish(rebuild, Rebuild.Status.ABORTED):
        get_engine().abort_rebuild()


@subscribe(RebuildRequested, lane="bulk")
def carry_on(event: RebuildRequested) -> None:
    """A while at a time, so that imports on the same lane go on as well."""
    rebuild = Rebuild.objects.filter(pk=event.rebuild).first()
    if rebuild and not advance(rebuild, STEP_SECONDS):
        with transaction.atomic():
            publish(event)


def advance(rebuild: Rebuild, seconds: float, report=lambda rebuild: None) -> bool:
    """Work at it for `seconds`; true when it is finished, or somebody else's."""
    if not _hold(rebuild):
        return True
    try:
        return _work(rebuild, time.monotonic() + seconds, report)
    finally:
        Rebuild.objects.filter(pk=rebuild.pk).update(held_until=timezone.now())


def _work(rebuild: Rebuild, until: float, report) -> bool:
    engine = get_engine()
    try:
        fresh = rebuild.begun and rebuild.engine == engine.name
        if not fresh or not engine.is_rebuilding():
            _begin(rebuild)
        while time.monotonic() < until:
            whole = STEPS[rebuild.stage](rebuild)
            if not _keep(rebuild):  # aborted meanwhile
                return True
            if whole:
                engine.commit_rebuild()
                _finish(rebuild, Rebuild.Status.DONE)
            report(rebuild)
            if whole:
                return True
    except (EngineDown, WriterBusy):  # goes on when that is over
        raise
    except (DoesNotFit, EngineError) as error:
        _fail(rebuild, str(error))
        return True
    return False


def _begin(rebuild: Rebuild) -> None:
    engine = get_engine()
    engine.begin_rebuild()
    rebuild.engine = engine.name
    rebuild.begun, rebuild.done, rebuild.look = True, 0, 1
    rebuild.compared = rebuild.corrected = 0
    _enter(rebuild, Rebuild.Stage.FILLING)
    rebuild.total = sum(source.rows().count() for source in SOURCES.values())
    rebuild.save()


def _enter(rebuild: Rebuild, stage: str) -> None:
    """Each stage begins at the first row, or the first key."""
    rebuild.stage = stage
    rebuild.source, rebuild.last_pk, rebuild.last_key = "", 0, ""


def _next_objects(rebuild: Rebuild) -> tuple[list[Object], int]:
    """Moves the marker on; what it passed is in the index when `_keep` saves it."""
    marker = Marker(rebuild.source, rebuild.last_pk)
    objects, rows = marker.next_objects()
    rebuild.source, rebuild.last_pk = marker.source, marker.last_pk
    return objects, rows


# Steps: each does a little of its stage; true when the new index may answer


def _fill(rebuild: Rebuild) -> bool:
    objects, rows = _next_objects(rebuild)
    if rows:
        get_engine().fill(writes_for(objects))
        rebuild.done += rows
    else:
        _look(rebuild)
    return False


def _look(rebuild: Rebuild) -> None:
    rebuild.look_began_at, rebuild.tally, rebuild.compared = timezone.now(), {}, 0
    _enter(rebuild, Rebuild.Stage.COMPLETING)


def _complete(rebuild: Rebuild) -> bool:
    objects, rows = _next_objects(rebuild)
    _correct(rebuild, checking.missing(objects, building=True))
    if not rows:
        _enter(rebuild, Rebuild.Stage.COMPARING)
    return False


def _compare(rebuild: Rebuild) -> bool:
    entries = get_engine().scan(rebuild.last_key, CHUNK, building=True)
    if not entries:
        return _counts_fit(rebuild)
    documents, differences = checking.compare(entries)
    _correct(rebuild, differences)
    checking.count(rebuild.tally, documents)
    rebuild.compared += len(entries)
    rebuild.last_key = entries[-1].key
    return False


STEPS = {
    Rebuild.Stage.FILLING: _fill,
    Rebuild.Stage.COMPLETING: _complete,
    Rebuild.Stage.COMPARING: _compare,
}


def _correct(rebuild: Rebuild, differences: list[checking.Difference]) -> None:
    rest = checking.put_right(differences, get_engine().fill, building=True)
    rebuild.corrected += len(differences) - len(rest)
    if rest:
        some = "; ".join(map(str, rest[:5]))
        raise DoesNotFit(
            f"{len(rest)} documents of the new index do not say what the database "
            f"says, though written {checking.TRIES} times: {some}."
        )


def _counts_fit(rebuild: Rebuild) -> bool:
    """Each document was right when it was looked at; are there as many as should be?

    What was written meanwhile may have come or gone after its key was passed. So many
    may be too few or too many; for more than that all is looked at once more.
    """
    there = get_engine().tally(building=True)
    moved = Counter(name for name, _ in objects_on_the_way(rebuild.look_began_at))
    off = differing_counts(rebuild.tally, there, moved)
    if not off:
        return True
    if not moved or rebuild.look == LOOKS:
        raise DoesNotFit("The new index does not fit the database. " + " ".join(off))
    rebuild.look += 1
    _look(rebuild)
    return False


def differing_counts(told: Tally, there: Tally, moved: Counter) -> list[str]:
    """A sentence for each kind and audience where `moved` does not explain it."""
    off = []
    for kind in sorted({*told, *there}):
        its = [name for name, source in SOURCES.items() if kind in source.kinds]
        slack = sum(moved[name] for name in its or SOURCES)
        should, has = told.get(kind, {}), there.get(kind, {})
        for audience in sorted({*should, *has}):
            wanted, found = should.get(audience, 0), has.get(audience, 0)
            if abs(wanted - found) > slack:
                whom = "all audiences" if audience == ALL else f"audience {audience}"
                off.append(f"{kind}, {whom}: {wanted} expected, {found} in the index.")
    return off


# Whose it is, and how far it is


def _hold(rebuild: Rebuild) -> bool:
    """Take it: one process at a time, until that one is silent for a while."""
    now = timezone.now()
    free = _running(rebuild).filter(held_until__lte=now)
    taken = bool(free.update(held_until=now + HOLD))
    rebuild.refresh_from_db()
    return taken


KEPT = (
    "source",
    "last_pk",
    "done",
    "stage",
    "last_key",
    "compared",
    "corrected",
    "tally",
    "look",
    "look_began_at",
)


def _keep(rebuild: Rebuild) -> bool:
    """Save how far it is, and hold on to it."""
    values = {name: getattr(rebuild, name) for name in KEPT}
    return bool(_running(rebuild).update(held_until=timezone.now() + HOLD, **values))


def _running(rebuild: Rebuild):
    return Rebuild.objects.filter(pk=rebuild.pk, status=Rebuild.Status.RUNNING)


def _finish(rebuild: Rebuild, status: str, reason: str = "") -> bool:
    """False when it was finished otherwise meanwhile."""
    told = {"status": status, "finished_at": timezone.now(), "reason": reason}
    finished = _running(rebuild).update(**told)
    if finished:
        for name, value in told.items():
            setattr(rebuild, name, value)
    return bool(finished)


def _fail(rebuild: Rebuild, reason: str) -> None:
    """The index that answers stays. Nothing to tell when it was aborted meanwhile."""
    if _running(rebuild).exists():
        get_engine().abort_rebuild()
    if _finish(rebuild, Rebuild.Status.FAILED, reason):
        logger.error("The search index was not rebuilt: %s", reason)
