from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from forums import actions
from forums.conversations import about_of
from forums.forms import CloseForm, MoveForm, PostForm, ThreadForm, writing_language
from forums.models import POSTS_A_PAGE, Forum, Thread, moderated_by
from forums.permissions import (
    can_change,
    can_moderate,
    can_reply,
    can_run_rooms,
    can_start,
)
from forums.reach import audience_words, change_of_thread
from forums.reading import (
    Entry,
    answer_first,
    elided,
    entries_of,
)
from forums.unread import first_unread
from forums.views.shared import (
    address_of,
    answer_preview,
    attempt,
    crumbs_of,
    find_forum,
    find_moderated,
    find_shown,
    find_thread,
    note_read,
    posts_of,
    whole_number,
)
from network.htmx import is_htmx
from network.notifications.models import Subscription
from search.queries import related_to


@login_required
def thread_new(request: HttpRequest, slug: str) -> HttpResponse:
    forum = find_forum(request, slug)
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
        about = request.GET.get("about", "")
    else:
        form = ThreadForm(request.POST)
        about = request.POST.get("about", "")
    about = about_of(about, request.user)
    context = {"forum": forum, "form": form, "crumbs": crumbs_of(forum)}
    context["about"] = about
    if "preview" in request.POST:
        return answer_preview(request, "forums/thread_new.html", context)
    if form.is_valid():
        fields = {**form.cleaned_data, "about": about["key"] if about else ""}
        thread = attempt(form, actions.start_thread, forum, request.user, **fields)
        if thread:
            return redirect(thread)
    status = 200 if request.method == "GET" else 422
    return render(request, "forums/thread_new.html", context, status=status)


@require_safe
def thread_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    threads = Thread.objects.visible_to(request.user).select_related("forum")
    threads = Subscription.objects.with_level(threads, "thread", request.user)
    thread = find_shown(request, threads, pk)
    if slug != thread.slug:
        return redirect(thread, permanent=True)
    number = _page_number(request, thread)
    posts = posts_of(request, thread).on_page(number)
    entries = entries_of(thread, posts, request.user)
    if number == 1:
        entries = _with_answer(request, thread, entries)
    note_read(request, thread, entries)
    context = {
        "thread": thread,
        "entries": entries,
        "first_news": _first_news(thread, entries, request.user),
        "number": number,
        "pages": elided(number, thread.pages),
        "posts_before": (number - 1) * POSTS_A_PAGE,
        "posts_until": number * POSTS_A_PAGE,
        "crumbs": crumbs_of(thread.forum),
        "themes": thread.themes.all(),
        "people": list({one.author.name: one.author for one in entries}.values()),
        "can_reply": can_reply(request.user, thread),
        "can_moderate": can_moderate(request.user, thread.forum),
        "can_change": can_change(request.user, thread),
        "about": about_of(thread.about, request.user) if thread.about else None,
        "form": _reply_form(request, thread),
    }
    return render(request, "forums/thread_detail.html", context)


@require_safe
def thread_near(request: HttpRequest, pk: int) -> HttpResponse:
    """What others have learned about the same; fetched when it comes into view."""
    thread = find_thread(request, pk)
    near = related_to(thread, request)
    return render(request, "forums/_near.html", {"thread": thread, "near": near})


@require_safe
def thread_unread(request: HttpRequest, pk: int) -> HttpResponse:
    """To the first post one has not read; where all is read, to the last."""
    thread = find_thread(request, pk)
    post = first_unread(thread, request.user)
    if post is None:
        return redirect(f"{thread.get_absolute_url()}?page=last")
    return redirect(address_of(post, thread))


