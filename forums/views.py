from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from forums import actions
from forums.filters import ThreadFilter, lists_for
from forums.forms import MoveForm, PostForm, ThreadForm, writing_language
from forums.models import POSTS_A_PAGE, Forum, Post, ReadMark, Thread
from forums.permissions import (
    can_accept,
    can_edit,
    can_moderate,
    can_reply,
    can_start,
)
from forums.reading import (
    Entry,
    answer_first,
    byline_of,
    elided,
    entries_of,
    latest_threads,
    tree,
    with_replies,
    with_threads,
)
from forums.unread import first_unread, with_unread
from network.htmx import is_htmx
from network.notifications.actions import read_about
from network.notifications.models import Notification, Subscription
from network.pagination import page_of
from search.queries import related_to


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    shown = list(with_threads(forums, request.user))
    latest = latest_threads(shown, request.user)
    for forum in shown:
        forum.latest = latest.get(forum.newest)
    ways_in = [
        (_("Join the network"), reverse("account_signup")),
        (_("Sign in"), reverse("account_login")),
    ]
    context = {
        "forums": tree(shown),
        "ways_in": ways_in,
        "lists": lists_for(request.user),
    }
    return render(request, "forums/forum_list.html", context)


@require_safe
def forum_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Threads, newest post first; `?kind=question` shows one kind."""
    forums = Forum.objects.visible_to(request.user)
    forums = Subscription.objects.with_level(forums, "forum", request.user)
    forum = get_object_or_404(forums, slug=slug)
    kind = request.GET.get("kind", "")
    threads = Thread.objects.visible_to(request.user).filter(forum=forum)
    if kind in Thread.Kind.values:
        threads = threads.filter(kind=kind)
    page = page_of(request, threads.order_by("-last_post_at", "-pk"))
    page.object_list = _listed(request, page.object_list)
    context = {
        "forum": forum,
        "page": page,
        "kind": kind,
        "kinds": Thread.Kind.choices,
        "can_start": can_start(request.user, forum),
        "crumbs": _crumbs(),
        "begin": _begin(request, forum),
    }
    return render(request, "forums/forum_detail.html", context)


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """Threads of all forums: latest, new, unread, unanswered, one's own."""
    threads = Thread.objects.visible_to(request.user).filter(forum__archived_at=None)
    narrowed = ThreadFilter(request.GET, threads, request=request)
    page = page_of(request, narrowed.qs.order_by("-last_post_at", "-pk"))
    page.object_list = _listed(request, page.object_list.select_related("forum"))
    context = {
        "page": page,
        "narrowed": narrowed,
        "lists": lists_for(request.user),
        "crumbs": _crumbs(),
        "onward": [(_("See the latest"), reverse("forums:thread_list"))],
    }
    return render(request, "forums/thread_list.html", context)


@login_required
def thread_new(request: HttpRequest, slug: str) -> HttpResponse:
    forum = _forum(request, slug)
    if not can_start(request.user, forum):
        raise PermissionDenied
    if request.method == "GET":
        form = ThreadForm(
            initial={
                "kind": request.GET.get("kind") or Thread.Kind.QUESTION,
                "title": request.GET.get("title", "")[:200],
                "language": writing_language(request, forum.language),
            }
        )
    else:
        form = ThreadForm(request.POST)
    context = {"forum": forum, "form": form, "crumbs": _crumbs(forum)}
    if "preview" in request.POST:
        return _preview(request, "forums/thread_new.html", context)
    if form.is_valid():
        fields = form.cleaned_data
        thread = _try(form, actions.start_thread, forum, request.user, **fields)
        if thread:
            return redirect(thread)
    status = 200 if request.method == "GET" else 422
    return render(request, "forums/thread_new.html", context, status=status)


@require_safe
def thread_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    threads = Thread.objects.visible_to(request.user).select_related("forum")
    threads = Subscription.objects.with_level(threads, "thread", request.user)
    thread = _shown(request, threads, pk)
    if slug != thread.slug:
        return redirect(thread, permanent=True)
    number = _page_number(request, thread)
    posts = _posts(request, thread).on_page(number)
    entries = entries_of(thread, posts, request.user)
    if number == 1:
        entries = _with_answer(request, thread, entries)
    _read(request, thread, entries)
    context = {
        "thread": thread,
        "entries": entries,
        "first_news": _first_news(thread, entries, request.user),
        "number": number,
        "pages": elided(number, thread.pages),
        "posts_before": (number - 1) * POSTS_A_PAGE,
        "posts_until": number * POSTS_A_PAGE,
        "crumbs": _crumbs(thread.forum),
        "themes": thread.themes.all(),
        "people": list({one.author.name: one.author for one in entries}.values()),
        "can_reply": can_reply(request.user, thread),
        "can_moderate": can_moderate(request.user, thread.forum),
        "form": _reply_form(request, thread),
    }
    return render(request, "forums/thread_detail.html", context)


