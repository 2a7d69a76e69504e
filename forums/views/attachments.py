from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forums import actions
from forums.attaching import Listed
from forums.models.attachments import LONGEST_ALT
from forums.permissions import can_attach


@login_required
@require_POST
def attachment_new(request: HttpRequest) -> HttpResponse:
    """One file, sent while its post is being written; answers its place in the form.

    422 says in plain words why it is refused.
    """
    if not can_attach(request.user):
        raise PermissionDenied
    upload = request.FILES.get("file")
    if upload is None:
        return _refusal(_("Choose a file."))
    try:
        file = actions.keep_file(request.user, upload)
    except ValidationError as error:
        return _refusal(error.messages[0])
    context = {"listed": Listed(file), "longest_alt": LONGEST_ALT}
    return render(request, "forums/_file.html", context, status=201)


def _refusal(reason: str) -> HttpResponse:
    return HttpResponse(reason, content_type="text/plain; charset=utf-8", status=422)
