"""The one engine this process uses, chosen by ELASTICSEARCH_URL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from search.engines.base import Engine
from search.engines.naming import Naming

_engine: Engine | None = None


def get_engine() -> Engine:
    global _engine
    if _engine is None:
        _engine = build_engine()
    return _engine


def build_engine() -> Engine:
    if settings.ELASTICSEARCH_URL:
        from search.engines.elastic import ElasticEngine

        return ElasticEngine(
            settings.ELASTICSEARCH_URL,
            settings.SEARCH_INDEX,
            shards=settings.SEARCH_SHARDS,
            replicas=settings.SEARCH_REPLICAS,
            naming=names_known,
        )
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.VAR / "index", names_known)


def names_known() -> Naming:
    """Of themes, countries and organisations, as they stand now."""
    from search.lexicon import naming

    return naming()


@contextmanager
def using(engine: Engine) -> Iterator[Engine]:
    """Another engine for a while: for tests and for measuring."""
    global _engine
    before, _engine = _engine, engine
    try:
        yield engine
    finally:
        _engine = before
