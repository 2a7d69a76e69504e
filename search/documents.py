"""What the index holds: one document per work, its languages inside it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class SearchDocument:
    """One record of the index.

    `key` names the document, `object_key` what it belongs to. Most objects have one
    document; a person has one for each circle of readers, and every reader matches
    exactly one of them: `audience` says who sees it, `superseded_by` which of those
    see a fuller one instead.
    """

    key: str
    source: str
    object_key: str
    kind: str
    title: dict[str, str]
    summary: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    themes: list[int] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)
    phase: list[str] = field(default_factory=list)
    outcome: str = ""
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
