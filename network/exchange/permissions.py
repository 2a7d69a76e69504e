"""Who may act for an organisation, and so in its partnerships."""

from network.exchange.models import Organisation, OrganisationMembership, Partnership

Role = OrganisationMembership.Role


def roles_of(user) -> dict[int, str]:
    """{organisation: role} today, read once a request."""
    if not getattr(user, "is_member", False):
        return {}
    if not hasattr(user, "_roles"):
        rows = OrganisationMembership.objects.current().filter(person=user.pk)
        user._roles = dict(rows.values_list("organisation", "role"))
    return user._roles


def is_administrator(user, organisation: Organisation) -> bool:
    return roles_of(user).get(organisation.pk) == Role.ADMINISTRATOR


def can_edit(user, organisation: Organisation) -> bool:
    """Its administrators, with equal rights; staff only while it has none."""
    if is_administrator(user, organisation):
        return True
    if not getattr(user, "acts_as_staff", False):
        return False
    current = organisation.memberships.current()
    return not current.filter(role=Role.ADMINISTRATOR).exists()


def can_confirm(user, organisation: Organisation) -> bool:
    """Its administrators and coordinators say who was sent or received."""
    role = roles_of(user).get(organisation.pk)
    return role in {Role.ADMINISTRATOR, Role.COORDINATOR}


def acting_for(user, partnership: Partnership) -> list[Organisation]:
    """Partners for which the user may write in the partnership, in its own order."""
    partners = (member.organisation for member in partnership.partners())
    return [one for one in partners if can_confirm(user, one)]


def can_agree_for(user, partnership: Partnership) -> list[Organisation]:
    """Partners for which the user may say yes or no to showing the partnership."""
    partners = (member.organisation for member in partnership.partners())
    return [one for one in partners if is_administrator(user, one)]


def can_take_access(user) -> bool:
    return bool(getattr(user, "acts_as_staff", False))
