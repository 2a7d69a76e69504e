"""What stands in the form when one answers with a quote."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forums.models import Post, Thread
from forums.quotes import quote_of, without_quotes
from forums.shown import as_written
from forums.views.shared import find_post
from network.text import number_in


@require_safe
def post_quote(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A post as it is quoted, for the page's script."""
    post = find_post(request, pk, number)
    quote = _as_read(post, request.user)
    return HttpResponse(quote, content_type="text/plain; charset=utf-8")


def quote_asked(request: HttpRequest, thread: Thread) -> str:
    """`?quote=3`: of that post in the thread, if its reader sees it."""
    asked = number_in(request.GET.get("quote", ""), digits=9)
    if asked is None:
        return ""
    post = Post.objects.of(thread, request.user).filter(number=asked).first()
    return _as_read(post, request.user) if post else ""


def _as_read(post: Post, reader) -> str:
    """Names that do not reach whoever quotes stay behind."""
    [words] = as_written([without_quotes(post.markdown)], reader)
    return quote_of(post, words)
