from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from network.themes.models import Theme


def theme_list(request: HttpRequest) -> HttpResponse:
    return render(request, "themes/theme_list.html", {})


def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    theme = get_object_or_404(Theme, slug=slug)
    return render(request, "themes/theme_detail.html", {"theme": theme})
