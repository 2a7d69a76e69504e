"""What the index holds: one document per work, its languages inside it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime


@dataclass(slots=True)
class SearchDocument:
    """One record of the index.

    `key` names the document, `object_key` what it belongs to. Most objects have one
    document; a person has one for each circle of readers, and every reader matches
    exactly one of them: `audience` says who sees it, `superseded_by` which of those
    see a fuller one instead. `anchors` are the places in a body that have an address
    of their own, by language: (where it begins, what stands after #), in order.
    """

    key: str
    source: str
    object_key: str
    kind: str
    title: dict[str, str]
    summary: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    themes: list[int] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)
    phase: list[str] = field(default_factory=list)
    outcome: str = ""
    levels: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    evidence: int = 0
    at: datetime | None = None
    reuse: int = 0
    url: str = ""
    audience: list[str] = field(default_factory=list)
    superseded_by: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.languages = self.languages or self.text_languages()

    def text_languages(self) -> list[str]:
        """The languages it has words in, in the order they were given."""
        return list(dict.fromkeys([*self.title, *self.summary, *self.body]))

    @property
    def years(self) -> list[str]:
        return [str(self.at.year)] if self.at else []

    def digest(self) -> str:
        """The same for the same content: what a check of the index compares."""
        told = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.blake2b(
            told.encode("utf-8", "replace"), digest_size=12
        ).hexdigest()
