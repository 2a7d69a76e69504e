from datetime import date, datetime, time

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from forums.models import Post, Thread
from forums.views.shared import address_of, crumbs_of, find_thread
from network.exchange.forms.partnerships import DateInput
from network.moments import zone_here

# Nothing was written before or after; in some zone the very first day has no beginning.
EARLIEST, LATEST = date(1900, 1, 1), date(2900, 1, 1)


class JumpForm(forms.Form):
    number = forms.IntegerField(
        label=gettext_lazy("Post number"),
        min_value=1,
        max_value=10**6,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    day = forms.DateField(
        label=gettext_lazy("or the day it was written"),
        required=False,
        widget=DateInput(),
    )

    def clean(self):
        given = super().clean()
        if not (self.errors or given.get("number") or given.get("day")):
            self.add_error("number", _("Write a number, or choose a day."))
        return given


@require_safe
def thread_jump(request: HttpRequest, pk: int) -> HttpResponse:
    """To the first post that has this number, or was written from this day on.

    Where the reader is not shown it, to the next one; past the end, to the last.
    """
    thread = find_thread(request, pk)
    form = JumpForm(request.GET or None)
    if form.is_valid():
        post = _first(thread, request.user, **form.cleaned_data)
        if post:
            return redirect(address_of(post, thread))
        return redirect(f"{thread.get_absolute_url()}?page=last")
    context = {"thread": thread, "form": form, "crumbs": crumbs_of(thread.forum)}
    status = 422 if form.errors else 200
    return render(request, "forums/thread_jump.html", context, status=status)


def _first(thread: Thread, reader, number: int | None, day) -> Post | None:
    posts = Post.objects.of(thread, reader)
    if number:
        return posts.filter(number__gte=number).first()
    begins = datetime.combine(min(max(day, EARLIEST), LATEST), time.min, zone_here())
    return posts.filter(created_at__gte=begins).first()
