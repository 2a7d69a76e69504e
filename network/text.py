"""Words made comparable, in lower case, without accents; and numbers in a text."""

import re
import unicodedata

_SPELT = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "ß": "ss", "œ": "oe", "đ": "d"})
_TYPED = (("aa", "a"), ("oe", "o"), ("ae", "a"))
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """«Håndbøker», «handboker» and «haandboeker» all become «handboker»."""
    text = text.casefold().translate(_SPELT)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    for typed, letter in _TYPED:
        text = text.replace(typed, letter)
    return text


def number_in(text: str, digits: int = 18) -> int | None:
    """A whole number as addresses and forms carry it; None for whatever else comes."""
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None


def words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    return _WORD.findall(fold(text))
