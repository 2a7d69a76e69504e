"""Themes for tests, named in six languages unless the test says otherwise."""

from network.languages import CONTENT_LANGUAGES
from network.themes.models import Theme, ThemeLabel


def a_theme(slug="host-family", *, also=(), scheme="process", **fields) -> Theme:
    """`also`: (language, synonym) pairs; names are `<slug in words> <language>`."""
    names = fields.pop("names", {})
    theme = Theme.objects.create(slug=slug, scheme=scheme, **fields)
    words = slug.replace("-", " ").capitalize()
    labels = [
        ThemeLabel(
            theme=theme,
            language=code,
            text=names.get(code, f"{words} {code}"),
            preferred=True,
        )
        for code in CONTENT_LANGUAGES
    ]
    labels += [ThemeLabel(theme=theme, language=code, text=text) for code, text in also]
    for label in labels:
        label.save()
    return theme
