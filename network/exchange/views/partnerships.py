from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from network.about import about_sections
from network.audience import audiences_of
from network.exchange import actions, permissions
from network.exchange.audiences import partnerships_of
from network.exchange.forms.partnerships import (
    AudienceForm,
    ContributionForm,
    GainForm,
    GoalChangeForm,
    GoalForm,
    RoundForm,
    StaffAccessForm,
)
from network.exchange.models import (
    Contribution,
    Gain,
    Organisation,
    OrganisationMembership,
    Partnership,
    PartnershipMember,
    Placement,
    Round,
    StaffAccess,
)
from network.exchange.models.partnerships import NORTH
from network.exchange.timeline import timeline
from network.languages import country_name
from network.pagination import page_of
from network.people.models import Profile


def partnership_list(request: HttpRequest) -> HttpResponse:
    """One's own first, then those that all partners agreed to show."""
    mine = (
        partnerships_of(request.user.pk)
        if getattr(request.user, "is_member", False)
        else ()
    )
    visible = _with_partners(Partnership.objects.visible_to(request.user))
    own = visible.filter(pk__in=mine)
    page = page_of(request, visible.exclude(pk__in=mine))
    return render(
        request,
        "exchange/partnership_list.html",
        {
            "own": [_item(one) for one in own],
            "page": page,
            "items": [_item(one) for one in page],
            "can_take_access": permissions.can_take_access(request.user),
        },
    )


def _with_partners(partnerships):
    members = PartnershipMember.objects.select_related("organisation")
    counted = partnerships.annotate(round_count=Count("rounds", distinct=True))
    # Counting in groups forgets the model's order, and pages need one.
    return counted.order_by(*Partnership._meta.ordering).prefetch_related(
        Prefetch("members", members)
    )


def _item(partnership: Partnership) -> dict:
    partners = [member.organisation for member in partnership.partners()]
    countries = dict.fromkeys(country_name(one.country) for one in partners)
    since = _("Since %(year)s") % {"year": partnership.started}
    facts = [", ".join(one.name for one in partners), ", ".join(countries)]
    if partnership.started:
        facts.append(since)
    return {
        "kind": "partnership",
        "url": partnership.get_absolute_url(),
        "title": partnership.name,
        "language": partnership.language,
        "summary": partnership.summary,
        "meta": partnership.geometry,
        "facts": facts,
    }


