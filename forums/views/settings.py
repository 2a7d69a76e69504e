"""What moderators, and who began it, decide about a thread."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forums import actions
from forums.forms import ThreadSettingsForm
from forums.permissions import can_change
from forums.views.shared import crumbs_of, find_moderated, find_thread


@login_required
def thread_settings(request: HttpRequest, pk: int) -> HttpResponse:
    thread = find_thread(request, pk)
    if not can_change(request.user, thread):
        raise PermissionDenied
    saved = {
        "title": thread.title,
        "kind": thread.kind,
        "language": thread.language,
        "themes": thread.themes.all(),
    }
    form = ThreadSettingsForm(request.POST or None, initial=saved)
    if form.is_valid():
        thread = actions.change_thread(thread, **form.cleaned_data)
        messages.success(request, _("The thread is changed."))
        return redirect(thread)
    status = 422 if request.method == "POST" else 200
    context = {"thread": thread, "form": form, "crumbs": crumbs_of(thread.forum)}
    return render(request, "forums/thread_settings.html", context, status=status)


@login_required
@require_POST
def thread_pin(request: HttpRequest, pk: int) -> HttpResponse:
    thread = find_moderated(request, pk)
    try:
        actions.pin_thread(thread)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The thread stands first in its forum."))
    return redirect(thread)


@login_required
@require_POST
def thread_unpin(request: HttpRequest, pk: int) -> HttpResponse:
    thread = find_moderated(request, pk)
    actions.unpin_thread(thread)
    messages.success(request, _("The thread is no longer pinned."))
    return redirect(thread)
