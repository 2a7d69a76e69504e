from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums.bylines import byline_of
from forums.models import Post
from forums.reading import files_below
from forums.shown import texts_of
from forums.views.shared import find_thread, page_asked
from network.moments import exactly

POSTS_A_PART = 200


@require_safe
def thread_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread on one light page without menus; a very long one in parts."""
    thread = find_thread(request, pk)
    parts = max(1, -(-thread.last_number // POSTS_A_PART))
    part = page_asked(request.GET.get("part", "1"), parts)
    last = part * POSTS_A_PART
    posts = Post.objects.of(thread, request.user)
    posts = list(posts.filter(number__gt=last - POSTS_A_PART, number__lte=last))
    texts, files = texts_of(posts, request.user), files_below(posts)
    for post in posts:
        post.text, post.files = texts[post.pk], files.get(post.pk)
        post.byline = byline_of(post, request.user)
        post.day = exactly(post.created_at)
    context = {
        "thread": thread,
        "posts": posts,
        "part": part,
        "parts": parts,
        "numbers": range(1, parts + 1),
    }
    return render(request, "forums/thread_print.html", context)
