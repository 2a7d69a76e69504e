from html import unescape
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cms.queries import works_visible_to
from forums.home import where_people_talk
from forums.models import Forum
from forums.permissions import can_start
from network.audience import audiences_of
from network.htmx import is_htmx
from network.languages import reader_languages
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary
from search import explorer as maps
from search import facets, log, queries, thin, widening
from search.engines.base import EngineError
from search.explaining import may_explain
from search.heatmap import draw
from search.notes import notes_of

GROUPS = {
    "people": _("People"),
    "themes": _("Themes"),
    "knowledge": _("Knowledge"),
    "discussions": _("Discussions"),
}
TYPED_MOST = 100
MOST_READ = 4
UNSAID = {("page", "1"), ("sort", "best"), ("exact", "0")}  # so it is anyway


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """One page for all of it: found, nothing found, and the engine away."""
    if not is_htmx(request) and (short := shorter(request.GET)) is not None:
        return redirect(f"{request.path}?{short}" if short else request.path)
    found = queries.find(request, request.GET)
    log.note(request, found)
    audiences = audiences_of(request.user)
    context = {
        "found": found,
        "notes": notes_of(found),
        "facets": facets.facets_of(found, audiences),
        "chips": facets.chips_of(found, request.GET, audiences),
        "name_chips": facets.name_chips(found, request.GET),
        "is_part": is_htmx(request),
        "hidden": hidden_fields(request),
        "clear_url": facets.clear_url(found, request.GET),
        "sees_why": sees_why(request.user),
    }
    if found.down:
        context |= {"themes": themes_to_try(), **lists_to_read(request)}
    elif not found.total:
        context |= ways_to_try(request, found)
    template = "search/_results.html" if context["is_part"] else "search/search.html"
    return render(request, template, context)


def shorter(params: QueryDict) -> str | None:
    """The address without what says nothing; None if it is as short as it can be."""
    given = [(name, value) for name, values in params.lists() for value in values]
    said = [one for one in dict.fromkeys(given) if one[1] and one not in UNSAID]
    return urlencode(said) if len(said) < len(given) else None


def hidden_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form of the facets carries on beside its own boxes."""
    return [
        (name, value) for name in facets.CARRIED for value in request.GET.getlist(name)
    ]


def ways_to_try(request: HttpRequest, found: queries.Found) -> dict:
    """Where nothing was found: with less, by theme, and somebody to ask."""
    near = themes_near(found)
    return {
        "ways": widening.ways_on(request, found),
        "themes": near or themes_to_try(),
        "themes_are_near": bool(near),
        "forums": forums_to_ask(request, found),
    }


def lists_to_read(request: HttpRequest) -> dict:
    """What is new, straight from the database."""
    works = works_visible_to(request.user, reader_languages(request))
    newest = works.select_related("lessonpage").order_by("-published_on", "-pk")
    talk = where_people_talk(request)
    return {
        "works": [work.item for work in newest[:MOST_READ]],
        "threads": talk.context["items"] if talk else [],
    }


def themes_near(found: queries.Found) -> list[Theme]:
    """The themes that the question names, with what is wider and narrower."""
    known = vocabulary()
    named = [x.name.value for x in found.answer.named if x.name.facet == "theme"]
    near = [
        [pk, known.themes[pk].parent_id, *known.children.get(pk, [])] for pk in named
    ]
    return [known.themes[pk] for one in near for pk in dict.fromkeys(one) if pk][:16]


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
        "notes": notes_of(found),
        "choices": maps.choices_of(found),
        "hidden": maps.carried(found),
        "chips": maps.chips_of(found, request),
        "drawing": draw(found) if found.is_drawn and found.columns else None,
        "sees_thin": sees_thin(request.user),
    }
    if found.down or found.is_empty:
        context["themes"] = themes_to_try()
    return render(request, "search/explorer.html", context)


@require_safe
def explorer_thin(request: HttpRequest) -> HttpResponse:
    """The same turned round, for staff: where many were and little is written."""
    if not sees_thin(request.user):
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


def sees_thin(user) -> bool:
    return bool(getattr(user, "acts_as_staff", False))


def sees_why(user) -> bool:
    """Asked of the database for those who open the editor only."""
    return bool(getattr(user, "opens_editor", False)) and may_explain(user)


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
