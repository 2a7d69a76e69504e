from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from network.languages import UI_LANGUAGES


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive, says nothing more."""
    return HttpResponse("ok", content_type="text/plain")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the interface's language: on the account if signed in, and here."""
    language = request.POST.get("language")
    answer = redirect(_back(request))
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


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(there, hosts, request.is_secure())
    return there if safe else "/"


def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name none: feeds, files, Django's admin."""
    return redirect(static("icons/favicon-32.png"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
