"""The queue of moderators, one thing in it, and what was decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums import actions
from forums.models import Attachment, Flag, Review
from forums.permissions import can_review
from forums.reading import files_below
from forums.review_filters import DecisionFilter, ReviewFilter
from forums.review_forms import DecideForm
from forums.reviewing import items_of, with_all
from forums.shown import held_texts, texts_of
from forums.views.shared import attempt, crumbs_of
from network.notifications.actions import read_about
from network.pagination import page_of


@login_required
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    waiting = _moderated(request).waiting()
    narrowed = ReviewFilter(request.GET, waiting, request=request)
    context = _listed(request, narrowed, "opened_at", "pk") | {
        "title": _("Review"),
        "narrow": _("Narrow what waits"),
        "onward": [(_("What was decided"), reverse("forums:decision_list"))],
    }
    return render(request, "forums/review_list.html", context)


@login_required
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """What was decided, by whom and why, the newest first."""
    decided = _moderated(request).decided()
    narrowed = DecisionFilter(request.GET, decided, request=request)
    context = _listed(request, narrowed, "-decided_at", "-pk") | {
        "title": _("What was decided"),
        "narrow": _("Narrow the decisions"),
    }
    return render(request, "forums/decision_list.html", context)


@login_required
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """To moderators the thing itself and what can be done; to others the outcome."""
    rows = with_all(Review.objects.visible_to(request.user))
    review = get_object_or_404(rows, pk=pk)
    if request.method == "GET":
        read_about(request.user, {"review": [pk]})
    if not Review.objects.moderated_by(request.user).filter(pk=pk).exists():
        return _outcome(request, review)
    if review.decided_at and request.method != "POST":
        return _show(request, review)
    form = DecideForm(request.POST or None, review=review)
    if request.method != "POST":
        return _show(request, review, form=form)
    if form.is_valid():
        attempt(form, actions.decide, review, request.user, **form.cleaned_data)
    if form.errors:
        review = rows.get(pk=pk)  # as whoever came first has left it
        twice = request.user.pk, request.POST.get("outcome")
        if (review.decided_by_id, review.outcome) != twice:
            return _show(request, review, 422, form=form)
    messages.success(request, _("Decided. Both sides are told."))
    return redirect("forums:review_list")


@login_required
@require_POST
def review_claim(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(_moderated(request), pk=pk)
    if not actions.claim_review(review, request.user):
        messages.warning(request, _("Another moderator was first."))
    return redirect(review)


@login_required
@require_POST
def review_release(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(_moderated(request), pk=pk)
    actions.release_review(review, request.user)
    return redirect("forums:review_list")


def _moderated(request: HttpRequest):
    """Whoever moderates nothing does not learn that there is a queue."""
    if not can_review(request.user):
        raise Http404
    return Review.objects.moderated_by(request.user)


def _listed(request: HttpRequest, narrowed, *order: str) -> dict:
    """What forums/_reviews.html shows."""
    page = page_of(request, with_all(narrowed.qs.order_by(*order)))
    return {
        "page": page,
        "items": items_of(page.object_list, request.user),
        "narrowed": narrowed,
        "crumbs": crumbs_of(),
    }


def _show(
    request: HttpRequest, review: Review, status: int = 200, form=None
) -> HttpResponse:
    (item,) = items_of([review], request.user)
    context = {
        "item": item,
        "text": _text(review, request.user),
        "review": review,
        "form": form,
        "files": _files(review),
        "crumbs": [*crumbs_of(), (_("Review"), reverse("forums:review_list"), "")],
    }
    return render(request, "forums/review_detail.html", context, status=status)


def _text(review: Review, reader) -> str:
    texts = texts_of if review.post else held_texts
    subject = review.subject
    return texts([subject], reader)[subject.pk] if subject else ""


def _files(review: Review) -> list[Attachment]:
    if review.post:
        return files_below([review.post])[review.post.pk]
    return list(review.held.attachments.all()) if review.held else []


def _outcome(request: HttpRequest, review: Review) -> HttpResponse:
    """To its author, and to who reported it: neither learns of the other."""
    if request.method == "POST":
        raise PermissionDenied
    subject = review.subject
    context = {
        "review": review,
        "subject": subject,
        "title": review.title,
        "is_author": bool(subject) and subject.author_id == request.user.pk,
        "flag": Flag.objects.filter(review=review, by=request.user).first(),
        "crumbs": crumbs_of(),
    }
    return render(request, "forums/review_outcome.html", context)
