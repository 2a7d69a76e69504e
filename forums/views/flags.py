from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forums import actions
from forums.excerpts import set_words
from forums.models import Post
from forums.permissions import can_flag
from forums.review_forms import FlagForm
from forums.reviewing import who_looks
from forums.views.shared import attempt, crumbs_of, find_post
from network.htmx import is_htmx
from network.people.audiences import muted_by


@login_required
def post_flag(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A plain page, or the form alone beside the post."""
    post = find_post(request, pk, number)
    if not can_flag(request.user, post):
        raise PermissionDenied
    form = FlagForm(request.POST or None, auto_id=f"flag-{number}-%s")
    set_words([post], request.user)
    context = {"post": post, "thread": post.thread, "form": form}
    context["crumbs"] = crumbs_of(post.thread.forum)
    context |= _mute(request.user, post)
    status = 200
    if request.method == "POST":
        fields = form.cleaned_data if form.is_valid() else None
        if fields and attempt(form, actions.flag_post, post, request.user, **fields):
            context["who"] = who_looks(post.thread.forum, request.user)
        else:
            status = 429 if getattr(form, "wait", 0) else 422
    template = "forums/_flag.html" if is_htmx(request) else "forums/post_flag.html"
    answer = render(request, template, context, status=status)
    if status == 429:
        answer["Retry-After"] = str(form.wait)
    return answer


def _mute(reader, post: Post) -> dict:
    """Not to read somebody may be all that is wished for."""
    profile = getattr(post.author, "profile", None)
    if profile is None or post.author_id in muted_by(reader):
        return {}
    shown = profile.shown_to(reader)
    return {"mute_slug": shown.slug, "name": shown.name} if shown.is_visible else {}
