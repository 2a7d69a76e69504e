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
from forums.asking import can_ask
from forums.conversations import about_of
from forums.drafting import may_keep
from forums.forms import CloseForm, MoveForm
from forums.models import POSTS_A_PAGE, Forum, Post, Thread, moderated_by
from forums.own import BOOKMARK
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
    changed_since,
    elided,
    entries_of,
    posts_on_page,
    themes_of,
)
from forums.reviewing import waiting_in
from forums.unread import first_unread
from forums.views.shared import (
    address_of,
    attempt,
    crumbs_of,
    find_forum,
    find_moderated,
    find_shown,
    find_thread,
    note_read,
    page_asked,
    whole_number,
)
from forums.views.similar import similar_to
from forums.views.writing import (
    answer_preview,
    begin_form,
    form_sent,
    show_form,
    text_is_kept,
    turn_back,
)
from network.htmx import is_htmx
from network.notifications.following import follow_form
from network.quick import part
from search.queries import related_to

MANY = POSTS_A_PAGE


@text_is_kept
def thread_new(request: HttpRequest, slug: str) -> HttpResponse:
    """What comes for a forum archived meanwhile is answered with its text."""
    forum = find_forum(request, slug)
    may = can_start if request.method != "POST" else may_keep
    if not may(request.user, forum):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    about = about_of(sent.get("about", ""), request.user)
    if request.method != "POST":
        return show_form(request, forum, about=about, **begin_form(request, forum))
    form = form_sent(request, forum)
    if "preview" in request.POST:
        near = [] if is_htmx(request) else similar_to(request)
        return answer_preview(request, forum, form, about=about, similar=near)
    if form.is_valid():
        fields = {**form.cleaned_data, "about": about["key"] if about else ""}
        thread = attempt(form, actions.send_thread, forum, request.user, **fields)
        if thread:
            return redirect(thread)
    return turn_back(request, forum, form, about=about)


@require_safe
def thread_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    thread = find_shown(request, pk, _on_page)
    if slug != thread.slug:
        return redirect(thread, permanent=True)
    number = _page_number(request, thread)
    posts = posts_on_page(thread, number, request.user)
    entries = entries_of(thread, posts, request.user)
    if number == 1:
        entries = _with_answer(request, thread, entries)
    note_read(request, thread, entries, number * POSTS_A_PAGE)
    context = {
        "thread": thread,
        "entries": entries,
        "first_news": _first_news(thread, entries, request.user),
        "number": number,
        "pages": elided(number, thread.pages),
        "posts_before": (number - 1) * POSTS_A_PAGE,
        "posts_until": number * POSTS_A_PAGE,
        "crumbs": crumbs_of(thread.forum),
        "themes": themes_of(thread),
        "people": list({one.author.name: one.author for one in entries}.values())[:6],
        "follow": follow_form(request, thread),
        "can_reply": can_reply(request.user, thread),
        "can_ask": can_ask(request.user, thread),
        "is_bookmarked": BOOKMARK in thread.own.of(0),
        "can_moderate": can_moderate(request.user, thread.forum),
        "can_change": can_change(request.user, thread),
        "about": about_of(thread.about, request.user) if thread.about else None,
        "waiting": waiting_in(thread, thread.forum, request.user),
    }
    if context["can_reply"]:
        context |= begin_form(request, thread)
    return render(request, "forums/thread_detail.html", context)


@require_safe
def thread_near(request: HttpRequest, pk: int) -> HttpResponse:
    """What others have learned about the same; fetched when it comes into view."""
    thread = find_thread(request, pk)
    near = related_to(thread, request)
    return HttpResponse(part("forums/_near.jinja", {"thread": thread, "near": near}))


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
    What a page missed that slept for a day is not poured into it: where there are many
    after `?last=58`, the last it shows, it is told how many, and where they begin.
    """
    thread = find_shown(request, pk, _on_open_page)
    since = whole_number(request, "since")
    if since >= thread.revision:
        return HttpResponse(status=204)
    after, until = whole_number(request, "after"), thread.last_number
    if "until" in request.GET:
        until = min(until, whole_number(request, "until"))
    numbers, posts = changed_since(thread, since, after, until, request.user)
    if "last" in request.GET:
        last = whole_number(request, "last")
        if sum(number > last for number in numbers) > MANY:
            return _many_news(request, thread, last)
    entries = entries_of(thread, posts, request.user)
    shown = {one.post.number for one in entries}
    note_read(request, thread, entries, until, just_came=True)
    context = {
        "thread": thread,
        "entries": entries,
        "can_reply": can_reply(request.user, thread),
        "gone": [number for number in numbers if number not in shown],
    }
    return render(request, "forums/_news.html", context)


def _many_news(request: HttpRequest, thread: Thread, last: int) -> HttpResponse:
    """The link to the post itself: an address on the same page would load nothing."""
    later = Post.objects.of(thread, request.user).filter(number__gt=last)
    first = later.first()
    context = {"n": later.count(), "url": first and first.get_absolute_url()}
    return render(request, "forums/_many_news.html", context)


@text_is_kept
def thread_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked for by GET after a new language or sign-in: then the form in the thread.

    What comes for a thread closed meanwhile is answered with its text.
    """
    thread = find_thread(request, pk)
    if request.method != "POST":
        return redirect(f"{thread.get_absolute_url()}?page=last#reply")
    if not may_keep(request.user, thread):
        raise PermissionDenied
    form = form_sent(request, thread)
    if "preview" in request.POST:
        return answer_preview(request, thread, form)
    if form.is_valid():
        fields = form.cleaned_data
        post = attempt(form, actions.send_reply, thread, request.user, **fields)
        if post and is_htmx(request):
            context = begin_form(request, thread)
            return _with_news(show_form(request, thread, sent=post, **context))
        if post:
            return redirect(post)
    return turn_back(request, thread, form)


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
    return page_asked(wished, thread.pages)


def _on_page(request: HttpRequest, thread: Thread) -> tuple[int, int]:
    last = _page_number(request, thread) * POSTS_A_PAGE
    return last - POSTS_A_PAGE + 1, last


def _on_open_page(request: HttpRequest, thread: Thread) -> tuple[int, int]:
    last = "until" in request.GET and whole_number(request, "until")
    return whole_number(request, "after") + 1, last or thread.last_number


def _with_answer(
    request: HttpRequest, thread: Thread, entries: list[Entry]
) -> list[Entry]:
    """The first page shows the accepted answer at its top, wherever it was written."""
    accepted = thread.accepted_post_id
    if accepted and not any(one.is_accepted for one in entries):
        answer = Post.objects.of(thread, request.user).filter(pk=accepted)
        entries += entries_of(thread, answer, request.user)
    return answer_first(entries)


def _first_news(thread: Thread, entries: list[Entry], reader) -> Entry | None:
    """Where the reader goes on: what others wrote since they were here.

    The lowest of them: an accepted answer may stand above it.
    """
    read_to, cut = thread.standing.read_to, thread.standing.cut
    if read_to is None and cut is None:
        return None
    later = [
        one
        for one in entries
        if one.post.number > (read_to or 0)
        and not (cut and one.post.created_at <= cut)
        and not (one.post.author_id == reader.pk or one.is_muted)
    ]
    return min(later, key=lambda one: one.post.number, default=None)


def _with_news(answer: HttpResponse) -> HttpResponse:
    """The page that wrote need not wait for the socket."""
    answer["HX-Trigger"] = "thread-news"
    return answer
