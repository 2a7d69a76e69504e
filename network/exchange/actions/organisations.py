from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from network.audience import MEMBERS, PUBLIC, forget, restrict
from network.events import publish
from network.exchange.events import MembershipChanged, OrganisationChanged
from network.exchange.models import (
    Organisation,
    OrganisationInvitation,
    OrganisationMembership,
)
from network.people import actions as people
from network.people.models import User
from network.people.pictures import logo
from network.people.slugs import free_slug
from network.themes.vocabulary import vocabulary_changed

Role = OrganisationMembership.Role


@transaction.atomic
def create_organisation(*, themes=(), **fields) -> Organisation:
    slug = fields.pop("slug", "") or free_slug(Organisation, fields["name"])
    organisation = Organisation.objects.create(slug=slug, **fields)
    organisation.themes.set(themes)
    announce(organisation)
    return organisation


def announce(organisation: Organisation) -> None:
    """Its names are words that search knows, to those who may see it."""
    vocabulary_changed()
    publish(OrganisationChanged(organisation=organisation.pk))


@transaction.atomic
def change_organisation(organisation: Organisation, themes=None) -> None:
    """Save what its administrators wrote; narrower holds in search at once."""
    before = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.changed_at = timezone.now()
    organisation.save()
    if themes is not None:
        organisation.themes.set(themes)
    if before.audience == PUBLIC and organisation.audience == MEMBERS:
        restrict(organisation.own_audience)
    announce(organisation)


@transaction.atomic
def set_logo(organisation: Organisation, upload) -> None:
    """Keep a small copy without extras; None takes the logo away."""
    old, storage = organisation.logo.name, organisation.logo.storage
    if upload is None:
        organisation.logo = ""
    else:
        name = get_random_string(12).lower() + ".png"
        organisation.logo.save(name, ContentFile(logo(upload)), save=False)
    organisation.save(update_fields=["logo"])
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    publish(OrganisationChanged(organisation=organisation.pk))


@transaction.atomic
def add_member(
    organisation: Organisation, user: User, role: str = Role.STAFF, title: str = ""
) -> OrganisationMembership:
    """Someone works here from now on; said twice, the role is the later one."""
    membership, _new = OrganisationMembership.objects.update_or_create(
        person=user,
        organisation=organisation,
        ends_on=None,
        defaults={"role": role, "title": title},
    )
    announce_membership(membership)
    return membership


@transaction.atomic
def change_role(membership: OrganisationMembership, role: str, title: str) -> None:
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(membership)
    membership.role, membership.title = role, title
    membership.save(update_fields=["role", "title"])
    announce_membership(membership)


@transaction.atomic
def end_membership(membership: OrganisationMembership) -> None:
    """They leave today: what the membership granted ends with this commit."""
    _keep_an_administrator(membership)
    membership.ends_on = timezone.localdate()
    membership.save(update_fields=["ends_on"])
    announce_membership(membership)


def _keep_an_administrator(membership: OrganisationMembership) -> None:
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    current = OrganisationMembership.objects.current()
    here = current.filter(organisation=membership.organisation_id)
    others = here.filter(role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not others.exists():
        raise ValidationError(
            _("An organisation needs an administrator. Make somebody else one first."),
            code="last",
        )


@transaction.atomic
def announce_membership(membership: OrganisationMembership) -> None:
    """What the membership grants or no longer grants is asked anew from here on."""
    forget(membership.person)
    user, organisation = membership.person_id, membership.organisation_id
    publish(MembershipChanged(user=user, organisation=organisation))


@transaction.atomic
def invite_member(
    organisation: Organisation, by: User, email: str, role: str, **letter: str
) -> OrganisationInvitation:
    """Write to an address; whoever accepts gets the role."""
    invitation = people.invite(by, email, **letter)
    row, _new = OrganisationInvitation.objects.update_or_create(
        invitation=invitation, defaults={"organisation": organisation, "role": role}
    )
    return row
