"""How trust grew in a partnership: what happened, in the order in which it happened."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from network.exchange.models import Partnership


@dataclass(frozen=True)
class Moment:
    day: date
    what: str
    text: str = ""
    language: str = ""
    ahead: bool = False
    year_only: bool = False


def timeline(partnership: Partnership, rounds, goals) -> list[Moment]:
    """From what was read for the page: no queries of its own."""
    moments = [*_beginning(partnership), *_rounds(rounds)]
    moments += [*_changes(goals), *_agreements(partnership)]
    return sorted(moments, key=lambda moment: moment.day)


def _beginning(partnership: Partnership):
    if partnership.started:
        first = date(partnership.started, 1, 1)
        yield Moment(first, _("The partnership began"), year_only=True)


def _rounds(rounds):
    for one in rounds:
        title = format_html('<span lang="{}">{}</span>', one.language, one.title)
        what = format_html(_("Round {number}: {title}"), number=one.number, title=title)
        ahead = one.state == "ahead"
        yield Moment(one.starts_on, what, one.text, one.language, ahead)


def _changes(goals):
    for goal in goals:
        for version in goal.versions.all():
            day = timezone.localdate(version.changed_at)
            what = _("A goal was changed")
            if goal.organisation_id:
                what = _("%(partner)s changed a goal") % {"partner": goal.organisation}
            yield Moment(day, what, version.reason, version.language)


def _agreements(partnership: Partnership):
    for member in partnership.partners():
        if member.agreed_public_at:
            day = timezone.localdate(member.agreed_public_at)
            about = {"partner": member.organisation}
            yield Moment(day, _("%(partner)s agreed to show this page") % about)
