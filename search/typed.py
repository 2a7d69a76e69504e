"""The text of a search field in its pieces, so that some can be taken out again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from search.engines.reading import FIELD_OF, NOT, PIECE


@dataclass(frozen=True)
class Piece:
    """A word, a phrase or a field, with its sign: `-lang:pt`."""

    text: str
    field: str = ""
    value: str = ""
    refused: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.field) or self.refused

    @property
    def told(self) -> str:
        """As `Asked.ignored` tells of it."""
        return f"{'-' if self.refused else ''}{self.field}:{self.value}"


def pieces(text: str) -> list[Piece]:
    found, sign = [], ""
    for piece in PIECE.finditer(text):
        if piece["bare"] in NOT and not piece["field"]:
            sign = f"{piece[0]} "
            continue
        name = FIELD_OF.get((piece["field"] or "").lower(), "")
        value = piece["quoted"] if piece["bare"] is None else piece["bare"]
        refused = bool(piece["not"] or sign)
        found.append(Piece(sign + piece[0], name, (value or "").strip(), refused))
        sign = ""
    return found


def with_text(params: QueryDict, kept: Iterable[Piece]) -> QueryDict:
    """The same search with these pieces in its field."""
    rest = params.copy()
    rest.pop("page", None)
    rest["q"] = " ".join(piece.text for piece in kept)
    if not rest["q"]:
        del rest["q"]
    return rest
