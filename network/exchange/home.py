"""A member's own exchange in time, at the top of the front page."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.audience import can_see
from network.exchange.models import Partnership, Placement
from network.exchange.route import current_placement, progress, way
from network.home import HomeSection, register_home_section


@register_home_section
def own_exchange(request):
    """The line of the placement a member is in, or will be, or was last in."""
    placement = current_placement(request.user)
    if placement is None:
        return None
    line = progress(placement)
    context = {
        "placement": placement,
        "line": line,
        "way": way(placement),
        "partnership": _open_partnership(request.user, placement),
        "where": where(placement, line),
        "behind": 3 if line["has_left"] else 2,
    }
    return HomeSection("exchange/_home.html", "top", context)


def _open_partnership(user, placement: Placement) -> Partnership | None:
    partnership = placement.round and placement.round.partnership
    return partnership if partnership and can_see(user, partnership) else None


def where(placement: Placement, line: dict) -> str:
    """«42 days to departure.», as exact as the dates are."""
    if line["is_home"]:
        return _("Home since {when}.").format(when=_month(placement, placement.ends_on))
    if not line["has_left"]:
        return _to_departure(placement)
    if placement.years_only:
        return ""
    if placement.ends_on is None:
        return _("You left in {when}.").format(
            when=_month(placement, placement.starts_on)
        )
    return _("Week {n} of {total}.").format(**_weeks(placement))


def _to_departure(placement: Placement) -> str:
    if placement.years_only:
        return _("You leave in {year}.").format(year=placement.starts_on.year)
    days = (placement.starts_on - timezone.localdate()).days
    words = ngettext("{n} day to departure.", "{n} days to departure.", days)
    return words.format(n=days)


def _weeks(placement: Placement) -> dict[str, int]:
    """Which week this is, and how many there are; the first one counts as 1."""
    days = timezone.localdate() - placement.starts_on
    stay = placement.ends_on - placement.starts_on
    return {"n": days.days // 7 + 1, "total": stay.days // 7 + 1}


def _month(placement: Placement, day) -> str:
    if placement.years_only:
        return str(day.year)
    return date_format(day, "YEAR_MONTH_FORMAT")
