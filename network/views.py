from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_POST

from network.back import back
from network.htmx import is_htmx
from network.languages import UI_LANGUAGES


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive, says nothing more."""
    return HttpResponse("ok", content_type="text/plain")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the interface's language: on the account if signed in, and here."""
    language = request.POST.get("language")
    answer = redirect(back(request, "/"))
    if language in UI_LANGUAGES:
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 60 * 60,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return answer


def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name none: feeds, files, Django's admin."""
    return redirect(static("icons/favicon-32.png"))


def editor_login(request: HttpRequest) -> HttpResponse:
    """One way to sign in, with its second factor and its limits.

    Wagtail sends whoever lacks the right here, too: signing in again would send them
    back, without end.
    """
    if not request.user.is_authenticated:
        return redirect(reverse("account_login", query=request.GET))
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return redirect("wagtailadmin_home")


# Set by forums: each takes what a refused form holds, and gives where its text now is.
text_keepers: list[Callable[[QueryDict], str]] = []


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before somebody signed in anew: what was written is not lost."""
    sent = request.POST
    kept = next(filter(None, (keep(sent) for keep in text_keepers)), "")
    if kept and is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": kept})
    context = {"kept": kept, "text": "" if kept else sent.get("markdown", "")}
    return render(request, "403_csrf.html", context, status=403)
