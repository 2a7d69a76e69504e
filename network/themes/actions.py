"""Writing many themes at once; a single one is written by Wagtail's editor."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from network.events import publish
from network.languages import CONTENT_LANGUAGES
from network.themes.events import ThemeChanged, ThemeMoved
from network.themes.models import ShippedTheme, Theme, ThemeLabel
from network.themes.tables import (
    ALSO,
    NOTE,
    ThemeRow,
    fingerprint,
    rows_of_themes,
    split_synonyms,
)
from network.themes.vocabulary import vocabulary_changed


@transaction.atomic
def save_themes(rows: Iterable[ThemeRow]) -> None:
    """Write checked rows: new themes come last in their scheme, none is deleted."""
    rows = list(rows)
    if not rows:
        return
    wider = dict(Theme.objects.values_list("pk", "parent"))
    themes = _save_rows(rows)
    _save_labels({themes[row.slug].pk: row for row in rows})
    vocabulary_changed()
    for row in rows:
        theme = themes[row.slug]
        publish(ThemeChanged(theme=theme.pk))
        if wider.get(theme.pk, theme.parent_id) != theme.parent_id:
            publish(ThemeMoved(theme=theme.pk))


def _save_rows(rows: list[ThemeRow]) -> dict[str, Theme]:
    themes = Theme.objects.in_bulk(field_name="slug")
    for row in sorted(rows, key=lambda row: row.parent != ""):
        theme = themes.setdefault(row.slug, Theme(slug=row.slug))
        theme.scheme, theme.code, theme.phase = row.scheme, row.code, row.phase
        theme.parent = themes[row.parent] if row.parent else None
    chosen = [themes[row.slug] for row in rows]
    _put_last([theme for theme in chosen if theme.pk is None])
    for level in (False, True):
        new = [theme for theme in chosen if bool(theme.parent) == level]
        Theme.objects.bulk_create([theme for theme in new if theme.pk is None])
    Theme.objects.bulk_update(chosen, ["scheme", "code", "phase", "parent"])
    return themes


def _put_last(new: list[Theme]) -> None:
    last = dict(
        Theme.objects.order_by().values_list("scheme").annotate(Max("position"))
    )
    for theme in new:
        theme.position = last[theme.scheme] = last.get(theme.scheme, 0) + 1


def _save_labels(rows: dict[int, ThemeRow]) -> None:
    """Labels that stay as they are keep their row, and a note its table lacks."""
    there = defaultdict(dict)
    for label in ThemeLabel.objects.filter(theme__in=rows):
        there[label.theme_id][label.language, label.text] = label
    gone, new = [], []
    for pk, row in rows.items():
        wanted = {(one.language, one.text): one for one in _labels(row, pk)}
        for key, label in there[pk].items():
            if key not in wanted or not _same(label, wanted[key]):
                gone.append(label.pk)
        for key, label in wanted.items():
            if key not in there[pk] or not _same(there[pk][key], label):
                new.append(label)
    ThemeLabel.objects.filter(pk__in=gone).delete()
    ThemeLabel.objects.bulk_create(new)


def _labels(row: ThemeRow, theme: int) -> Iterable[ThemeLabel]:
    for code in CONTENT_LANGUAGES:
        note = getattr(row, NOTE[code]) if code in NOTE else ""
        text = getattr(row, code)
        yield ThemeLabel(
            theme_id=theme, language=code, text=text, note=note, preferred=True
        )
        for text in split_synonyms(getattr(row, ALSO[code])):
            yield ThemeLabel(theme_id=theme, language=code, text=text)


def _same(label: ThemeLabel, wanted: ThemeLabel) -> bool:
    note = wanted.note if wanted.language in NOTE else label.note
    return (label.preferred, label.note) == (wanted.preferred, note)


@transaction.atomic
def load_shipped(rows: list[ThemeRow], overwrite: bool = False) -> tuple[int, int]:
    """Write what we ship where nobody has edited it; answers (written, kept)."""
    there = rows_of_themes()
    shipped = dict(ShippedTheme.objects.values_list("slug", "fingerprint"))
    changed = [row for row in rows if there.get(row.slug) != row]
    chosen = changed if overwrite else _untouched(changed, there, shipped)
    save_themes(chosen)
    kept = {row.slug for row in changed} - {row.slug for row in chosen}
    prints = {row.slug: fingerprint(row) for row in rows if row.slug not in kept}
    ShippedTheme.objects.bulk_create(
        [
            ShippedTheme(slug=slug, fingerprint=print_)
            for slug, print_ in prints.items()
            if shipped.get(slug) != print_
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["fingerprint"],
    )
    return len(chosen), len(kept)


def _untouched(changed, there, shipped) -> list[ThemeRow]:
    """New ones and those as we left them; not what staff made, edited or deleted."""
    ours = [
        row
        for row in changed
        if shipped.get(row.slug)
        == (fingerprint(there[row.slug]) if row.slug in there else None)
    ]
    known = {"", *there, *(row.slug for row in ours)}
    return [row for row in ours if row.parent in known]
