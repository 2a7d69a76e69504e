"""What can be found: one source a kind of row, in sources.py."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet

from search.documents import SearchDocument
from search.engines.base import Hit

SOURCES: dict[str, "Source"] = {}


def register(source: type["Source"]) -> type["Source"]:
    SOURCES[source.name] = source()
    return source


class Source:
    """Turns rows into documents, and hits back into what is shown of those rows.

    An object key is `prefix.id` and names all documents of one object; `variants`
    are the endings of their keys, so that what is no longer said can be removed.
    """

    name: str
    prefix: str
    model: type[Model]
    kinds: tuple[str, ...]
    variants: tuple[str, ...] = ("",)

    def rows(self) -> QuerySet:
        """All rows that may enter the index; those that do not have no documents."""
        return self.model._default_manager.order_by("pk")

    def object_key(self, row: Model) -> str:
        return f"{self.prefix}.{row.pk}"

    def document_keys(self, object_key: str) -> list[str]:
        return [object_key + ending for ending in self.variants]

    def load(self, object_keys: list[str]) -> list:
        """The objects as they are now, with all that `documents` reads."""
        raise NotImplementedError

    def documents(self, loaded) -> list[SearchDocument]:
        raise NotImplementedError

    def keys_within(self, key: str) -> Iterable[str]:
        """Object keys of the rows that stand below `forum.5`, `page.12`, …"""
        return []

    def visible_to(self, user, object_keys: list[str]) -> dict[str, object]:
        """What of these the user may see: object key -> row, in one query."""
        raise NotImplementedError

    def item(self, row, hit: Hit, request) -> dict:
        """What includes/_item.html shows, beside the title and passage of the hit."""
        raise NotImplementedError

    def ids(self, object_keys: Iterable[str]) -> list[str]:
        return [key.partition(".")[2] for key in object_keys]


def source_of(row: Model) -> Source | None:
    return next((s for s in SOURCES.values() if isinstance(row, s.model)), None)
