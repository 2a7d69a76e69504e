from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audience import MEMBERS, PUBLIC, allows, forget, restrict
from network.events import publish
from network.exchange.events import PartnershipChanged, StaffAccessTaken
from network.exchange.models import (
    Contribution,
    Gain,
    Goal,
    GoalVersion,
    Organisation,
    Partnership,
    PartnershipMember,
    Round,
    StaffAccess,
)
from network.people.events import AccountChanged
from network.people.models import User
from network.people.slugs import free_slug

ACCESS_LASTS = timedelta(days=7)


@transaction.atomic
def create_partnership(
    *, organisations: Sequence[Organisation], themes=(), **fields
) -> Partnership:
    """Two or more organisations, in their own order; theirs alone until all agree."""
    if len(set(organisations)) < 2:
        raise ValidationError(_("A partnership has two partners or more."))
    slug = fields.pop("slug", "") or free_slug(Partnership, fields["name"])
    partnership = Partnership.objects.create(slug=slug, **fields)
    partnership.audience = partnership.own_audience
    partnership.save(update_fields=["audience"])
    partnership.themes.set(themes)
    for position, organisation in enumerate(dict.fromkeys(organisations)):
        first = PartnershipMember.Role.COORDINATING
        role = PartnershipMember.Role.PARTNER if position else first
        partnership.members.create(
            organisation=organisation, position=position, role=role
        )
    changed(partnership)
    return partnership


@transaction.atomic
def add_partner(partnership: Partnership, organisation: Organisation) -> None:
    """One more partner, who has not agreed to show anything yet."""
    position = partnership.members.count()
    partnership.members.create(organisation=organisation, position=position)
    settle_audience(partnership)


@transaction.atomic
def propose_audience(
    partnership: Partnership, organisation: Organisation, by: User, audience: str
) -> None:
    """One partner wants it shown to members or to everyone; the others are asked.

    A wider wish than before asks all of them anew; a narrower one holds.
    """
    if audience not in {MEMBERS, PUBLIC}:
        raise ValidationError(_("Choose members or everyone."))
    wider = partnership.proposed_audience != PUBLIC and audience == PUBLIC
    if wider:
        partnership.members.update(agreed_public_at=None, agreed_by=None)
    partnership.proposed_audience = audience
    partnership.save(update_fields=["proposed_audience"])
    agree(partnership, organisation, by, audience)


@transaction.atomic
def agree(
    partnership: Partnership, organisation: Organisation, by: User, audience: str
) -> None:
    """One partner's yes to `audience`; with the last one the partnership is shown."""
    row = Partnership.objects.select_for_update().get(pk=partnership.pk)
    if row.proposed_audience != audience:
        raise ValidationError(_("The proposal has changed. Read it once more."))
    waiting = partnership.members.filter(
        organisation=organisation, agreed_public_at=None
    )
    waiting.update(agreed_public_at=timezone.now(), agreed_by=by)
    settle_audience(partnership)


@transaction.atomic
def withdraw_agreement(partnership: Partnership, organisation: Organisation) -> None:
    """One partner's no is enough: from this commit it is the partners' own again."""
    mine = partnership.members.filter(organisation=organisation)
    mine.update(agreed_public_at=None, agreed_by=None)
    settle_audience(partnership)


@transaction.atomic
def settle_audience(partnership: Partnership) -> None:
    """The audience follows from who the partners are and what each has agreed to."""
    row = Partnership.objects.select_for_update().get(pk=partnership.pk)
    asked = row.members.filter(agreed_public_at=None)
    wanted = "" if asked.exists() else row.proposed_audience
    partnership.audience = wanted or row.own_audience
    partnership.save(update_fields=["audience"])
    if not allows(partnership.audience, row.audience):
        restrict(row.own_audience)
    changed(partnership)


def changed(partnership: Partnership) -> None:
    """Inside an action: note the time and announce it."""
    partnership.changed_at = timezone.now()
    partnership.save(update_fields=["changed_at"])
    publish(PartnershipChanged(partnership=partnership.pk))


@transaction.atomic
def add_goal(partnership: Partnership, **fields) -> Goal:
    goal = partnership.goals.create(**fields)
    changed(partnership)
    return goal


@transaction.atomic
def change_goal(
    goal: Goal, by: User | None, *, text: str, reason: str, **fields
) -> None:
    """What it was and why it changed stay readable; the same text changes nothing."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if goal.text == text:
        return
    GoalVersion.objects.create(
        goal=goal, text=goal.text, language=goal.language, reason=reason, changed_by=by
    )
    goal.text = text
    for name, value in fields.items():
        setattr(goal, name, value)
    goal.save()
    changed(goal.partnership)


@transaction.atomic
def save_round(round_: Round) -> Round:
    round_.save()
    changed(round_.partnership)
    return round_


@transaction.atomic
def add_contribution(
    partnership: Partnership, organisation: Organisation, **fields
) -> Contribution:
    row = partnership.contributions.create(organisation=organisation, **fields)
    changed(partnership)
    return row


@transaction.atomic
def add_gain(partnership: Partnership, organisation: Organisation, **fields) -> Gain:
    row = partnership.gains.create(organisation=organisation, **fields)
    changed(partnership)
    return row


@transaction.atomic
def remove_share(row: Contribution | Gain) -> None:
    partnership = row.partnership
    row.delete()
    changed(partnership)


@transaction.atomic
def take_staff_access(user: User, partnership: Partnership, reason: str) -> StaffAccess:
    """Open a closed partnership for a week; its partners see who did and why."""
    access = StaffAccess.objects.create(
        user=user,
        partnership=partnership,
        reason=reason,
        until=timezone.now() + ACCESS_LASTS,
    )
    forget(user)
    publish(StaffAccessTaken(access=access.pk))
    return access


@transaction.atomic
def end_staff_access(access: StaffAccess) -> None:
    access.until = timezone.now()
    access.save(update_fields=["until"])
    forget(access.user)
    publish(AccountChanged(user=access.user_id))
