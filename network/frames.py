"""What a page may send over its socket; anything else is no frame."""

import json
from dataclasses import dataclass, field
from sys import intern


@dataclass(frozen=True)
class Frame:
    """listen: targets to hear of. here, away: a target one looks at, or has left."""

    listen: set[str] = field(default_factory=set)
    here: str = ""
    away: str = ""
    writing: bool = False


def read_frame(text: str | None) -> Frame | None:
    """The frame, if it asks for exactly one of the things that one can ask for."""
    try:
        said = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    match said:
        case {"listen": list(wished), **rest} if not rest:
            texts = all(isinstance(one, str) for one in wished)
            return Frame(listen=set(map(intern, wished))) if texts else None
        case {"here": str(target), "writing": bool(writing), **rest} if not rest:
            return Frame(here=target, writing=writing)
        case {"here": str(target), **rest} if not rest:
            return Frame(here=target)
        case {"away": str(target), **rest} if not rest:
            return Frame(away=target)
    return None
