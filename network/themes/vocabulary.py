"""The whole vocabulary in memory: names without queries, themes found in a text.

A few hundred themes are read at once and kept until their version changes, which
each process looks up at most once a second.
"""

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import transaction

from network.languages import NEAR
from network.text import words
from network.themes.models import Theme, ThemeLabel, VocabularyVersion

CHECK_SECONDS = 1.0
LONGEST_LABEL = 10


@dataclass(frozen=True)
class Match:
    """A theme found in a text: which, and the folded words that named it."""

    theme: int
    words: tuple[str, ...]
    language: str


@dataclass
class Vocabulary:
    """`themes` are shared by all who read them: not for changing."""

    themes: dict[int, Theme] = field(default_factory=dict)
    slugs: dict[int, str] = field(default_factory=dict)
    names: dict[int, dict[str, str]] = field(default_factory=dict)
    notes: dict[int, dict[str, str]] = field(default_factory=dict)
    labels: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=dict)
    _by_name: dict[str | None, list[tuple[int, str]]] = field(default_factory=dict)
    lookup: dict[tuple[str, ...], list[tuple[int, str]]] = field(default_factory=dict)

    def name(self, theme: int, language: str | None) -> str:
        """Preferred label, in the nearest language there is; empty if unknown."""
        return _nearest(self.names.get(theme, {}), language)

    def by_name(self, language: str | None) -> list[tuple[int, str]]:
        """(theme, its name) in the order of names; kept for each language."""
        if language not in self._by_name:
            named = [(pk, self.name(pk, language)) for pk in self.slugs]
            self._by_name[language] = sorted(named, key=lambda one: one[1].casefold())
        return self._by_name[language]

    def note(self, theme: int, language: str | None) -> str:
        return _nearest(self.notes.get(theme, {}), language)

    def by_slug(self, slug: str) -> int | None:
        return next((pk for pk, known in self.slugs.items() if known == slug), None)

    def recognise(self, text: str) -> list[Match]:
        """Themes named in `text` by a label or synonym of any language, longest first.

        Each word counts once; a label that several themes share names them all.
        """
        found, rest = words(text), []
        start = 0
        while start < len(found):
            for length in range(min(LONGEST_LABEL, len(found) - start), 0, -1):
                part = tuple(found[start : start + length])
                if part in self.lookup:
                    rest += [Match(pk, part, code) for pk, code in self.lookup[part]]
                    start += length
                    break
            else:
                start += 1
        return list({match.theme: match for match in rest}.values())


def _nearest(texts: dict[str, str], language: str | None) -> str:
    for code in (language, NEAR.get(language or ""), "en"):
        if texts.get(code or ""):
            return texts[code]
    return next(iter(texts.values()), "")


_kept: tuple[uuid.UUID | None, Vocabulary] | None = None
_checked_at = 0.0


def vocabulary() -> Vocabulary:
    """The vocabulary as it stands, at most a second old."""
    global _kept, _checked_at
    kept = _kept
    if kept is not None and time.monotonic() - _checked_at < CHECK_SECONDS:
        return kept[1]
    token = VocabularyVersion.objects.values_list("token", flat=True).first()
    if kept is None or kept[0] != token:
        kept = _kept = (token, _read())
    _checked_at = time.monotonic()
    return kept[1]


def vocabulary_changed() -> None:
    """Called by whatever wrote a theme or a label, within its transaction."""
    VocabularyVersion.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4()})
    forget_vocabulary()
    # Another thread may have read the old one while this transaction was open.
    transaction.on_commit(forget_vocabulary)


def forget_vocabulary() -> None:
    """Read the vocabulary afresh the next time it is asked for, in this process."""
    global _kept
    _kept = None


def _read() -> Vocabulary:
    read = Vocabulary()
    children = defaultdict(list)
    read.themes = {theme.pk: theme for theme in Theme.objects.all()}
    for pk, theme in read.themes.items():
        read.slugs[pk] = theme.slug
        read.names[pk], read.notes[pk], read.labels[pk] = {}, {}, []
        if theme.parent_id:
            theme.parent = read.themes[theme.parent_id]
            children[theme.parent_id].append(pk)
    read.children = dict(children)
    lookup = defaultdict(dict)
    labels = ThemeLabel.objects.order_by("-preferred", "pk")
    told = labels.values_list("theme", "language", "text", "preferred", "note")
    for theme, language, text, preferred, note in told.iterator():
        if theme not in read.themes:  # added since the themes were read
            continue
        read.labels[theme].append((language, text))
        if preferred:
            read.names[theme][language] = text
            if note:
                read.notes[theme][language] = note
        if key := _key(text):
            lookup[key].setdefault(theme, language)
    read.lookup = {key: list(themes.items()) for key, themes in lookup.items()}
    return read


@lru_cache(maxsize=100_000)
def _key(label: str) -> tuple[str, ...]:
    """Kept: after a change of the vocabulary nearly all labels are what they were."""
    return tuple(words(label))


def recognise(text: str) -> list[Match]:
    return vocabulary().recognise(text)


def themes_named(texts: Iterable[str], language: str, most: int = 5) -> list[int]:
    """Themes that tags and a title name, first named first.

    Only by what they are called in `language`, in its neighbour or in English: a
    Portuguese word in an English title means something else.
    """
    known = vocabulary()
    spoken = {language, NEAR.get(language), "en"}
    named = dict.fromkeys(
        match.theme
        for text in texts
        for match in known.recognise(text)
        if any(
            code in spoken and tuple(words(label)) == match.words
            for code, label in known.labels[match.theme]
        )
    )
    return list(named)[:most]
