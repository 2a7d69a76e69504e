from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums.actions import discard_draft, restore_draft, save_draft
from forums.actions.drafts import DoneWith, StaleDraft, save_beside
from forums.drafting import (
    LONGEST_DRAFT,
    edit_token,
    fields_of,
    find_place,
    form_address,
    is_form_of,
    may_keep,
    may_send,
    sequence_of,
    token_of,
)
from forums.filters import lists_for
from forums.forms import new_token
from forums.models import Draft
from forums.models.drafts import Place
from forums.views.shared import crumbs_of
from forums.views.writing import (
    begin_form,
    form_of,
    form_sent,
    keep_unsent,
    show_form,
    text_is_kept,
    wants_json,
)
from network.htmx import is_htmx
from network.pagination import page_of


@login_required
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """What one has written and not sent, the last first."""
    drafts = Draft.objects.visible_to(request.user).standing()
    drafts = drafts.select_related("forum", "thread__forum", "post__thread__forum")
    page = page_of(request, drafts.order_by("-saved_at", "-pk"))
    for draft in page.object_list:
        draft.address = form_address(draft.place)
        draft.may_be_sent = may_send(request.user, draft.place)
    context = {
        "page": page,
        "lists": lists_for(request.user),
        "crumbs": crumbs_of(),
        "onward": [(_("Go to the forums"), reverse("forums:forum_list"))],
    }
    return render(request, "forums/draft_list.html", context)


@text_is_kept
@require_POST
def draft_save(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """By the page while one writes (JSON), or by its button (back to the form)."""
    place = _own_place(request, kind, pk)
    if wants_json(request):
        return _saved(request, place)
    form = form_sent(request, place)
    desk = keep_unsent(request, place, form)
    fields = fields_of(request.POST, form.kept)
    if form.has_error("files") or len(fields.get("markdown", "")) > LONGEST_DRAFT:
        return show_form(request, place, 422, form=form, desk=desk, can_reply=True)
    if desk.newer:
        as_sent = {**fields, "token": token_of(request.POST)}
        form = form_of(request, place, initial=as_sent)
        return show_form(request, place, 409, form=form, desk=desk, can_reply=True)
    if desk.sequence:
        messages.success(request, _("Your text is kept as a draft."))
    else:
        messages.info(request, _("There is nothing to keep yet."))
    return _back_to_form(request, place)


@text_is_kept
@require_POST
def draft_discard(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    place = _place(request, kind, pk)
    discard_draft(request.user, place, token_of(request.POST))
    return _back(request, place)


@text_is_kept
@require_POST
def draft_restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Undo of `draft_discard`; what was typed since is kept below."""
    place = _place(request, kind, pk)
    restore_draft(request.user, place)
    fields = fields_of(request.POST)
    if fields.get("markdown") and may_keep(request.user, place):
        save_beside(request.user, place, fields, 0, token_of(request.POST))
    return _back(request, place)


def _place(request: HttpRequest, kind: str, pk: int) -> Place:
    """A draft has no number of its own: the address names what it is for."""
    place = find_place(request.user, kind, pk)
    if place is None:
        raise Http404
    return place


def _own_place(request: HttpRequest, kind: str, pk: int) -> Place:
    """Where one may keep a text; and the form was made for whoever is signed in now."""
    place = _place(request, kind, pk)
    if not may_keep(request.user, place):
        raise PermissionDenied
    if not is_form_of(request.user, place, request.POST):
        raise PermissionDenied
    return place


def _saved(request: HttpRequest, place: Place) -> JsonResponse:
    """{sequence}; 409 with what is newer; {token} for a new text where it was sent.

    And then {same}: whether this is what was sent.
    """
    fields = fields_of(request.POST)
    if len(fields.get("markdown", "")) > LONGEST_DRAFT:
        return JsonResponse({}, status=413)
    told = sequence_of(request.POST), token_of(request.POST)
    try:
        sequence = save_draft(request.user, place, fields, *told)
    except StaleDraft as stale:
        newer = stale.draft
        answer = {"sequence": newer.sequence, "fields": newer.fields}
        if newer.pk is None:  # the post's own words, edited since the form was made
            answer["token"] = edit_token(place)
        return JsonResponse(answer, status=409)
    except DoneWith as done:
        return JsonResponse({"token": new_token(), "same": done.same})
    return JsonResponse({"sequence": sequence})


def _back_to_form(request: HttpRequest, place: Place) -> HttpResponse:
    if is_htmx(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(form_address(place))


def _back(request: HttpRequest, place: Place) -> HttpResponse:
    """To the list, if it was done there; else to the form as it is now."""
    if "list" in request.POST or not may_send(request.user, place):
        return redirect("forums:draft_list")
    if is_htmx(request):
        context = begin_form(request, place)
        return show_form(request, place, can_reply=True, **context)
    return redirect(form_address(place))
