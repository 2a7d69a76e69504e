"""A placement in words and as a line: what is behind, what is ahead."""

from calendar import monthrange
from datetime import date

from django.utils import timezone

from network.exchange.models import Placement
from network.languages import country_name

FOLLOW_UPS = (6, 12, 36)  # months after coming home
SHORT_STAY = 60  # days; a shorter one has no halfway


def current_placement(user) -> Placement | None:
    """The one under way, or the next one ahead, or else the newest."""
    rows = user.placements.exclude(starts_on=None).order_by("starts_on", "pk")
    placements = list(rows.select_related("round__partnership"))
    under_way = [one for one in placements if one.phase == "during" and one.ends_on]
    ahead = [one for one in placements if one.phase == "before"]
    chosen = under_way or ahead or placements[-1:]
    return chosen[0] if chosen else None


def years(placement: Placement) -> str:
    """«2023–24», «2025», or nothing when nobody knows."""
    first = placement.starts_on and placement.starts_on.year
    last = placement.ends_on and placement.ends_on.year
    if not (first and last) or first == last:
        return str(first or last or "")
    return (
        f"{first}–{last % 100:02}" if first // 100 == last // 100 else f"{first}–{last}"
    )


def way(placement: Placement) -> str:
    """«Tanzania → Norway, 2023–24»."""
    ends = (placement.from_country, placement.to_country)
    route = " → ".join(country_name(code) for code in ends)
    when = years(placement)
    return f"{route}, {when}" if when else route


def progress(placement: Placement) -> dict:
    """Which stations of the line are behind today."""
    today = timezone.localdate()
    middle = halfway(placement)
    has_left = bool(placement.starts_on and placement.starts_on <= today)
    past_middle = bool(middle and middle <= today)
    return {
        "has_left": has_left,
        "is_home": bool(placement.ends_on and placement.ends_on <= today),
        "halfway": middle,
        "halfway_ahead": not past_middle,
        "behind": 2 * has_left + past_middle,
        "stations": stations(placement),
    }


def halfway(placement: Placement) -> date | None:
    """The day in the middle, unless the stay is short or only its years are known."""
    if placement.years_only or not (placement.starts_on and placement.ends_on):
        return None
    stay = placement.ends_on - placement.starts_on
    return placement.starts_on + stay / 2 if stay.days > SHORT_STAY else None


def stations(placement: Placement) -> list[dict]:
    """The times of asking after the homecoming; the next one is marked."""
    if placement.ends_on is None:
        return []
    today = timezone.localdate()
    days = [in_months(placement.ends_on, months) for months in FOLLOW_UPS]
    behind = sum(day <= today for day in days)
    return [
        {
            "months": months,
            "day": day,
            "ahead": day > today,
            "is_last_done": number == behind - 1 and behind < len(days),
            "is_next": number == behind and placement.ends_on <= today,
        }
        for number, (months, day) in enumerate(zip(FOLLOW_UPS, days, strict=True))
    ]


def in_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last there is."""
    years_on, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years_on, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
