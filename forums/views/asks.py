from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from forums import actions
from forums.asking import asked_about, can_ask, left_to_ask, proposed_for
from forums.models import Answerer
from forums.models.asks import MOST_A_MONTH
from forums.views.shared import attempt, crumbs_of, find_thread


class AskForm(forms.Form):
    """Only those who are proposed can be asked; who was asked before, by a form that is

    sent twice, is not asked again. What else is sent is not valid.
    """

    people = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose whom to ask.")},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(one.user_id, one.name) for one in people]


class AnswererForm(forms.Form):
    agrees = forms.BooleanField(
        label=gettext_lazy("Others may ask me for my experience"), required=False
    )
    a_month = forms.IntegerField(
        label=gettext_lazy("At most so many times a month"),
        min_value=1,
        max_value=MOST_A_MONTH,
        initial=2,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Up to five people whose way fits, each with the reason; those chosen are told."""
    thread = find_thread(request, pk)
    if not can_ask(request.user, thread):
        raise PermissionDenied
    left = left_to_ask(thread)
    proposed = proposed_for(thread, request.user, left) if left > 0 else []
    asked = asked_about(thread, request.user)
    people = [*asked, *(one.person for one in proposed)]
    form = AskForm(request.POST or None, people=people)
    if form.is_valid():
        chosen = form.cleaned_data["people"]
        if attempt(form, _ask, thread, chosen):
            messages.success(request, _("They are told. Nobody has to answer."))
            return redirect(thread)
    context = {
        "thread": thread,
        "form": form,
        "proposed": proposed,
        "chosen": request.POST.getlist("people"),
        "asked": asked,
        "left": left,
        "crumbs": crumbs_of(thread.forum),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "forums/thread_ask.html", context, status=status)


def _ask(thread, people: list[int]) -> bool:
    actions.ask_people(thread, people)
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_settings(request: HttpRequest) -> HttpResponse:
    """Whether one may be asked, and how often."""
    if not request.user.is_member:
        raise PermissionDenied
    mine = Answerer.objects.filter(user=request.user).first()
    kept = {"agrees": mine is not None, "a_month": mine.a_month if mine else 2}
    form = AnswererForm(request.POST or None, initial=kept)
    if form.is_valid():
        given = form.cleaned_data
        a_month = given["a_month"] if given["agrees"] else None
        actions.agree_to_be_asked(request.user, a_month)
        messages.success(request, _("Your choice is saved."))
        return redirect("forums:ask_settings")
    context = {"form": form, "crumbs": crumbs_of()}
    status = 422 if form.errors else 200
    return render(request, "forums/ask_settings.html", context, status=status)
