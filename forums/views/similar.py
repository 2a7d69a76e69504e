from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from search.queries import like

SHOWN = 5


@login_required
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What there is already about what somebody begins to write; nothing is kept."""
    return render(request, "forums/_similar.html", {"similar": similar_to(request)})


def similar_to(request: HttpRequest) -> list[dict]:
    """By the title; where it says little, by how the text begins as well."""
    title = request.POST.get("title", "")
    return like(title, request.POST.get("markdown", ""), request, SHOWN)
