from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums import actions
from forums.forms import EditForm
from forums.history import difference
from forums.models import Post
from forums.permissions import (
    can_accept,
    can_edit,
    can_moderate,
)
from forums.views.shared import (
    address_of,
    answer_preview,
    crumbs_of,
    find_post,
)


@require_safe
def post_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The lasting address of a post: the page of the thread on which it stands."""
    post = find_post(request, pk, number)
    return redirect(address_of(post, post.thread))


@login_required
def post_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    post = find_post(request, pk, number)
    if not can_edit(request.user, post):
        raise PermissionDenied
    saved = {
        "markdown": post.markdown,
        "language": post.language,
        "version": post.edits,
    }
    form = EditForm(request.POST or None, initial=saved)
    form.fields["markdown"].label = _("Your post")
    context = {"thread": post.thread, "post": post, "form": form}
    context["crumbs"] = crumbs_of(post.thread.forum)
    if "preview" in request.POST:
        return answer_preview(request, "forums/post_edit.html", context)
    if form.is_valid():
        text = form.cleaned_data
        wanted = (text["markdown"], text["language"], text["version"])
        try:
            actions.edit_post(post, *wanted)
        except actions.EditedMeanwhile as error:
            return _both(request, form, error, context)
        return redirect(post)
    status = 200 if request.method == "GET" else 422
    return render(request, "forums/post_edit.html", context, status=status)


def _both(request: HttpRequest, form, error, context: dict) -> HttpResponse:
    """Another text was saved meanwhile: it and one's own; saving again decides."""
    form.data = {**form.data.dict(), "version": error.post.edits}
    form.add_error(None, error)
    theirs = error.post.markdown
    context |= {
        "theirs": theirs,
        "parts": difference(theirs, form.cleaned_data["markdown"]),
        "language": error.post.language,
    }
    return render(request, "forums/post_edit.html", context, status=409)


@login_required
@require_POST
def post_hide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return moderate(request, pk, number, actions.hide_post)


@login_required
@require_POST
def post_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return moderate(request, pk, number, actions.restore_post)


@login_required
@require_POST
def post_accept(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Accept an answer, or take that back if it is the accepted one."""
    post = find_post(request, pk, number)
    if not can_accept(request.user, post.thread):
        raise PermissionDenied
    if post.thread.accepted_post_id == post.pk:
        actions.unaccept_answer(post.thread)
    else:
        actions.accept_answer(post, request.user)
    return redirect(post)


# Steps that several views share


def moderate(
    request: HttpRequest, pk: int, number: int, action: Callable[[Post], None]
) -> HttpResponse:
    post = find_post(request, pk, number)
    if not can_moderate(request.user, post.thread.forum):
        raise PermissionDenied
    action(post)
    return redirect(post)
