"""The writing forms: fresh, with the draft there is, or going back as they came."""

from collections.abc import Callable
from copy import copy
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from forums.actions import save_draft
from forums.actions.drafts import DoneWith, StaleDraft
from forums.actions.texts import read_text
from forums.drafting import (
    LONGEST_DRAFT,
    Desk,
    edit_token,
    fields_of,
    keep_for_writer,
    may_keep,
    open_desk,
    sequence_of,
    token_of,
    writer_for,
)
from forums.forms import LONGEST_POST, EditForm, PostForm, ThreadForm, writing_language
from forums.models import Forum, Post, Thread
from forums.models.drafts import Place
from forums.permissions import is_newcomer
from forums.shown import text_shown
from forums.views.quotes import quote_asked
from forums.views.shared import crumbs_of
from network.htmx import is_htmx


def text_is_kept(view: Callable) -> Callable:
    """As login_required; what somebody sends too late stands as their draft."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        there = request.get_full_path()
        if request.method == "POST":
            kept = keep_for_writer(request.POST)
            there = kept or there
            if kept and not wants_json(request):
                told = _("What you wrote is kept. Sign in, and it is there again.")
                messages.success(request, told)
        return to_sign_in(request, there)

    return answer


def to_sign_in(request: HttpRequest, there: str) -> HttpResponse:
    answer = redirect_to_login(resolve_url(there))
    if wants_json(request):
        return JsonResponse({}, status=401)
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def begin_form(request: HttpRequest, place: Place) -> dict:
    """`form` and `desk`: a fresh form, or one that goes on with the draft."""
    desk = open_desk(request.user, place)
    return {
        "form": form_of(request, place, initial=_initial(request, place, desk)),
        "desk": desk,
        "first_posts_wait": _waits(request, place),
    }


def form_sent(request: HttpRequest, place: Place) -> PostForm:
    """With what was sent; its files are kept from now on."""
    form = form_of(request, place, request.POST, request.FILES)
    form.keep_files()
    return form


def form_of(request: HttpRequest, place: Place, *sent, **options) -> PostForm:
    post = place if isinstance(place, Post) else None
    kind = {Forum: ThreadForm, Thread: PostForm, Post: EditForm}[type(place)]
    form = kind(*sent, writer=request.user, post=post, **options)
    if post:
        form.fields["markdown"].label = _("Your post")
    return form


def _waits(request: HttpRequest, place: Place) -> bool:
    if isinstance(place, Post):
        return False
    forum = place if isinstance(place, Forum) else place.forum
    return is_newcomer(request.user, forum)


def _initial(request: HttpRequest, place: Place, desk: Desk) -> dict:
    if isinstance(place, Post):
        saved = {"markdown": place.markdown, "language": place.language}
        saved["version"] = place.edits
        return {**saved, "token": edit_token(place), **desk.fields}
    wished = {"language": writing_language(request, place.language)}
    quote = quote_asked(request, place) if isinstance(place, Thread) else ""
    if quote:
        begun = desk.fields.get("markdown", "").rstrip()
        desk.fields = {**desk.fields, "markdown": f"{begun}\n\n{quote}".lstrip()}
    if isinstance(place, Forum):
        wished["kind"] = request.GET.get("kind") or Thread.Kind.QUESTION
        wished["title"] = request.GET.get("title", "")[:200]
    return {**wished, **desk.fields}


def keep_unsent(request: HttpRequest, place: Place, form: PostForm) -> Desk:
    """For a form that goes back as it came: its text is a draft from now on.

    Whatever its reader does next, choosing another language or closing the page.
    """
    user, sent = request.user, request.POST
    desk = Desk(place, writer_for(user, place), sequence=sequence_of(sent))
    fields = fields_of(sent, form.kept)
    if not may_keep(user, place) or len(fields.get("markdown", "")) > LONGEST_DRAFT:
        return desk
    try:
        desk.sequence = save_draft(user, place, fields, desk.sequence, token_of(sent))
        desk.is_kept = desk.sequence > 0
    except StaleDraft as stale:
        desk.newer, desk.sequence = stale.draft, stale.draft.sequence
        desk.token = edit_token(place) if isinstance(place, Post) else ""
    except DoneWith:
        pass
    return desk


def answer_preview(
    request: HttpRequest, place: Place, form: PostForm, **more
) -> HttpResponse:
    """Before it is sent: alone for htmx, in the page with the form kept otherwise."""
    preview = {"preview": preview_of(place, form), "form": form}
    if is_htmx(request):
        preview["swap_files"] = bool(request.FILES)
        return render(request, "forums/_preview.html", preview)
    status = 422 if form.has_error("files") else 200
    desk = keep_unsent(request, place, form)
    return show_form(request, place, status, desk=desk, **preview, **more)


def preview_of(place: Place, form: PostForm) -> dict:
    """html and problems, as it would stand there: whom it names shows by their name."""
    markdown = form.data.get("markdown", "").replace("\0", "")[:LONGEST_POST]
    post = Post(author=form.writer, thread=thread_of(place), number=0)
    if isinstance(place, Post):
        post = copy(place)
    post.markdown, post.language = markdown, form.data.get("language", "")
    text = read_text(post, form.pictures())
    return {
        "html": text_shown(post, text, form.writer) if markdown.strip() else "",
        "problems": text.problems,
    }


def thread_of(place: Place) -> Thread:
    """Where it stands; what begins a thread stands in one yet to be."""
    if isinstance(place, Forum):
        return Thread(forum=place)
    return place.thread if isinstance(place, Post) else place


def show_form(
    request: HttpRequest, place: Place, status: int = 200, **context
) -> HttpResponse:
    """The page of the form; for htmx the answer's form alone. Needs `form`, `desk`."""
    template, more = _page(place)
    if isinstance(place, Thread) and is_htmx(request):
        template = "forums/_reply.html"
    return render(request, template, {**more, **context}, status=status)


def turn_back(
    request: HttpRequest, place: Place, form: PostForm, **context
) -> HttpResponse:
    """The form as it came, with what is wrong; its text is a draft from now on."""
    wait = getattr(form, "wait", 0)
    context |= {"form": form, "desk": keep_unsent(request, place, form)}
    answer = show_form(request, place, 429 if wait else 422, **context)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _page(place: Place) -> tuple[str, dict]:
    if isinstance(place, Forum):
        return "forums/thread_new.html", {"forum": place, "crumbs": crumbs_of(place)}
    thread = place.thread if isinstance(place, Post) else place
    context = {"thread": thread, "crumbs": crumbs_of(thread.forum)}
    if isinstance(place, Post):
        return "forums/post_edit.html", {**context, "post": place}
    return "forums/thread_reply.html", context
