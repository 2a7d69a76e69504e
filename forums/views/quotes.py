"""What stands in the form when one answers with a quote."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forums.models import Post, Thread
from forums.quotes import quote_of
from forums.views.shared import find_post


@require_safe
def post_quote(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A post as it is quoted, for the page's script."""
    post = find_post(request, pk, number)
    return HttpResponse(quote_of(post), content_type="text/plain; charset=utf-8")


def quote_asked(request: HttpRequest, thread: Thread) -> str:
    """`?quote=3`: of that post in the thread, if its reader sees it."""
    asked = request.GET.get("quote", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return ""
    post = Post.objects.of(thread, request.user).filter(number=asked).first()
    return quote_of(post) if post else ""
