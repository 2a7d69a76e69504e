from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from network.themes.models import Theme
from network.themes.overview import KEY, overview
from network.themes.vocabulary import vocabulary
from search import queries

# What a theme's page shows, and the kinds that belong to each part of it.
PARTS = {
    "lessons": ["lesson"],
    "articles": ["article", "story", "guide"],
    "discussions": ["question", "discussion", "experience"],
    "people": ["person"],
    "organisations": ["organisation"],
}
TITLES = {
    "lessons": _("Lessons"),
    "articles": _("Articles and stories"),
    "discussions": _("Discussions"),
    "people": _("People"),
    "organisations": _("Organisations"),
}
SHOWN = 4
FEW_WORDS = 8  # that find a theme, shown at once


@require_safe
def theme_list(request: HttpRequest) -> HttpResponse:
    found = overview(queries.count_by_theme(request))
    return render(request, "themes/theme_list.html", {"overview": found, "key": KEY})


@require_safe
def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    known = vocabulary()
    theme = known.themes.get(known.by_slug(slug))
    if theme is None:
        raise Http404
    found = queries.about_theme(theme.pk, request, PARTS, SHOWN)
    parts = {name: _part(theme, name, group) for name, group in (found or {}).items()}
    context = {
        "theme": theme,
        "also": _also(theme),
        "elsewhere": _elsewhere(theme),
        "near": _near(theme),
        "parts": parts,
        "down": found is None,
        "total": sum(part["total"] for part in parts.values()),
        "search_url": _search_url(theme),
    }
    return render(request, "themes/theme_detail.html", context)


def _part(theme: Theme, name: str, group: queries.Group) -> dict:
    return {
        "name": name,
        "title": TITLES[name],
        "items": group.items,
        "total": group.total,
        "url": _search_url(theme, kind=PARTS[name]),
    }


def _search_url(theme: Theme, **narrowing) -> str:
    query = urlencode({"theme": theme.slug, **narrowing}, doseq=True)
    return f"{reverse('search:search')}?{query}"


def _also(theme: Theme) -> dict[str, list[str]]:
    """Words that find it, in the reader's language: a few, and the rest."""
    own, language = theme.name, get_language()
    labels = vocabulary().labels[theme.pk]
    words = [text for code, text in labels if code == language and text != own]
    few = len(words) if len(words) <= FEW_WORDS + 2 else FEW_WORDS  # no door for two
    return {"first": words[:few], "rest": words[few:]}


def _elsewhere(theme: Theme) -> list[tuple[str, str]]:
    """(language, name) in the other languages, where it is another name."""
    said, elsewhere = {theme.name}, []
    for code, name in vocabulary().names[theme.pk].items():
        if code != get_language() and name not in said:
            said.add(name)
            elsewhere.append((code, name))
    return elsewhere


def _near(theme: Theme) -> dict[str, list[Theme]]:
    """Narrower themes, and those that stand beside it under the same wider one."""
    known = vocabulary()
    below = {pk: known.children.get(pk, []) for pk in (theme.pk, theme.parent_id)}
    return {
        "narrower": [known.themes[pk] for pk in below[theme.pk]],
        "beside": [known.themes[pk] for pk in below[theme.parent_id] if pk != theme.pk],
    }
