from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from forums import actions
from forums.actions.bookmarks import set_days
from forums.excerpts import set_words
from forums.filters import lists_for
from forums.models import Bookmark, Post, Thread
from forums.models.bookmarks import LONGEST_NOTE
from forums.permissions import can_bookmark
from forums.reading import byline_of
from forums.views.shared import crumbs_of, find_post, find_thread
from network.exchange.forms.partnerships import DateInput
from network.htmx import is_htmx
from network.moments import zone_here
from network.pagination import page_of
from network.quick import part
from network.text import number_in

FARTHEST = timedelta(days=3652)


class BookmarkForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note to yourself"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    remind_on = forms.DateField(
        label=gettext_lazy("Remind me on"),
        required=False,
        help_text=gettext_lazy("You are told that morning. Empty: no reminder."),
        widget=DateInput(),
    )

    def clean_remind_on(self):
        day = self.cleaned_data["remind_on"]
        today = timezone.localdate(timezone=zone_here())
        if day and day != self.initial["remind_on"] and day <= today:
            raise forms.ValidationError(_("Choose a day from tomorrow on."))
        if day and day > today + FARTHEST:
            raise forms.ValidationError(_("Choose a day within the next ten years."))
        return day


@login_required
@require_safe
def bookmark_list(request: HttpRequest) -> HttpResponse:
    """Of what one may still see, the last kept first; `?removed=` can be taken back."""
    rows = Bookmark.objects.visible_to(request.user).order_by("-created_at", "-pk")
    rows = rows.select_related("thread__forum", "post__author__profile")
    page = page_of(request, rows)
    set_days(page.object_list)
    set_words((row.post for row in page.object_list if row.post), request.user)
    for row in page.object_list:
        row.byline = byline_of(row.post, request.user) if row.post else None
    context = {
        "page": page,
        "removed": _removed(request),
        "lists": lists_for(request.user),
        "crumbs": crumbs_of(),
        "onward": [(_("Go to the forums"), reverse("forums:forum_list"))],
    }
    return render(request, "forums/bookmark_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread_bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    return _bookmark(request, find_thread(request, pk))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_bookmark(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    post = find_post(request, pk, number)
    return _bookmark(request, post.thread, post)


def _bookmark(
    request: HttpRequest, thread: Thread, post: Post | None = None
) -> HttpResponse:
    """Kept by one press; asked for by GET it leads to the note and the reminder."""
    if request.method != "POST":
        mine = Bookmark.objects.of(request.user)
        row = get_object_or_404(mine, thread=thread, post=post)
        return redirect("forums:bookmark_edit", row.pk)
    if not can_bookmark(request.user):
        raise PermissionDenied
    actions.add_bookmark(request.user, thread, post)
    if not is_htmx(request):
        return redirect(post or thread)
    context = {
        "there": request.path.removesuffix("bookmark/"),
        "number": post.number if post else "thread",
        "is_kept": True,
        "csrf_token": get_token(request),
    }
    return HttpResponse(part("forums/_bookmark.jinja", context))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bookmark_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    set_days([row])
    set_words([row.post] if row.post else [], request.user)
    kept = {"note": row.note, "remind_on": row.remind_on}
    form = BookmarkForm(request.POST or None, initial=kept)
    if form.is_valid():
        actions.change_bookmark(row, **form.cleaned_data)
        messages.success(request, _("Your bookmark is saved."))
        return redirect("forums:bookmark_list")
    context = {"row": row, "form": form, "crumbs": _crumbs()}
    status = 422 if form.errors else 200
    return render(request, "forums/bookmark_edit.html", context, status=status)


@login_required
@require_POST
def bookmark_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    actions.remove_bookmark(row)
    return redirect(reverse("forums:bookmark_list", query={"removed": row.pk}))


@login_required
@require_POST
def bookmark_restore(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Bookmark.objects.filter(user=request.user)
    actions.restore_bookmark(get_object_or_404(mine, pk=pk))
    return redirect("forums:bookmark_list")


def _find(request: HttpRequest, pk: int) -> Bookmark:
    mine = Bookmark.objects.visible_to(request.user)
    return get_object_or_404(mine.select_related("thread__forum", "post"), pk=pk)


def _removed(request: HttpRequest) -> Bookmark | None:
    pk = number_in(request.GET.get("removed", ""))
    if pk is None:
        return None
    mine = Bookmark.objects.filter(user=request.user).exclude(removed_at=None)
    return mine.filter(pk=pk).first()


def _crumbs() -> list[tuple[str, str, str]]:
    return [*crumbs_of(), (_("Your bookmarks"), reverse("forums:bookmark_list"), "")]
