from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums import actions
from forums.drafting import may_keep
from forums.excerpts import set_words
from forums.history import difference
from forums.models import Post
from forums.permissions import (
    can_accept,
    can_edit,
    can_moderate,
)
from forums.review_forms import HideForm
from forums.views.shared import (
    address_of,
    attempt,
    crumbs_of,
    find_post,
)
from forums.views.writing import (
    answer_preview,
    begin_form,
    form_sent,
    keep_unsent,
    show_form,
    text_is_kept,
    turn_back,
)


@require_safe
def post_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The lasting address of a post: the page of the thread on which it stands."""
    post = find_post(request, pk, number)
    return redirect(address_of(post, post.thread))


@text_is_kept
def post_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What comes for a post closed or hidden meanwhile is answered with its text."""
    post = find_post(request, pk, number)
    may = can_edit if request.method != "POST" else may_keep
    if not may(request.user, post):
        raise PermissionDenied
    if request.method != "POST":
        return show_form(request, post, **begin_form(request, post))
    form = form_sent(request, post)
    if "preview" in request.POST:
        return answer_preview(request, post, form)
    if not can_edit(request.user, post):
        form.add_error(None, _("This post cannot be changed any more."))
    try:
        saved = form.is_valid() and attempt(
            form, actions.send_edit, post, request.user, **form.cleaned_data
        )
    except actions.EditedMeanwhile as error:
        return _both(request, form, error)
    if saved:
        return redirect(post)
    return turn_back(request, post, form)


def _both(request: HttpRequest, form, error) -> HttpResponse:
    """Another text was saved meanwhile: it and one's own; saving again decides."""
    post = error.post
    mine = form.cleaned_data["markdown"]
    desk = keep_unsent(request, post, form)
    desk.newer = None  # shown below, word by word
    form.data = form.data.copy()
    form.data["version"] = post.edits
    form.add_error(None, str(error))
    context = {"theirs": post.markdown, "parts": difference(post.markdown, mine)}
    context |= {"language": post.language, "form": form, "desk": desk}
    return show_form(request, post, 409, **context)


@login_required
def post_hide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks why: its author is told."""
    post = find_moderated_post(request, pk, number)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        attempt(form, actions.hide_post, post, request.user, note)
        if not form.errors:
            return redirect(post)
    set_words([post], request.user)
    context = {"post": post, "thread": post.thread, "form": form}
    context["crumbs"] = crumbs_of(post.thread.forum)
    status = 422 if request.method == "POST" else 200
    return render(request, "forums/post_hide.html", context, status=status)


@login_required
@require_POST
def post_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    post = find_moderated_post(request, pk, number)
    try:
        actions.restore_post(post, request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    return redirect(post)


@login_required
@require_POST
def post_accept(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    post = find_acceptable(request, pk, number)
    try:
        actions.accept_answer(post, request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    return redirect(post)


@login_required
@require_POST
def post_unaccept(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A deed of its own: pressed twice, or on an old page, each does what it says."""
    post = find_acceptable(request, pk, number)
    actions.unaccept_answer(post)
    return redirect(post)


def find_acceptable(request: HttpRequest, pk: int, number: int) -> Post:
    post = find_post(request, pk, number)
    if not can_accept(request.user, post.thread):
        raise PermissionDenied
    return post


def find_moderated_post(request: HttpRequest, pk: int, number: int) -> Post:
    post = find_post(request, pk, number)
    if not can_moderate(request.user, post.thread.forum):
        raise PermissionDenied
    return post
