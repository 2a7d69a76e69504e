"""How news reaches a person: the page of choices, and the link in every letter."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from network.notifications import targets
from network.notifications.actions import (
    change_mail_settings,
    change_ways,
    guess_zone,
    resume_mail,
    stop_mail,
)
from network.notifications.forms import MailSettingsForm, WaysForm
from network.notifications.kinds import kind_of, shown_kinds
from network.notifications.mail import SALT
from network.notifications.models import MailSettings, Notification
from network.notifications.verbs import verb
from network.people.models import User

PAUSE = timedelta(days=14)
UNDO_SALT = f"{SALT}.undo"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_settings(request: HttpRequest) -> HttpResponse:
    sent = request.POST or None
    mine = MailSettings.objects.of([request.user.pk])[request.user.pk]
    ways = WaysForm(sent, user=request.user)
    when = MailSettingsForm(sent, instance=mine)
    if sent and ways.is_valid() and when.is_valid():
        change_ways(request.user, ways.ways())
        change_mail_settings(request.user, **when.cleaned_data)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:inbox_settings")
    now = timezone.now()
    context = {
        "ways": ways,
        "when": when,
        "quiet": mine,
        "paused_until": mine.paused_until
        if mine.paused_until and mine.paused_until > now
        else None,
        "zone": mine.zone,
        "zone_unknown": not mine.time_zone,
    }
    status = 422 if ways.errors or when.errors else 200
    return render(request, "notifications/inbox_settings.html", context, status=status)


@login_required
@require_POST
def inbox_pause(request: HttpRequest) -> HttpResponse:
    """No letters for two weeks, or with `resume` from now on again."""
    if "resume" in request.POST:
        change_mail_settings(request.user, paused_until=None)
        messages.success(request, _("E-mail comes again."))
    else:
        change_mail_settings(request.user, paused_until=timezone.now() + PAUSE)
        messages.success(request, _("No e-mail for two weeks. The inbox goes on."))
    return redirect("notifications:inbox_settings")


@login_required
@require_POST
def inbox_zone(request: HttpRequest) -> HttpResponse:
    """What the browser takes for the time zone; a choice stands against it."""
    guess_zone(request.user, request.POST.get("zone", ""))
    return HttpResponse(status=204)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """From a letter, without signing in. It names nothing that may have been closed.

    A mail program posts here by itself (RFC 8058); a person is told first what ends,
    and can take it back.
    """
    stopped = _read(signed)
    reader = get_object_or_404(User, pk=stopped["user"])
    kinds = [one for one in shown_kinds() if one.name in stopped["kinds"]]
    context = {
        "keys": stopped["keys"],
        "kinds": kinds,
        "kind_names": ", ".join(str(one.label) for one in kinds),
    }
    if request.method == "POST" and "undo" in request.POST:
        _resume(reader, request.POST["undo"])
        context["is_resumed"] = True
    elif request.method == "POST":
        only_these = stopped["keys"] and request.POST.get("what") != "kinds"
        what = "keys" if only_these else "kinds"
        before = stop_mail(reader, **{what: stopped[what]})
        undo = {"user": reader.pk, "before": before}
        context["undo"] = signing.dumps(undo, salt=UNDO_SALT)
        context["stopped"] = what
    return render(request, "notifications/unsubscribe.html", context)


def _resume(reader: User, signed: str) -> None:
    try:
        undo = signing.loads(signed, salt=UNDO_SALT)
    except signing.BadSignature:
        raise Http404 from None
    if undo["user"] != reader.pk:
        raise Http404
    resume_mail(reader, undo["before"])


def _read(signed: str) -> dict:
    """{user, kinds, keys}; links in older letters name a notification."""
    try:
        stopped = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    if isinstance(stopped, int):
        return _of_notification(get_object_or_404(Notification, pk=stopped))
    return stopped


def _of_notification(one: Notification) -> dict:
    what = verb(one.verb)
    target = targets.target_of_kind(one.target_kind)
    row = target.model._default_manager.filter(pk=one.target_id).first()
    keys = [] if what.direct or row is None else what.follows(row)
    kinds = [kind_of(one.verb).name]
    return {"user": one.recipient_id, "kinds": kinds, "keys": keys}
