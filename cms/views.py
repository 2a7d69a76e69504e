from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.files import find_file, send_file
from cms.filters import WorkFilter
from cms.models import HomePage, StandardPage, WorkPage
from network.htmx import is_htmx
from network.languages import reader_languages
from network.pagination import page_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page in the reader's best language, here and not by redirect."""
    return _serve_best(request, HomePage.objects.all())


@require_safe
def standard_page(request: HttpRequest, key: str) -> HttpResponse:
    """A page the footer leads to, at an address of its own in every language."""
    return _serve_best(request, StandardPage.objects.filter(key=key))


def _serve_best(request: HttpRequest, pages) -> HttpResponse:
    visible = pages.visible_to(request.user)
    page = visible.best_in(reader_languages(request)).order_by("pk").first()
    if page is None:
        raise Http404
    return page.serve(request)


@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """All knowledge the reader may see, each work once, narrowed by its facts."""
    languages = reader_languages(request)
    narrowed = WorkFilter(request.GET, WorkPage.objects.visible_to(request.user))
    works = narrowed.qs.best_in(languages).select_related("lessonpage")
    context = {
        "filter": narrowed,
        "page": page_of(request, works.order_by("-published_on", "-pk")),
        "empty_actions": [(_("All knowledge"), reverse("cms:work_list"))],
    }
    template = "cms/_work_list.html" if is_htmx(request) else "cms/work_list.html"
    return render(request, template, context)


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """A picture, one of its sizes or a document, for whoever may see it."""
    found = find_file(name, request.user)
    if found is None:
        raise Http404
    return send_file(request, found)
