"""Themes named in a text, in any of the six languages; names without queries."""

import pytest
from django.db import transaction
from django.utils.translation import override

from network.models import OutboxEvent
from network.themes import vocabulary as module
from network.themes.events import ThemeChanged
from network.themes.models import ThemeLabel, VocabularyVersion
from network.themes.vocabulary import recognise, vocabulary
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db
NAMES = {
    "nn": "Vertsfamilie",
    "nb": "Vertsfamilie",
    "en": "Host family",
    "fr": "Famille d’accueil",
    "es": "Familia anfitriona",
    "pt": "Família de acolhimento",
}


def found(text: str) -> list[str]:
    slugs = vocabulary().slugs
    return [slugs[match.theme] for match in recognise(text)]


@pytest.mark.parametrize(
    "text",
    [
        "bu i ein vertsfamilie",
        "VERTSFAMILIE?",
        "living with a host family in Nepal",
        "une famille d’accueil à Bergen",
        "una familia anfitriona",
        "familia de acolhimento",
        "família de acolhimento",
    ],
)
def test_a_theme_is_recognised_in_six_languages_with_or_without_accents(text):
    a_theme(names=NAMES)
    assert found(text) == ["host-family"]


def test_the_longest_label_wins_and_each_word_counts_once():
    a_theme("family", names=dict.fromkeys(NAMES, "Family"))
    a_theme(names=NAMES)
    assert found("host family") == ["host-family"]
    assert found("family of a host family") == ["family", "host-family"]


def test_a_label_that_two_themes_share_names_both():
    a_theme("sdg-5", scheme="sdg", also=[("en", "equality")])
    a_theme("womens-rights", scheme="concern", also=[("en", "equality")])
    assert set(found("on equality")) == {"sdg-5", "womens-rights"}


@pytest.mark.parametrize("typed", ["mødrehelse", "modrehelse", "moedrehelse"])
def test_norwegian_letters_may_be_spelt_out(typed):
    a_theme("maternal-health", names={"nb": "Mødrehelse"})
    assert found(typed) == ["maternal-health"]


def test_names_take_no_queries(django_assert_num_queries):
    themes = [a_theme(f"theme-{number}") for number in range(5)]
    vocabulary()
    with django_assert_num_queries(0), override("nn"):
        assert {theme.name for theme in themes} >= {"Theme 0 nn", "Theme 4 nn"}
        recognise("theme 3 fr")


def test_a_name_falls_back_to_the_neighbour_then_to_english():
    theme = a_theme()
    ThemeLabel.objects.filter(language="nn").delete()
    assert vocabulary().name(theme.pk, "nn") == "Host family nb"
    ThemeLabel.objects.filter(language="nb").delete()
    assert vocabulary().name(theme.pk, "nn") == "Host family en"


def test_another_process_hears_of_a_change_by_the_version(monkeypatch):
    theme = a_theme()
    assert vocabulary().name(theme.pk, "en") == "Host family en"
    monkeypatch.setattr(module, "CHECK_SECONDS", 0)
    ThemeLabel.objects.filter(language="en").update(text="Home stay")
    assert vocabulary().name(theme.pk, "en") == "Host family en"
    VocabularyVersion.objects.update(token="00000000-0000-4000-8000-000000000001")
    assert vocabulary().name(theme.pk, "en") == "Home stay"


def test_a_change_that_is_undone_is_forgotten():
    theme = a_theme()
    with pytest.raises(RuntimeError), transaction.atomic():
        theme.labels.get(language="en").delete()
        assert vocabulary().names[theme.pk].get("en") is None
        raise RuntimeError
    module.forget_vocabulary()
    assert vocabulary().name(theme.pk, "en") == "Host family en"


def test_a_changed_theme_is_announced():
    theme = a_theme()
    pk = theme.pk
    OutboxEvent.objects.all().delete()
    theme.delete()
    (event,) = OutboxEvent.objects.filter(kind=ThemeChanged.kind)
    assert event.data == {"theme": pk}
