"""Running rooms: for staff, and for moderators what is theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from forums import actions
from forums.models import Forum, Review, moderated_by
from forums.models.reviews import standing_in
from forums.permissions import can_moderate, can_open_room, can_run_rooms
from forums.reach import audience_words, change_of_forum
from forums.reading import tree
from forums.room_forms import CountriesForm, ModeratedRoomForm, RoomForm
from forums.views.shared import crumbs_of
from network.exchange.models import Partnership, Round


@login_required
@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    """All rooms for staff, also archived ones; their own for moderators."""
    user = request.user
    rooms = Forum.objects.visible_to(user)
    if not can_run_rooms(user):
        rooms = rooms.filter(pk__in=moderated_by(user))
        if not rooms.exists():
            raise PermissionDenied
    context = {
        "rooms": tree(list(rooms.prefetch_related("moderators"))),
        "can_run_rooms": can_run_rooms(user),
        "crumbs": crumbs_of(),
    }
    return render(request, "forums/room_list.html", context)


@login_required
def room_new(request: HttpRequest) -> HttpResponse:
    _staff_only(request)
    form = RoomForm(request.POST or None, viewer=request.user)
    context = {"form": form, "crumbs": _crumbs(), "title": _("A new room")}
    if request.method == "GET" or "find_people" in request.POST:
        return render(request, "forums/room_edit.html", context)
    if not form.is_valid():
        return render(request, "forums/room_edit.html", context, status=422)
    return _saved(request, form, _("The room is made."))


@login_required
def room_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another audience is told in people before it holds."""
    room = _find_room(request, pk)
    kind = RoomForm if can_run_rooms(request.user) else ModeratedRoomForm
    form = kind(request.POST or None, instance=room, viewer=request.user)
    context = {"room": room, "form": form, "crumbs": _crumbs(), "title": room.name}
    context["waiting"] = _waiting(request, room)
    if request.method == "GET" or "find_people" in request.POST:
        return render(request, "forums/room_edit.html", context)
    if not form.is_valid():
        return render(request, "forums/room_edit.html", context, status=422)
    audience = form.audience
    told = f"{room.audience}:{audience}"
    if audience not in (None, room.audience) and form.cleaned_data["told"] != told:
        context |= _consequences(request, room, audience) | {"told": told}
        return render(request, "forums/room_audience.html", context)
    waiting = "" if form.instance.hold_newcomers else context["waiting"]
    if waiting:
        messages.info(request, waiting)
    return _saved(request, form, _("The room is changed."))


@login_required
@require_POST
def room_archive(request: HttpRequest, pk: int) -> HttpResponse:
    room = _find_room(request, pk)
    _staff_only(request)
    actions.archive_forum(room)
    messages.success(
        request, _("The room is archived: it can be read, not written in.")
    )
    return redirect("forums:room_list")


@login_required
@require_POST
def room_unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    room = _find_room(request, pk)
    _staff_only(request)
    actions.unarchive_forum(room)
    messages.success(request, _("The room is open again."))
    return redirect("forums:room_list")


@login_required
def room_countries(request: HttpRequest) -> HttpResponse:
    """Rooms for chosen countries in one step; one that is there stays as it is."""
    _staff_only(request)
    form = CountriesForm(
        request.POST or None,
        viewer=request.user,
        initial={"language": request.LANGUAGE_CODE},
    )
    if form.is_valid():
        given = form.cleaned_data
        for code in given["countries"]:
            actions.room_of_country(code, given["language"], given["parent"])
        n = len(given["countries"])
        words = ngettext("{n} room is made.", "{n} rooms are made.", n)
        messages.success(request, words.format(n=n))
        return redirect("forums:room_list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "crumbs": _crumbs()}
    return render(request, "forums/room_countries.html", context, status=status)


@login_required
@require_POST
def room_of_partnership(request: HttpRequest, slug: str) -> HttpResponse:
    partnerships = Partnership.objects.visible_to(request.user)
    partnership = get_object_or_404(partnerships, slug=slug)
    return _made(request, partnership, actions.room_of_partnership, partnership)


@login_required
@require_POST
def room_of_round(request: HttpRequest, pk: int) -> HttpResponse:
    partnerships = Partnership.objects.visible_to(request.user)
    rounds = Round.objects.filter(partnership__in=partnerships)
    round_ = get_object_or_404(rounds.select_related("partnership"), pk=pk)
    return _made(request, round_.partnership, actions.room_of_round, round_)


# Steps that several views share


def _made(request: HttpRequest, partnership: Partnership, make, row) -> HttpResponse:
    """To the room; who may not look into it goes back, told the same either way."""
    if not can_open_room(request.user, partnership):
        raise PermissionDenied
    room = make(row)
    if Forum.objects.visible_to(request.user).filter(pk=room.pk).exists():
        return redirect(room)
    messages.success(request, _("The partners have a room of their own."))
    return redirect(partnership)


def _staff_only(request: HttpRequest) -> None:
    if not can_run_rooms(request.user):
        raise PermissionDenied


def _find_room(request: HttpRequest, pk: int) -> Forum:
    room = get_object_or_404(Forum.objects.visible_to(request.user), pk=pk)
    if not can_moderate(request.user, room):
        raise PermissionDenied
    return room


def _crumbs() -> list[tuple[str, str, str]]:
    return [*crumbs_of(), (_("Rooms"), reverse("forums:room_list"), "")]


def _waiting(request: HttpRequest, room: Forum) -> str:
    """How many first posts wait there, with the way to them; empty if none does."""
    reviews = Review.objects.moderated_by(request.user).waiting()
    n = reviews.filter(standing_in([room.pk]), held__isnull=False).count()
    if not n:
        return ""
    words = ngettext(
        "{n} first post waits here for a moderator. It stays in the queue, also when "
        "first posts need not wait any more.",
        "{n} first posts wait here for a moderator. They stay in the queue, also when "
        "first posts need not wait any more.",
        n,
    )
    queue = reverse("forums:review_list", query={"kind": "held", "forum": room.pk})
    link = format_html('<a href="{}">{}</a>', queue, _("See what waits"))
    return format_html("{} {}", words.format(n=n), link)


def _saved(request: HttpRequest, form, words: str) -> HttpResponse:
    given = form.cleaned_data
    actions.save_forum(
        form.instance,
        audience=form.audience,
        themes=given["themes"],
        moderators=given.get("moderators"),
    )
    messages.success(request, words)
    return redirect("forums:room_list")


def _consequences(request: HttpRequest, room: Forum, audience: str) -> dict:
    return {
        "change": change_of_forum(room, audience),
        "before": audience_words(room.audience, request.user),
        "after": audience_words(audience, request.user),
    }
