"""First texts of the pages every network needs; the editors take over from there."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.translation import override

from cms.models import HomePage, StandardPage
from network.markdown import render

CONTENT = Path(__file__).parent / "content"
KEYS = (
    "about",
    "privacy",
    "accessibility",
    "conduct",
    "contact",
    "thinking-of-exchange",
    "open-source",
)
# The one Norwegian form of each is nynorsk.
LOCALES = {"nn": "nb", "en": "en"}


@transaction.atomic
def create_standard_pages() -> int:
    """Create those that are missing; what is there, also a draft, stays as it is."""
    made = 0
    for key in KEYS:
        for language, locale in LOCALES.items():
            home = HomePage.objects.get(locale__language_code=locale)
            pages = StandardPage.objects.filter(key=key)
            if not pages.filter(locale=home.locale).exists():
                _create(home, key, language, pages.first())
                made += 1
    return made


def _create(home: HomePage, key: str, language: str, translation) -> None:
    facts, text = _read(key, language)
    page = StandardPage(
        key=key,
        slug=key,
        language=language,
        locale=home.locale,
        body=[("text", render(text))],
        **facts,
    )
    if translation:
        page.translation_key = translation.translation_key
    with override(language):
        home.add_child(instance=page)
        page.save_revision().publish()


def _read(key: str, language: str) -> tuple[dict, str]:
    """Title and summary (TOML between lines of +++), and the text (Markdown)."""
    content = (CONTENT / f"{key}.{language}.md").read_text()
    _, head, text = content.split("+++\n", 2)
    return tomllib.loads(head), text
