from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from network.languages import country_name, language_name
from network.pagination import page_of
from network.people import actions, permissions
from network.people.audiences import muted_by
from network.people.filters import PersonFilter
from network.people.forms.profiles import ProfileForm
from network.people.models import Block, Profile, Reach, ShownProfile
from network.people.sections import facts_of, sections_of

SEEN_AS = (Reach.PUBLIC, Reach.MEMBERS, Reach.PARTNERSHIPS)


def person_list(request: HttpRequest) -> HttpResponse:
    people = Profile.objects.visible_to(request.user).select_related("user")
    chosen = PersonFilter(request.GET, queryset=people, request=request)
    page = page_of(request, chosen.qs.distinct() if chosen.form.is_valid() else people)
    shown = [profile.shown_to(request.user) for profile in page]
    facts = facts_of(request.user, shown)
    items = [_item(one, facts[one.user_id]) for one in shown]
    return render(
        request,
        "people/person_list.html",
        {
            "page": page,
            "items": items,
            "form": chosen.form,
            "is_narrowed": any(request.GET.get(name) for name in chosen.filters),
        },
    )


def _item(shown: ShownProfile, facts: list[str]) -> dict:
    """What includes/_item.html shows of a person."""
    where = [shown.city, shown.country and country_name(shown.country)]
    place = ", ".join(part for part in where if part)
    spoken = ", ".join(language_name(code) for code in shown.languages)
    return {
        "kind": "person",
        "url": shown.url,
        "title": shown.name,
        "summary": shown.headline,
        "language": shown.bio_language if shown.headline else "",
        "facts": [fact for fact in (place, spoken, *facts) if fact],
        "avatar": shown,
    }


def person_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A person as the viewer may see them; to oneself also as others do (?as=)."""
    profile = get_object_or_404(
        Profile.objects.visible_to(request.user).select_related("user"), slug=slug
    )
    is_own = profile.user_id == request.user.pk
    seen_as = request.GET.get("as", "")
    if is_own and seen_as in SEEN_AS:
        shown = profile.shown_at(seen_as)
    else:
        shown, seen_as = profile.shown_to(request.user), ""
    sections = sections_of(request.user, shown)
    return render(
        request,
        "people/person_detail.html",
        {
            "profile": profile,
            "shown": shown,
            "is_own": is_own,
            "seen_as": seen_as,
            "seen_as_label": Reach(seen_as).label if seen_as else "",
            "seen_as_choices": [(reach, reach.label) for reach in SEEN_AS],
            "sections": {
                place: [part for part in sections if part.place == place]
                for place in ("top", "main", "side")
            },
            "facts": _own_facts(profile) if is_own and not seen_as else [],
            "is_muted": profile.user_id in muted_by(request.user),
            "can_suspend": permissions.can_suspend(request.user, profile.user),
        },
    )


def _own_facts(profile: Profile) -> list[tuple[str, str, str]]:
    """(what, value, reach) of each field, for the owner's eyes."""
    work = ", ".join(part for part in (profile.work_title, profile.work_place) if part)
    values = {
        "name": (_("Name"), profile.name),
        "work": (_("Work now"), work),
        "country": (_("Country"), profile.country and country_name(profile.country)),
        "city": (_("Town"), profile.city),
        "exchange": (_("Exchanges"), _("As shown above")),
        "email": (_("E-mail"), profile.user.email),
        "phone": (_("Phone"), profile.phone),
    }
    return [
        (label, value or _("Not given"), profile.reach_of(field))
        for field, (label, value) in values.items()
    ]


def person_photo(request: HttpRequest, slug: str) -> HttpResponse:
    """The photo, for whoever may see it; never a file on the open web."""
    profile = get_object_or_404(
        Profile.objects.visible_to(request.user).select_related("user"), slug=slug
    )
    if not profile.shown_to(request.user).photo_url:
        raise Http404
    response = FileResponse(profile.photo.open(), content_type="image/jpeg")
    patch_cache_control(response, private=True, max_age=3600)
    return response


@login_required
def profile_edit(request: HttpRequest) -> HttpResponse:
    profile = get_object_or_404(
        Profile.objects.select_related("user"), user=request.user
    )
    form = ProfileForm(request.POST or None, request.FILES or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        _save_profile(form)
        messages.success(request, _("Your profile is saved."))
        if request.user.is_member:
            return redirect(profile)
        return redirect("people:waiting")
    status = 422 if request.method == "POST" else 200
    own = profile.shown_at(Reach.ME)
    context = {"form": form, "profile": profile, "own": own}
    return render(request, "people/profile_edit.html", context, status=status)


def _save_profile(form: ProfileForm) -> None:
    given = form.cleaned_data
    profile = form.fill()
    actions.change_profile(profile, themes=given["themes"])
    if given.get("photo"):
        actions.set_photo(profile, given["photo"])
    elif given.get("remove_photo"):
        actions.remove_photo(profile)


@login_required
@require_POST
def person_block(request: HttpRequest, slug: str) -> HttpResponse:
    profile = get_object_or_404(Profile.objects.visible_to(request.user), slug=slug)
    try:
        actions.block(request.user, profile.user)
    except ValidationError as error:
        raise PermissionDenied(error.message) from None
    messages.success(request, _("You will no longer be shown to each other."))
    return redirect("people:blocked_list")


@login_required
def blocked_list(request: HttpRequest) -> HttpResponse:
    """Whom I blocked, which only I can see, and take back."""
    blocks = Block.objects.filter(blocker=request.user).select_related("blocked")
    return render(request, "people/blocked_list.html", {"blocks": blocks})


@login_required
@require_POST
def block_remove(request: HttpRequest, block_id: int) -> HttpResponse:
    block = get_object_or_404(Block, pk=block_id, blocker=request.user)
    actions.unblock(request.user, block.blocked)
    messages.success(request, _("You can be shown to each other again."))
    return redirect("people:blocked_list")


@login_required
@require_POST
def person_suspend(request: HttpRequest, slug: str) -> HttpResponse:
    if not permissions.can_approve(request.user):
        raise Http404
    profile = get_object_or_404(Profile.objects.visible_to(request.user), slug=slug)
    if not permissions.can_suspend(request.user, profile.user):
        raise PermissionDenied
    actions.suspend(profile.user, by=request.user)
    messages.success(request, _("The account is suspended."))
    return redirect("people:approval_list")


@login_required
def account_detail(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account, each on its own page."""
    return render(
        request,
        "account/index.html",
        {"has_totp": request.user.authenticator_set.filter(type="totp").exists()},
    )