def partnership_detail(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = _visible(request, slug)
    user = request.user
    is_inside = partnership.own_audience in audiences_of(user)
    partners = partnership.partners()
    rounds = list(partnership.rounds.all())
    goals = list(
        partnership.goals.select_related("organisation").prefetch_related("versions")
    )
    visible = Organisation.objects.visible_to(user).filter(partnerships=partnership)
    return render(
        request,
        "exchange/partnership_detail.html",
        {
            "partnership": partnership,
            "partners": partners,
            "open_organisations": set(visible.values_list("pk", flat=True)),
            "joint_goals": [goal for goal in goals if not goal.organisation_id],
            "own_goals": _by_partner(partners, goals),
            "rounds": rounds,
            "counts": _counts(partnership),
            "participants": _participants(user, partnership),
            "shares": _shares(partnership, partners),
            "timeline": timeline(partnership, rounds, goals),
            "administrators": _administrators(user, partners),
            "is_inside": is_inside,
            "acting_for": permissions.acting_for(user, partnership),
            "agreeing_for": permissions.can_agree_for(user, partnership),
            "accesses": _accesses(partnership) if is_inside else [],
            "about_sections": about_sections(request, partnership),
        },
    )


def _visible(request: HttpRequest, slug: str) -> Partnership:
    rows = _with_partners(Partnership.objects.visible_to(request.user))
    return get_object_or_404(rows, slug=slug)


def _by_partner(partners, goals) -> list[dict]:
    """Each partner's own goals, in the partnership's order."""
    own = [
        {
            "organisation": member.organisation,
            "goals": [
                goal for goal in goals if goal.organisation_id == member.organisation_id
            ],
        }
        for member in partners
    ]
    return [one for one in own if one["goals"]]


def _counts(partnership: Partnership) -> dict:
    """How many went which way: what the partners agreed to show, without names."""
    placed = Placement.objects.confirmed().filter(round__partnership=partnership)
    ways = list(placed.values_list("from_country", "to_country"))
    south = sum(1 for there, here in ways if there in NORTH and here not in NORTH)
    north = sum(1 for there, here in ways if there not in NORTH and here in NORTH)
    return {"all": len(ways), "south": south, "north": north}


def _participants(viewer, partnership: Partnership) -> list:
    """(shown person, placement) of those who show the viewer their exchange."""
    people = Profile.objects.visible_to(viewer).showing("exchange", viewer)
    placed = Placement.objects.confirmed().filter(
        round__partnership=partnership, person__profile__in=people
    )
    rows = placed.select_related("person__profile", "round")
    return [(_shown(row.person, viewer), row) for row in rows]


def _shown(person, viewer):
    profile = person.profile
    profile.user = person
    return profile.shown_to(viewer)


def _shares(partnership: Partnership, partners) -> list[dict]:
    """What each partner gave and got, in the partnership's order."""
    gave = list(partnership.contributions.all())
    got = list(partnership.gains.all())
    return [
        {
            "organisation": member.organisation,
            "gave": [
                one for one in gave if one.organisation_id == member.organisation_id
            ],
            "got": [
                one for one in got if one.organisation_id == member.organisation_id
            ],
        }
        for member in partners
    ]


def _administrators(viewer, partners) -> list:
    """(shown person, organisation): whom to ask, on each side."""
    people = Profile.objects.visible_to(viewer).showing("work", viewer)
    organisations = {member.organisation_id: member.organisation for member in partners}
    rows = OrganisationMembership.objects.current().filter(
        organisation__in=organisations,
        role=OrganisationMembership.Role.ADMINISTRATOR,
        person__profile__in=people,
    )
    rows = rows.select_related("person__profile")
    return [
        (_shown(row.person, viewer), organisations[row.organisation_id]) for row in rows
    ]


def _accesses(partnership: Partnership):
    return partnership.staff_accesses.select_related("user")


def _acting(request: HttpRequest, slug: str) -> tuple[Partnership, list[Organisation]]:
    """404 for who may not see it, 403 for who acts for none of its partners."""
    partnership = _visible(request, slug)
    partners = permissions.acting_for(request.user, partnership)
    if not partners:
        raise PermissionDenied
    return partnership, partners


def _form_page(request, partnership, form, title, intro="") -> HttpResponse:
    context = {
        "partnership": partnership,
        "form": form,
        "title": title,
        "intro": intro,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "exchange/partnership_form.html", context, status=status)


@login_required
def goal_add(request: HttpRequest, slug: str) -> HttpResponse:
    partnership, partners = _acting(request, slug)
    form = GoalForm(
        request.POST or None,
        partners=partners,
        initial={"language": partnership.language},
    )
    if request.method == "POST" and form.is_valid():
        actions.add_goal(partnership, **form.cleaned_data)
        messages.success(request, _("The goal is added."))
        return redirect(partnership)
    return _form_page(request, partnership, form, _("Add a goal"))


@login_required
def goal_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A joint goal by any partner, a partner's own by that partner alone."""
    partnership, partners = _acting(request, slug)
    goal = get_object_or_404(partnership.goals.select_related("organisation"), pk=pk)
    if goal.organisation_id and goal.organisation not in partners:
        raise PermissionDenied
    form = GoalChangeForm(request.POST or None, instance=goal)
    if request.method == "POST" and form.is_valid():
        actions.change_goal(goal, request.user, **form.cleaned_data)
        messages.success(request, _("The goal is changed. The old one stays readable."))
        return redirect(partnership)
    return _form_page(request, partnership, form, _("Change a goal"))


@login_required
def round_add(request: HttpRequest, slug: str) -> HttpResponse:
    partnership, _partners = _acting(request, slug)
    last = partnership.rounds.last()
    round_ = Round(partnership=partnership, language=partnership.language)
    number = last.number + 1 if last else 1
    return _round_page(request, round_, _("Add a round"), {"number": number})


@login_required
def round_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    partnership, _partners = _acting(request, slug)
    round_ = get_object_or_404(partnership.rounds, pk=pk)
    return _round_page(request, round_, _("Change a round"), {})


def _round_page(request, round_: Round, title: str, initial: dict) -> HttpResponse:
    form = RoundForm(request.POST or None, instance=round_, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.save_round(form.instance)
        messages.success(request, _("The round is saved."))
        return redirect(round_.partnership)
    return _form_page(request, round_.partnership, form, title)


@login_required
def contribution_add(request: HttpRequest, slug: str) -> HttpResponse:
    partnership, partners = _acting(request, slug)
    form = ContributionForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        actions.add_contribution(partnership, **form.cleaned_data)
        messages.success(request, _("What you gave is written down."))
        return redirect(partnership)
    return _form_page(request, partnership, form, _("What we gave"))


@login_required
def gain_add(request: HttpRequest, slug: str) -> HttpResponse:
    partnership, partners = _acting(request, slug)
    form = GainForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        actions.add_gain(partnership, **form.cleaned_data)
        messages.success(request, _("What you got is written down."))
        return redirect(partnership)
    return _form_page(request, partnership, form, _("What we got"))


@login_required
@require_POST
def contribution_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _remove_share(request, slug, Contribution, pk)


@login_required
@require_POST
def gain_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _remove_share(request, slug, Gain, pk)


def _remove_share(request, slug: str, model, pk: int) -> HttpResponse:
    partnership, partners = _acting(request, slug)
    row = get_object_or_404(model, pk=pk, partnership=partnership)
    if row.organisation not in partners:
        raise PermissionDenied
    actions.remove_share(row)
    messages.success(request, _("It is removed."))
    return redirect(partnership)


@login_required
@require_POST
def partnership_audience(request: HttpRequest, slug: str) -> HttpResponse:
    """A partner proposes whom to show it to, says yes, or says no."""
    partnership = _visible(request, slug)
    mine = {one.pk: one for one in permissions.can_agree_for(request.user, partnership)}
    if not mine:
        raise PermissionDenied
    form = AudienceForm(request.POST)
    if not form.is_valid() or form.cleaned_data["organisation"] not in mine:
        raise PermissionDenied
    organisation = mine[form.cleaned_data["organisation"]]
    try:
        _answer(request, partnership, organisation, form.cleaned_data)
    except ValidationError as error:
        messages.error(request, error.message)
    return redirect(partnership)


def _answer(request, partnership, organisation, given: dict) -> None:
    answer, audience = given["answer"], given["audience"]
    if answer == "withdraw":
        actions.withdraw_agreement(partnership, organisation)
        messages.success(request, _("It is shown to the partners alone from now on."))
    elif answer == "agree":
        actions.agree(partnership, organisation, request.user, audience)
        messages.success(request, _("Your yes is written down."))
    else:
        actions.propose_audience(partnership, organisation, request.user, audience)
        messages.success(request, _("The other partners are asked."))


@login_required
def staff_access(request: HttpRequest) -> HttpResponse:
    """Staff open a closed partnership with a reason, which its partners read."""
    if not permissions.can_take_access(request.user):
        raise Http404
    form = StaffAccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.take_staff_access(request.user, given["partnership"], given["reason"])
        return redirect(given["partnership"])
    taken = StaffAccess.objects.filter(user=request.user).select_related("partnership")
    context = {"form": form, "taken": taken[:20]}
    status = 422 if request.method == "POST" else 200
    return render(request, "exchange/staff_access.html", context, status=status)


@login_required
@require_POST
def staff_access_end(request: HttpRequest, pk: int) -> HttpResponse:
    taken = StaffAccess.objects.open().filter(user=request.user)
    actions.end_staff_access(get_object_or_404(taken, pk=pk))
    messages.success(request, _("You no longer see the partnership."))
    return redirect("exchange:staff_access")
