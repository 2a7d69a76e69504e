"""The vocabulary as it ships: read as plain CSV, without a database."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from network.text import words

LANGUAGES = ("nn", "nb", "en", "fr", "es", "pt")
SCHEMES = {"sdg", "concern", "sector", "process", "success", "focus"}
COLUMNS = [
    "slug",
    "scheme",
    "parent",
    "code",
    "phase",
    *LANGUAGES,
    *(f"{language}_also" for language in LANGUAGES),
    "note_nn",
    "note_nb",
    "note_en",
]
FILE = Path(__file__).parents[2] / "network" / "themes" / "data" / "themes.csv"


@pytest.fixture(scope="module")
def themes() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def synonyms(theme: dict[str, str], language: str) -> list[str]:
    return [phrase for phrase in theme[f"{language}_also"].split("|") if phrase]


def test_the_columns_are_the_agreed_ones(themes):
    assert all(list(theme) == COLUMNS for theme in themes)


def test_there_are_themes_enough_in_every_scheme(themes):
    counts = Counter(theme["scheme"] for theme in themes)
    assert len(themes) >= 80
    assert set(counts) == SCHEMES
    assert (counts["sdg"], counts["concern"]) == (17, 4)


def test_the_goals_are_numbered_and_nothing_else_is(themes):
    codes = [theme["code"] for theme in themes if theme["scheme"] == "sdg"]
    assert codes == [str(number) for number in range(1, 18)]
    assert not any(theme["code"] for theme in themes if theme["scheme"] != "sdg")


def test_the_steps_of_an_exchange_lie_before_during_or_after_it(themes):
    steps = [theme for theme in themes if theme["scheme"] == "process"]
    assert {theme["phase"] for theme in steps} == {"before", "during", "after"}
    assert not any(t["phase"] for t in themes if t["scheme"] != "process")


def test_slugs_are_unique(themes):
    assert len({theme["slug"] for theme in themes}) == len(themes)


def test_every_parent_is_a_top_theme_of_the_same_scheme(themes):
    by_slug = {theme["slug"]: theme for theme in themes}
    for child in (theme for theme in themes if theme["parent"]):
        parent = by_slug[child["parent"]]
        assert parent["scheme"] == child["scheme"], child["slug"]
        assert parent["parent"] == "", child["slug"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_has_a_label(themes, language):
    assert [theme["slug"] for theme in themes if not theme[language]] == []


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_every_theme_says_in_one_sentence_what_belongs_there(themes, language):
    notes = [theme[f"note_{language}"] for theme in themes]
    assert [note for note in notes if not note.endswith(".")] == []
    assert [note for note in notes if ". " in note] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_is_used_twice_in_a_scheme(themes, language):
    labels = Counter((theme["scheme"], *words(theme[language])) for theme in themes)
    assert [label for label, times in labels.items() if times > 1] == []


def test_there_are_synonyms_enough_in_every_language(themes):
    counts = {
        language: sum(len(synonyms(theme, language)) for theme in themes)
        for language in LANGUAGES
    }
    assert sum(counts.values()) >= 300
    assert min(counts.values()) >= 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_synonym_says_something_the_label_does_not(themes, language):
    for theme in themes:
        said = [tuple(words(phrase)) for phrase in synonyms(theme, language)]
        assert tuple(words(theme[language])) not in said, theme["slug"]
        assert len(set(said)) == len(said), theme["slug"]


def test_a_phrase_means_one_theme_in_whatever_language_it_is_asked(themes):
    """A query does not say its language, so no phrase may point two ways."""
    meant = defaultdict(set)
    for theme in themes:
        for language in LANGUAGES:
            for phrase in [theme[language], *synonyms(theme, language)]:
                meant[tuple(words(phrase))].add(theme["slug"])
    assert {phrase: slugs for phrase, slugs in meant.items() if len(slugs) > 1} == {}


def test_nothing_has_stray_spaces(themes):
    for theme in themes:
        for value in theme.values():
            assert all(part == part.strip() for part in value.split("|")), value
            assert "  " not in value, value
