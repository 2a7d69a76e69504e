"""Words made comparable, without case or accents; addresses and numbers of texts."""

import re
import unicodedata

from anyascii import anyascii
from django.utils import text as django_text

_SPELT = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "ß": "ss", "œ": "oe", "đ": "d"})
_TYPED = (("aa", "a"), ("oe", "o"), ("ae", "a"))
_WORD = re.compile(r"\w+")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def fold(text: str) -> str:
    """«Håndbøker», «handboker» and «haandboeker» all become «handboker»."""
    text = text.casefold().translate(_SPELT)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    for typed, letter in _TYPED:
        text = text.replace(typed, letter)
    return text


def slugify(text: str) -> str:
    """For addresses: «Søren Åse» becomes «soren-ase», where Django drops the ø."""
    return django_text.slugify(anyascii(text))


def is_visible(character: str) -> bool:
    """Neither a space nor a control, nor one that turns the direction, nor half one."""
    return unicodedata.category(character)[0] not in "CZ"


def unturned(text: str) -> str:
    """Without signs that turn the direction of all that stands after them."""
    return _TURNS.sub("", text)


def number_in(text: str, digits: int = 18) -> int | None:
    """A whole number as addresses and forms carry it; None for whatever else comes."""
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None


def words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    return _WORD.findall(fold(text))
