from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forums import actions
from forums.models import Post, Reaction
from forums.permissions import can_react
from forums.reactions import given_to
from forums.reading import byline_of, entries_of
from forums.views.shared import crumbs_of, find_post
from network.htmx import is_htmx
from network.quick import part


@login_required
def post_react(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """`give` or take `back` a kind: each says what it wants, so twice is as once.

    Asked for by GET, all there are to choose from.
    """
    post = find_post(request, pk, number)
    if not can_react(request.user, post):
        raise PermissionDenied
    if request.method != "POST":
        if is_htmx(request):
            return _reactions(request, post, all=True)
        return post_reactions(request, pk, number)
    action = actions.react if "give" in request.POST else actions.unreact
    kind = request.POST.get("give") or request.POST.get("back")
    if kind not in Reaction.Kind.values:
        raise Http404
    action(post, request.user, kind)
    if is_htmx(request):
        return _reactions(request, post)
    return redirect(post)


def _reactions(request: HttpRequest, post: Post, **more) -> HttpResponse:
    entry = entries_of(post.thread, [post], request.user)[0]
    context = {"entry": entry, "csrf_token": get_token(request), **more}
    return HttpResponse(part("forums/_reactions.jinja", context))


@require_safe
def post_reactions(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Who gave what, as far as the reader may know of them."""
    post = find_post(request, pk, number)
    if post.hidden_at:
        raise Http404
    context = {
        "post": post,
        "entry": entries_of(post.thread, [post], request.user)[0],
        "author": byline_of(post, request.user),
        "given": given_to(post, request.user),
        "crumbs": crumbs_of(post.thread.forum),
    }
    return render(request, "forums/post_reactions.html", context)