@require_GET
def thread_news(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since `?since=<revision>`, for a page that is open; 204: nothing.

    `?after=30` leaves out the posts of earlier pages, `?until=60` those of later ones.
    """
    threads = Thread.objects.visible_to(request.user).select_related("forum")
    thread = find_shown(request, threads, pk)
    since = whole_number(request, "since")
    if since >= thread.revision:
        return HttpResponse(status=204)
    changed = thread.posts.filter(
        revision__gt=since, number__gt=whole_number(request, "after")
    )
    if "until" in request.GET:
        changed = changed.filter(number__lte=whole_number(request, "until"))
    posts = posts_of(request, thread).filter(pk__in=changed.values("pk"))
    entries = entries_of(thread, posts, request.user)
    shown = {one.post.number for one in entries}
    note_read(request, thread, entries)
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
    thread = find_thread(request, pk)
    if request.method != "POST":
        return redirect(f"{thread.get_absolute_url()}?page=last#reply")
    if not can_reply(request.user, thread):
        raise PermissionDenied
    form = PostForm(request.POST)
    context = {"thread": thread, "form": form, "crumbs": crumbs_of(thread.forum)}
    if "preview" in request.POST:
        return answer_preview(request, "forums/thread_reply.html", context)
    if form.is_valid():
        fields = form.cleaned_data
        post = attempt(form, actions.post_reply, thread, request.user, **fields)
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
    thread = find_moderated(request, pk)
    form = CloseForm(request.POST)
    if form.is_valid():
        actions.close_thread(thread, form.cleaned_data["note"])
        return redirect(thread)
    context = {"thread": thread, "form": form, "crumbs": crumbs_of(thread.forum)}
    return render(request, "forums/thread_close.html", context, status=422)


@login_required
@require_POST
def thread_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    thread = find_moderated(request, pk)
    actions.reopen_thread(thread)
    return redirect(thread)


@login_required
def thread_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Says first who loses access and who gains; pressed again, it is done.

    `told` holds what was said: told of another audience, one is asked anew.
    """
    thread = find_moderated(request, pk)
    form = MoveForm(
        request.POST or None,
        forums=forums_to_move_to(request, thread),
        initial={"forum": request.GET.get("forum")},
    )
    context = {"thread": thread, "form": form, "crumbs": crumbs_of(thread.forum)}
    if not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "forums/thread_move.html", context, status=status)
    forum, was = form.cleaned_data["forum"], thread.forum
    told = f"{forum.pk}:{was.audience}:{forum.audience}"
    if form.cleaned_data["told"] != told:
        context |= _consequences(request, thread, forum) | {"told": told}
        return render(request, "forums/thread_move.html", context)
    actions.move_thread(thread, forum)
    messages.success(request, _moved(thread, was, forum))
    return redirect(thread)


def _moved(thread: Thread, was: Forum, forum: Forum) -> str:
    words = _("The thread has been moved from {old} to {new}.")
    query = {"forum": was.pk}
    return format_html(
        '{} <a href="{}">{}</a>',
        words.format(old=was.name, new=forum.name),
        reverse("forums:thread_move", args=[thread.pk], query=query),
        _("Move it back"),
    )


def forums_to_move_to(request: HttpRequest, thread: Thread):
    forums = Forum.objects.visible_to(request.user).filter(archived_at=None)
    forums = forums.exclude(pk=thread.forum_id)
    if can_run_rooms(request.user):
        return forums
    return forums.filter(pk__in=moderated_by(request.user))


def _consequences(request: HttpRequest, thread: Thread, forum: Forum) -> dict:
    return {
        "to": forum,
        "change": change_of_thread(thread, forum),
        "before": audience_words(thread.forum.audience, request.user),
        "after": audience_words(forum.audience, request.user),
    }


def _page_number(request: HttpRequest, thread: Thread) -> int:
    """The page asked for; `?page=last` and whatever is too high give the last one."""
    wished = request.GET.get("page", "1")
    if wished == "last":
        return thread.pages
    number = int(wished) if wished.isascii() and wished.isdigit() else 1
    return min(max(number, 1), thread.pages)


def _with_answer(
    request: HttpRequest, thread: Thread, entries: list[Entry]
) -> list[Entry]:
    """The first page shows the accepted answer at its top, wherever it was written."""
    accepted = thread.accepted_post_id
    if accepted and not any(one.is_accepted for one in entries):
        entries += entries_of(
            thread, posts_of(request, thread).filter(pk=accepted), request.user
        )
    return answer_first(entries)


def _first_news(thread: Thread, entries: list[Entry], reader) -> Entry | None:
    """Where the reader goes on: what others wrote since they were here."""
    if thread.read_to is None and thread.cut is None:
        return None
    later = (one for one in entries if one.post.number > (thread.read_to or 0))
    if thread.cut:
        later = (one for one in later if one.post.created_at > thread.cut)
    return next((one for one in later if one.post.author_id != reader.pk), None)


def _reply_form(request: HttpRequest, thread: Thread) -> PostForm:
    return PostForm(initial={"language": writing_language(request, thread.language)})


def _with_news(answer: HttpResponse) -> HttpResponse:
    """The page that wrote need not wait for the socket."""
    answer["HX-Trigger"] = "thread-news"
    return answer
