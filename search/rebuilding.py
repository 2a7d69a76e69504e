"""Building the whole index anew, in steps that any process may carry on."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from network.events import publish, subscribe
from search.engines import get_engine
from search.engines.base import EngineDown, EngineError
from search.events import RebuildRequested
from search.indexing import CHUNK, writes_for
from search.models import Rebuild
from search.registry import SOURCES

# Shorter than a delivery's lease: after a crash the next delivery finds it free.
HOLD = timedelta(seconds=30)
STEP_SECONDS = 15


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
    _finish(rebuild, Rebuild.Status.ABORTED)
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
    fresh = rebuild.begun and rebuild.engine == engine.name
    if not fresh or not engine.is_rebuilding():
        _begin(rebuild)
    while time.monotonic() < until:
        chunk = _next_chunk(rebuild)
        if chunk is None:
            engine.commit_rebuild()
            _finish(rebuild, Rebuild.Status.DONE)
        else:
            engine.fill(writes_for(chunk))
        report(rebuild)
        if chunk is None or not _keep(rebuild):  # finished, or aborted meanwhile
            return True
    return False


def _begin(rebuild: Rebuild) -> None:
    engine = get_engine()
    engine.begin_rebuild()
    rebuild.engine = engine.name
    rebuild.begun, rebuild.done, rebuild.last_pk = True, 0, 0
    rebuild.source = next(iter(SOURCES))
    rebuild.total = sum(source.rows().count() for source in SOURCES.values())
    rebuild.save()


def _next_chunk(rebuild: Rebuild) -> list[tuple[str, str]] | None:
    """Moves the marker on; what it passed is in the index when `_keep` saves it."""
    names = list(SOURCES)
    for name in names[names.index(rebuild.source) :]:
        source = SOURCES[name]
        after = rebuild.last_pk if name == rebuild.source else 0
        rows = list(source.rows().filter(pk__gt=after)[:CHUNK])
        if rows:
            rebuild.source, rebuild.last_pk = name, rows[-1].pk
            rebuild.done += len(rows)
            return list(dict.fromkeys((name, source.object_key(row)) for row in rows))
    return None


def _hold(rebuild: Rebuild) -> bool:
    """Take it: one process at a time, until that one is silent for a while."""
    now = timezone.now()
    free = _running(rebuild).filter(held_until__lte=now)
    taken = bool(free.update(held_until=now + HOLD))
    rebuild.refresh_from_db()
    return taken


def _keep(rebuild: Rebuild) -> bool:
    """Save how far it is, and hold on to it."""
    return bool(
        _running(rebuild).update(
            held_until=timezone.now() + HOLD,
            source=rebuild.source,
            last_pk=rebuild.last_pk,
            done=rebuild.done,
        )
    )


def _running(rebuild: Rebuild):
    return Rebuild.objects.filter(pk=rebuild.pk, status=Rebuild.Status.RUNNING)


def _finish(rebuild: Rebuild, status: str) -> None:
    rebuild.status, rebuild.finished_at = status, timezone.now()
    rebuild.save(update_fields=["status", "finished_at", "done"])
