"""What is known of the six languages beside their grammar: lists, kept by hand.

stopwords.txt   words that find nothing by themselves
irregular.txt   forms that no stemmer joins
variants.txt    words of one meaning in the two forms of Norwegian
compounds.txt   words that Norwegian compounds of our vocabulary are made of

Another list is another analysis: the index must be built anew after a change (VERSION).
"""

import re
from functools import cache
from pathlib import Path

from network.text import fold

VERSION = "7"  # of the lists and the analysis: another one asks for a rebuild
LANGUAGES = ("nn", "nb", "en", "fr", "es", "pt")
OTHER = "xx"  # every language without an analysis of its own
FIELDS = (*LANGUAGES, OTHER)
NORWEGIAN = ("nn", "nb")
STEMMERS = {  # Snowball's, in both engines
    "nn": "norwegian",
    "nb": "norwegian",
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
}


def field_of(language: str) -> str:
    return language if language in LANGUAGES else OTHER


@cache
def sections(name: str) -> dict[str, list[str]]:
    """Lines of a list by language; a heading may name several."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    lines: dict[str, list[str]] = {}
    for heading, body in re.findall(r"^\[([\w ]+)\]\n([^\[]+)", text, re.MULTILINE):
        found = [line for line in body.splitlines() if line and line[0] != "#"]
        for language in heading.split():
            lines.setdefault(language, []).extend(found)
    return lines


STOPWORDS: dict[str, frozenset[str]] = {
    language: frozenset(" ".join(lines).split())
    # Norwegian as it is typed without its letters; elsewhere an accent tells apart.
    | frozenset(fold(" ".join(lines)).split() if language in NORWEGIAN else ())
    for language, lines in sections("stopwords").items()
}
ANY_STOPWORD = frozenset().union(*STOPWORDS.values())


def irregular(language: str) -> dict[str, str]:
    """Form -> what the dictionary says; the first entry that has it counts."""
    found: dict[str, str] = {}
    for line in sections("irregular").get(language, []):
        base, _colon, forms = line.partition(":")
        for form in forms.split():
            found.setdefault(form, base.strip())
    return found


def variants() -> list[list[str]]:
    """Words of one meaning, the one that stands for all of them first."""
    return [line.split() for line in sections("variants")["nn"]]


def parts() -> list[str]:
    return " ".join(sections("compounds")["nn"]).split()
