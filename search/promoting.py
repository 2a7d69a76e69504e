"""What editors put first.

Read again when the vocabulary's version changes, as the lexicon is, which every edit of
it or of synonyms does: effect at once in each process, and no query on a search page.
"""

from dataclasses import dataclass, field, replace

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.html import escape

from network.languages import CONTENT_LANGUAGES, reader_languages
from network.themes.vocabulary import Vocabulary, vocabulary, vocabulary_changed
from search.asked import Asked
from search.engines.base import Hit
from search.engines.reading import Words
from search.lexicon import Lexicon, Name, Named
from search.models import PromotedResult, Synonym
from search.registry import source_of

MOST_SHOWN = 3
MOST_TRIED = 12  # some of them the reader may not see


@dataclass(slots=True)
class Promoted(Hit):
    """A hit that editors chose; what it says is read from the work (`told_by`)."""


@dataclass
class Promotions:
    """`rows` in the editors' order; `phrases` knows their queries as names."""

    rows: dict[int, PromotedResult] = field(default_factory=dict)
    hits: dict[int, Promoted] = field(default_factory=dict)
    phrases: Lexicon = field(default_factory=Lexicon)


_kept: tuple[Vocabulary | None, Promotions] = (None, Promotions())


def promotions() -> Promotions:
    """As they stand, at most a second old."""
    global _kept
    known = vocabulary()
    if _kept[0] is not known:
        _kept = (known, _read())
    return _kept[1]


def _read() -> Promotions:
    found = Promotions()
    for row in PromotedResult.objects.select_related("page"):
        source = source_of(row.page)
        if source is None:
            continue
        found.rows[row.pk] = row
        found.hits[row.pk] = Promoted(
            key="", object_key=source.object_key(row.page), source=source.name,
            kind=row.page.kind, score=0.0, language="", languages=[], title="",
            passage="",
        )  # fmt: skip
        labels = [(code, one) for one in row.phrase_list for code in CONTENT_LANGUAGES]
        found.phrases.add(Name("promoted", row.pk), labels)
    return found


@receiver([post_save, post_delete], sender=PromotedResult)
@receiver([post_save, post_delete], sender=Synonym)
def renew(raw=False, **kwargs):
    """Wagtail's editor owns the write."""
    if not raw:
        vocabulary_changed()


def promoted(asked: Asked, words: Words, named: list[Named]) -> list[Promoted]:
    """What stands first for these words: on the first page of a search as it is."""
    known = promotions()
    as_it_is = asked.page == 1 and asked.sort == "best" and not asked.narrowed
    if not known.rows or not as_it_is:
        return []
    parts = [words.words, *(term.words for group in words.groups for term in group)]
    meant = {
        one.name.value
        for part in parts
        for one in known.phrases.recognise(part, frozenset())
    }
    themes = {one.name.value for one in named if one.name.facet == "theme"}
    today = timezone.localdate()
    chosen = {
        known.hits[pk].object_key: known.hits[pk]
        for pk, row in known.rows.items()
        if (pk in meant or row.theme_id in themes) and row.is_shown_on(today)
    }
    return list(chosen.values())[:MOST_TRIED]


def told_by(hit: Promoted, pages: dict, request) -> Promoted:
    """In the words of the page that this reader reads best, of those they may see."""
    language = next(code for code in reader_languages(request) if code in pages)
    page = pages[language]
    lesson = getattr(page, "lessonpage", None)
    summary = page.summary or (lesson.challenge if lesson else "")
    return replace(
        hit,
        language=language,
        languages=list(pages),
        title=escape(page.title),
        passage=escape(summary),
    )


def parted(items: list[dict]) -> tuple[list[dict], list[dict]]:
    """What stands first, and the hits below: a work is shown once."""
    first = [item for item in items if item["promoted"]][:MOST_SHOWN]
    shown = {item["object_key"] for item in first}
    below = [
        item
        for item in items
        if not item["promoted"] and item["object_key"] not in shown
    ]
    return first, below
