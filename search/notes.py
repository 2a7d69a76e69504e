"""What stands above the results: how the question was taken, and what to do better."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from search.engines.languages import STOPWORDS
from search.engines.reading import WORD
from search.facets import LABELS
from search.queries import Found
from search.typed import pieces


def notes_of(found: Found) -> dict:
    """`meant` is the question with its slips put right, as HTML."""
    asked, words = found.asked, found.asked.words
    looked_for = words or words.without or words.fields
    plain = " ".join(one.text for one in pieces(asked.text) if not one.field)
    return {
        "typed": plain,
        "meant": put_right(plain, found.answer.slips if found.answer else []),
        "common": is_common(found),
        "wordless": bool(asked.text) and not looked_for,
        "unknown": [as_unknown(told) for told in asked.ignored],
    }


def put_right(text: str, slips: list[tuple[str, str]]) -> SafeString:
    """The words as they were typed, but for those that were put right."""
    if not slips:
        return mark_safe("")
    better, out, at = dict(slips), [], 0
    for word in WORD.finditer(text):
        if meant := better.get(word[0].lower()):
            out += [format_html("{}<b>{}</b>", text[at : word.start()], meant)]
            at = word.end()
    return mark_safe("".join([*out, format_html("{}", text[at:])]))


def is_common(found: Found) -> bool:
    """Nothing but words that every text has, in a language the reader may mean.

    One short word means something in some other language: there only the reader's
    own and English count.
    """
    words = set(found.asked.words.words)
    if not words or found.asked.words.groups:
        return False
    own = {get_language(), "en"}
    languages = STOPWORDS if len(words) > 1 else own & STOPWORDS.keys()
    return any(words <= STOPWORDS[language] for language in languages)


def as_unknown(told: str) -> dict:
    """What was left out: of what it was, and the value that nothing goes by."""
    name, _colon, value = told.partition(":")
    refused, name = name.startswith("-"), name.lstrip("-")
    known = {"after": "date", "before": "date"}
    return {
        "sort": "by" if name == "by" else known.get(name, name),
        "label": LABELS.get(name, name),
        "value": value,
        "typed": told,
        "refused": refused,
    }
