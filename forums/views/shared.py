"""Steps that several views share."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from forums.models import Forum, Post, ReadMark, Thread
from forums.permissions import (
    can_moderate,
)
from forums.reading import (
    Entry,
    count_replies,
    standing_in,
    with_theme_ids,
)
from network.audience import PreparedFor
from network.notifications.actions import read_about
from network.text import number_in


def crumbs_of(*forums: Forum) -> list[tuple[str, str, str]]:
    """(label, address, language): the way to a page below these forums."""
    above = [(_("Forums"), reverse("forums:forum_list"), "")]
    here = [(one.name, one.get_absolute_url(), one.language) for one in forums]
    return above + here


def address_of(post: Post, thread: Thread) -> str:
    page = f"?page={post.page}" if post.page > 1 else ""
    return f"{thread.get_absolute_url()}{page}#post-{post.number}"


def find_forum(request: HttpRequest, slug: str) -> Forum:
    return get_object_or_404(Forum.objects.visible_to(request.user), slug=slug)


@PreparedFor
def _thread(reader, pk):
    threads = Thread.objects.visible_to(reader).select_related("forum").filter(pk=pk)
    return with_theme_ids(threads)


def find_thread(request: HttpRequest, pk: int) -> Thread:
    found = _thread(request.user, pk)
    if not found:
        raise Http404
    return found[0]


def find_shown(request: HttpRequest, pk: int, span: Callable) -> Thread:
    """A thread to be shown: with its answers counted, and its reader's standing.

    span(request, thread) -> the first and the last number of the posts to be shown.
    """
    thread = find_thread(request, pk)
    thread.standing = standing_in(thread, request.user, *span(request, thread))
    thread.follow_level = thread.standing.level
    count_replies([thread], request.user)
    return thread


def find_moderated(request: HttpRequest, pk: int) -> Thread:
    thread = find_thread(request, pk)
    if not can_moderate(request.user, thread.forum):
        raise PermissionDenied
    return thread


def find_post(request: HttpRequest, pk: int, number: int) -> Post:
    posts = Post.objects.visible_to(request.user).select_related("thread__forum")
    return get_object_or_404(posts, thread=pk, number=number)


def whole_number(request: HttpRequest, name: str) -> int:
    value = number_in(request.GET.get(name, "0"), digits=9)
    if value is None:
        raise Http404
    return value


def page_asked(wished: str, pages: int) -> int:
    """From 1 to `pages`: whatever is too high gives the last, what is no number 1."""
    if not (wished.isascii() and wished.isdigit()):
        return 1
    number = number_in(wished)
    return pages if number is None else min(max(number, 1), pages)


def note_read(
    request: HttpRequest,
    thread: Thread,
    entries: list[Entry],
    until: int,
    *,
    just_came: bool = False,
) -> None:
    """Whoever reads posts has read what told of them; written only if there is any.

    until: the last number of the page, above which an accepted answer may come from
    a later one: whoever reads it has not come as far. just_came: their news may be
    written meanwhile, by who did not find the mark yet.
    """
    ahead = "Sec-Purpose" in request.headers  # fetched by a browser that guesses
    if request.method != "GET" or ahead or not request.user.is_authenticated:
        return
    numbers = (one.post.number for one in entries)
    last = max((number for number in numbers if number <= until), default=0)
    read_to = thread.standing.read_to
    if last > (read_to or 0):
        ReadMark.objects.read_to(request.user, thread, last, read_to is None)
    if thread.standing.has_news or just_came:
        posts = [one.post.pk for one in entries]
        read_about(request.user, {"thread": [thread.pk], "post": posts})


def attempt(form: Form, action: Callable, *args, **fields):
    """The action's result; None if it refuses, with its reason on the form.

    `form.wait`: seconds until it would not refuse, where that is all it takes.
    """
    try:
        return action(*args, **fields)
    except ValidationError as error:
        there = getattr(error, "error_dict", {}).keys() <= form.fields.keys()
        form.add_error(None, error if there else error.messages)
        form.wait = getattr(error, "wait", 0)
        return None
