from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.actions import remove_use, use_lesson
from cms.filters import WorkFilter
from cms.forms import UseForm
from cms.models import HomePage, LessonPage, LessonUse, StandardPage, WorkPage
from cms.permissions import can_remove_use, can_use
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


@login_required
@require_POST
def lesson_use(request: HttpRequest, page_id: int) -> HttpResponse:
    """“We used this”, or more about how; pressed twice it is said once."""
    lessons = LessonPage.objects.visible_to(request.user)
    lesson = get_object_or_404(lessons, pk=page_id)
    if not can_use(request.user, lesson):
        raise PermissionDenied
    own = LessonUse.objects.filter(
        person=request.user, translation_key=lesson.translation_key
    )
    form = UseForm(request.POST, user=request.user, use=own.first())
    if form.is_valid():
        language = reader_languages(request)[0]
        use_lesson(lesson, request.user, language=language, **form.cleaned_data)
        messages.success(request, _("Thank you. Others learn from where it leads."))
        return redirect(f"{lesson.url}#used")
    context = {
        "lesson": lesson,
        "form": form,
        "crumbs": [(lesson.title, lesson.url, lesson.language)],
    }
    return render(request, "cms/lesson_use.html", context, status=422)


@login_required
@require_POST
def use_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken back by whoever said it, or taken away by staff."""
    use = get_object_or_404(LessonUse.objects.visible_to(request.user), pk=pk)
    if not can_remove_use(request.user, use):
        raise PermissionDenied
    remove_use(use)
    messages.success(request, _("That is taken back."))
    pages = LessonPage.objects.visible_to(request.user)
    pages = pages.filter(translation_key=use.translation_key)
    page = pages.best_in(reader_languages(request)).first()
    return redirect(f"{page.url}#used")
