from html import unescape

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from forums.models import Forum
from forums.permissions import can_start
from network.audience import audiences_of
from network.htmx import is_htmx
from network.themes.models import Theme
from search import explorer as maps
from search import facets, log, queries, thin
from search.engines.base import EngineError
from search.heatmap import draw

GROUPS = {
    "people": _("People"),
    "themes": _("Themes"),
    "knowledge": _("Knowledge"),
    "discussions": _("Discussions"),
}
TYPED_MOST = 100


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """One page for all of it: found, nothing found, and the engine away."""
    found = queries.find(request, request.GET)
    log.note(request, found)
    audiences = audiences_of(request.user)
    context = {
        "found": found,
        "facets": facets.facets_of(found, audiences),
        "chips": facets.chips_of(found, request.GET, audiences),
        "name_chips": facets.name_chips(found, request.GET),
        "is_part": is_htmx(request),
        "hidden": hidden_fields(request),
        "clear_url": facets.only(request.GET, "q"),
        "themes": themes_to_try() if found.down or not found.total else [],
        "forums": [] if found.down or found.total else forums_to_ask(request, found),
    }
    template = "search/_results.html" if context["is_part"] else "search/search.html"
    return render(request, template, context)


def hidden_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form of the facets carries on beside its own boxes."""
    return [
        (name, value)
        for name in ("q", "sort", "plain")
        for value in request.GET.getlist(name)
    ]


def themes_to_try() -> list[Theme]:
    """A way on when search has none: the goals and concerns everything hangs on."""
    schemes = (Theme.Scheme.CONCERN, Theme.Scheme.FOCUS, Theme.Scheme.SECTOR)
    return list(Theme.objects.filter(scheme__in=schemes, parent=None)[:16])


def forums_to_ask(request: HttpRequest, found: queries.Found) -> list[Forum]:
    """Where the reader may ask; what is about a theme of the question comes first."""
    named = found.answer.named if found.answer else []
    themes = [one.name.value for one in named if one.name.facet == "theme"]
    about = Exists(Forum.themes.through.objects.filter(
        forum=OuterRef("pk"), theme__in=themes
    ))  # fmt: skip
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    near = forums.annotate(about=about).order_by("-about", "position", "name")
    return [forum for forum in near if can_start(request.user, forum)][:3]


@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """Themes crossed with where, when and how: each number is that of a search."""
    found = maps.explore(request)
    context = {
        "found": found,
        "choices": maps.choices_of(found),
        "hidden": maps.carried(found),
        "chips": maps.chips_of(found, request),
        "drawing": draw(found) if found.is_drawn and found.columns else None,
        "themes": themes_to_try() if found.down or found.is_empty else [],
        "sees_thin": getattr(request.user, "acts_as_staff", False),
    }
    return render(request, "search/explorer.html", context)


@require_safe
def explorer_thin(request: HttpRequest) -> HttpResponse:
    """The same turned round, for staff: where many were and little is written."""
    if not getattr(request.user, "acts_as_staff", False):
        raise Http404
    by = request.GET.get("by")
    by = by if by in thin.PLACES else "country"
    found = thin.thinnest(request, by)
    context = {
        "found": found,
        "by": by,
        "label": facets.LABELS[by],
        "places": [(place, facets.LABELS[place]) for place in thin.PLACES],
        "years": thin.YEARS,
        "few": thin.FEW,
        "weight": thin.WEIGHT_OF_FEW,
        "themes": themes_to_try() if found is None else [],
    }
    return render(request, "search/explorer_thin.html", context)


@require_safe
@vary_on_headers("Accept")
def suggest(request: HttpRequest) -> HttpResponse:
    """Completions while typing: a part of a page, or JSON for whoever asks for it."""
    text = request.GET.get("q", "")[:TYPED_MOST]
    try:
        found = queries.suggest(request, text) if text.strip() else {}
    except EngineError:
        found = {}
    for theme in found.get("themes", []):
        theme["url"] = reverse("themes:theme_detail", args=[theme["slug"]])
    groups = [(name, GROUPS[name], found[name]) for name in found]
    if (
        request.get_preferred_type(["text/html", "application/json"])
        == "application/json"
    ):
        return JsonResponse({"groups": [as_json(*group) for group in groups]})
    return render(request, "search/_suggest.html", {"groups": groups, "q": text})


def as_json(name: str, label: str, items: list[dict]) -> dict:
    keys = ("kind", "title", "url", "language")
    return {
        "group": name,
        "label": label,
        "items": [
            {key: unescape(strip_tags(item.get(key, ""))) for key in keys}
            for item in items
        ],
    }