@require_safe
def thread_near(request: HttpRequest, pk: int) -> HttpResponse:
    """What others have learned about the same; fetched when it comes into view."""
    thread = _thread(request, pk)
    near = related_to(thread, request)
    return render(request, "forums/_near.html", {"thread": thread, "near": near})


@require_safe
def thread_unread(request: HttpRequest, pk: int) -> HttpResponse:
    """To the first post one has not read; where all is read, to the last."""
    thread = _thread(request, pk)
    post = first_unread(thread, request.user)
    if post is None:
        return redirect(f"{thread.get_absolute_url()}?page=last")
    return redirect(_address_of(post, thread))


@require_GET
def thread_news(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since `?since=<revision>`, for a page that is open; 204: nothing.

    `?after=30` leaves out the posts of earlier pages, `?until=60` those of later ones.
    """
    threads = Thread.objects.visible_to(request.user).select_related("forum")
    thread = _shown(request, threads, pk)
    since = _count(request, "since")
    if since >= thread.revision:
        return HttpResponse(status=204)
    changed = thread.posts.filter(
        revision__gt=since, number__gt=_count(request, "after")
    )
    if "until" in request.GET:
        changed = changed.filter(number__lte=_count(request, "until"))
    posts = _posts(request, thread).filter(pk__in=changed.values("pk"))
    entries = entries_of(thread, posts, request.user)
    shown = {one.post.number for one in entries}
    _read(request, thread, entries)
    context = {
        "thread": thread,
        "entries": entries,
        "gone": [
            number
            for number in changed.values_list("number", flat=True)
            if number not in shown
        ],
    }
    return render(request, "forums/_news.html", context)


@login_required
def thread_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked for by GET after a new language or sign-in: then the form in the thread."""
    thread = _thread(request, pk)
    if request.method != "POST":
        return redirect(f"{thread.get_absolute_url()}?page=last#reply")
    if not can_reply(request.user, thread):
        raise PermissionDenied
    form = PostForm(request.POST)
    context = {"thread": thread, "form": form, "crumbs": _crumbs(thread.forum)}
    if "preview" in request.POST:
        return _preview(request, "forums/thread_reply.html", context)
    if form.is_valid():
        fields = form.cleaned_data
        post = _try(form, actions.post_reply, thread, request.user, **fields)
        if post and is_htmx(request):
            context = {"thread": thread, "form": _reply_form(request, thread)}
            answer = render(request, "forums/_reply.html", {**context, "sent": post})
            return _with_news(answer)
        if post:
            return redirect(post)
    template = "forums/_reply.html" if is_htmx(request) else "forums/thread_reply.html"
    return render(request, template, context, status=422)


@login_required
@require_POST
def thread_close(request: HttpRequest, pk: int) -> HttpResponse:
    thread = _moderated(request, pk)
    actions.close_thread(thread)
    return redirect(thread)


@login_required
@require_POST
def thread_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    thread = _moderated(request, pk)
    actions.reopen_thread(thread)
    return redirect(thread)


@login_required
def thread_move(request: HttpRequest, pk: int) -> HttpResponse:
    thread = _moderated(request, pk)
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    form = MoveForm(request.POST or None, forums=forums.exclude(pk=thread.forum_id))
    if form.is_valid():
        actions.move_thread(thread, form.cleaned_data["forum"])
        thread.refresh_from_db()
        messages.success(request, _("The thread has been moved."))
        return redirect(thread)
    status = 200 if request.method == "GET" else 422
    context = {"thread": thread, "form": form, "crumbs": _crumbs(thread.forum)}
    return render(request, "forums/thread_move.html", context, status=status)


@require_safe
def post_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The lasting address of a post: the page of the thread on which it stands."""
    post = _post(request, pk, number)
    return redirect(_address_of(post, post.thread))


@login_required
def post_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    post = _post(request, pk, number)
    if not can_edit(request.user, post):
        raise PermissionDenied
    saved = {"markdown": post.markdown, "language": post.language}
    form = PostForm(request.POST or None, initial=saved)
    form.fields["markdown"].label = _("Your post")
    context = {"thread": post.thread, "post": post, "form": form}
    context["crumbs"] = _crumbs(post.thread.forum)
    if "preview" in request.POST:
        return _preview(request, "forums/post_edit.html", context)
    if form.is_valid():
        text = form.cleaned_data
        actions.edit_post(post, text["markdown"], text["language"])
        return redirect(post)
    status = 200 if request.method == "GET" else 422
    return render(request, "forums/post_edit.html", context, status=status)


@login_required
@require_POST
def post_hide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _moderate(request, pk, number, actions.hide_post)


@login_required
@require_POST
def post_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _moderate(request, pk, number, actions.restore_post)


@login_required
@require_POST
def post_accept(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Accept an answer, or take that back if it is the accepted one."""
    post = _post(request, pk, number)
    if not can_accept(request.user, post.thread):
        raise PermissionDenied
    if post.thread.accepted_post_id == post.pk:
        actions.unaccept_answer(post.thread)
    else:
        actions.accept_answer(post, request.user)
    return redirect(post)


# Steps that several views share


def _crumbs(*forums: Forum) -> list[tuple[str, str, str]]:
    """(label, address, language): the way to a page below these forums."""
    above = [(_("Forums"), reverse("forums:forum_list"), "")]
    here = [(one.name, one.get_absolute_url(), one.language) for one in forums]
    return above + here


def _begin(request: HttpRequest, forum: Forum) -> list[tuple[str, str]]:
    if not can_start(request.user, forum):
        return []
    return [(_("Start a thread"), reverse("forums:thread_new", args=[forum.slug]))]


def _address_of(post: Post, thread: Thread) -> str:
    page = f"?page={post.page}" if post.page > 1 else ""
    return f"{thread.get_absolute_url()}{page}#post-{post.number}"


def _listed(request: HttpRequest, threads) -> list[Thread]:
    """As a list shows them: answers, what is unread, who began."""
    rows = with_unread(with_replies(threads, request.user), request.user)
    found = list(rows.select_related("author__profile"))
    for thread in found:
        thread.byline = byline_of(thread, request.user)
    return found


def _forum(request: HttpRequest, slug: str) -> Forum:
    return get_object_or_404(Forum.objects.visible_to(request.user), slug=slug)


def _thread(request: HttpRequest, pk: int) -> Thread:
    threads = Thread.objects.visible_to(request.user).select_related("forum")
    return get_object_or_404(threads, pk=pk)


def _shown(request: HttpRequest, threads, pk: int) -> Thread:
    """A thread to be shown: with its answers counted, and whether it is news."""
    threads = Notification.objects.flag_news(threads, "thread", request.user)
    threads = with_unread(threads, request.user)
    return get_object_or_404(with_replies(threads, request.user), pk=pk)


def _moderated(request: HttpRequest, pk: int) -> Thread:
    thread = _thread(request, pk)
    if not can_moderate(request.user, thread.forum):
        raise PermissionDenied
    return thread


def _posts(request: HttpRequest, thread: Thread):
    posts = Post.objects.visible_to(request.user).filter(thread=thread)
    posts = Notification.objects.flag_news(posts, "post", request.user)
    return posts.with_authors().order_by("number")


def _post(request: HttpRequest, pk: int, number: int) -> Post:
    posts = Post.objects.visible_to(request.user).select_related("thread__forum")
    return get_object_or_404(posts, thread=pk, number=number)


def _moderate(
    request: HttpRequest, pk: int, number: int, action: Callable[[Post], None]
) -> HttpResponse:
    post = _post(request, pk, number)
    if not can_moderate(request.user, post.thread.forum):
        raise PermissionDenied
    action(post)
    return redirect(post)


def _page_number(request: HttpRequest, thread: Thread) -> int:
    """The page asked for; `?page=last` and whatever is too high give the last one."""
    wished = request.GET.get("page", "1")
    if wished == "last":
        return thread.pages
    number = int(wished) if wished.isascii() and wished.isdigit() else 1
    return min(max(number, 1), thread.pages)


def _count(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise Http404
    return int(value)


def _with_answer(
    request: HttpRequest, thread: Thread, entries: list[Entry]
) -> list[Entry]:
    """The first page shows the accepted answer at its top, wherever it was written."""
    accepted = thread.accepted_post_id
    if accepted and not any(one.is_accepted for one in entries):
        entries += entries_of(
            thread, _posts(request, thread).filter(pk=accepted), request.user
        )
    return answer_first(entries)


def _read(request: HttpRequest, thread: Thread, entries: list[Entry]) -> None:
    """Whoever reads posts has read what told of them; written only if there is any."""
    ahead = "Sec-Purpose" in request.headers  # fetched by a browser that guesses
    if request.method != "GET" or ahead or not request.user.is_authenticated:
        return
    posts = [one.post.pk for one in entries if one.post.is_news]
    if posts or thread.is_news:
        read_about(request.user, {"thread": [thread.pk], "post": posts})
    last = max((one.post.number for one in entries), default=0)
    if last > (thread.read_to or 0):
        ReadMark.objects.read_to(request.user, thread, last)


def _first_news(thread: Thread, entries: list[Entry], reader) -> Entry | None:
    """Where the reader goes on: what others wrote since they were here."""
    if thread.read_to is None:
        return None
    later = (one for one in entries if one.post.number > thread.read_to)
    return next((one for one in later if one.post.author_id != reader.pk), None)


def _reply_form(request: HttpRequest, thread: Thread) -> PostForm:
    return PostForm(initial={"language": writing_language(request, thread.language)})


def _preview(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """Before it is sent: alone for htmx, in the page with the form kept otherwise."""
    context = {**context, "preview": request.POST.get("markdown", "")}
    if is_htmx(request):
        return render(request, "forums/_preview.html", context)
    return render(request, template, context)


def _try(form: Form, action: Callable, *args, **fields):
    """The action's result; None if it refuses, with its reason on the form."""
    try:
        return action(*args, **fields)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _with_news(answer: HttpResponse) -> HttpResponse:
    """The page that wrote need not wait for the socket."""
    answer["HX-Trigger"] = "thread-news"
    return answer
