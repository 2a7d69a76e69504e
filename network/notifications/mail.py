"""What a letter looks like: its groups, its words, its headers."""

from collections import defaultdict
from dataclasses import dataclass, field
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.notifications.kinds import Kind, Pace
from network.notifications.models import Letter
from network.notifications.reading import Told

SALT = "attende.unsubscribe"
SHOWN = 20
SHOWN_OF_ONE = 3


@dataclass
class Group:
    """News of one thread, or of one work: oldest first, `shown` of it in full."""

    news: list[Told]
    shown: list[Told] = field(default_factory=list)

    @property
    def first(self) -> Told:
        return self.news[0]

    @property
    def kind(self) -> Kind:
        """The strongest reason to be told."""
        return min((one.kind for one in self.news), key=lambda kind: kind.rank)

    @property
    def rest(self) -> int:
        return len(self.news) - len(self.shown)


def message(letter: Letter, news: list[Told], more: int = 0) -> EmailMultiAlternatives:
    """In the language and the time zone that are active.

    more: how many there are beyond `news`.
    """
    groups = grouped(news)
    stop_url = settings.SITE_URL + stop_address(letter, groups)
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "why": why(letter),
        "change_url": settings.SITE_URL + reverse("notifications:inbox_settings"),
        "stop_url": stop_url,
    }
    if len(news) == 1:
        template, about = "notification", _about_one(news[0])
    else:
        template, about = "news", _about_many(letter, groups, len(news) + more)
    context |= about
    mail = EmailMultiAlternatives(
        subject=one_line(context["subject"]),
        body=render_to_string(f"email/{template}.txt", context),
        to=[letter.recipient.email],
        headers=headers(letter, groups, stop_url),
    )
    html = render_to_string(f"email/{template}.html", context)
    mail.attach_alternative(html, "text/html")
    return mail


def grouped(news: list[Told]) -> list[Group]:
    """By thread or work; the most important first, then the oldest."""
    groups = defaultdict(list)
    for one in news:
        groups[one.within].append(one)
    return sorted(map(Group, groups.values()), key=lambda group: group.kind.rank)


def _about_one(news: Told) -> dict:
    return {
        "news": news,
        "subject": news.sentence,
        "action_url": settings.SITE_URL + news.url,
        "action_label": _("Read it"),
    }


def _about_many(letter: Letter, groups: list[Group], total: int) -> dict:
    room = SHOWN
    for group in groups:
        group.shown = group.news[: min(SHOWN_OF_ONE, room)]
        room -= len(group.shown)
    shown = [group for group in groups if group.shown]
    sections = defaultdict(list)
    for group in shown:
        sections[group.kind].append(group)
    first = groups[0].first
    return {
        "subject": subject(letter, groups, total),
        "title": heading(letter, groups, total),
        "preheader": first.sentence,
        "sections": list(sections.items()),
        "beyond": total - sum(len(group.news) for group in shown),
        "action_url": settings.SITE_URL + reverse("notifications:inbox"),
        "action_label": _("Go to the inbox"),
    }


def subject(letter: Letter, groups: list[Group], total: int) -> str:
    site = {"site": settings.SITE_NAME, "n": total}
    if letter.pace == Pace.DAILY:
        return _("Your day in %(site)s: %(n)s new") % site
    if letter.pace == Pace.WEEKLY:
        return _("Your week in %(site)s: %(n)s new") % site
    if len(groups) == 1:
        title = {"title": groups[0].first.title, "n": total}
        return _("“%(title)s”: %(n)s new") % title
    more = {"first": groups[0].first.sentence, "n": total - 1}
    return ngettext(
        "%(first)s, and %(n)s more", "%(first)s, and %(n)s more", more["n"]
    ) % more  # fmt: skip


def heading(letter: Letter, groups: list[Group], total: int) -> str:
    if letter.pace == Pace.NOW and len(groups) == 1:
        return subject(letter, groups, total)
    name = letter.recipient.first_name
    if name:
        return _("Hello, %(name)s. This came back to you.") % {"name": name}
    return _("This came back to you.")


def why(letter: Letter) -> str:
    if letter.pace == Pace.DAILY:
        return _("You get this once a day, on days when there is something new.")
    if letter.pace == Pace.WEEKLY:
        return _("You get this once a week, when there is something new.")
    return _("You get this because you asked to be told by e-mail.")


def stop_address(letter: Letter, groups: list[Group]) -> str:
    """What one click stops: a letter about one watched thread, that thread's mail.

    Another one, all mail of the kinds it tells of.
    """
    news = [one for group in groups for one in group.news]
    keys = {key for one in news for key in one.verb.follows(one.row)}
    watched = len(groups) == 1 and keys == {groups[0].first.within}
    stopped = {
        "user": letter.recipient_id,
        "kinds": sorted({one.kind.name for one in news}),
        "keys": sorted(keys)
        if watched and not any(one.verb.direct for one in news)
        else [],
    }
    signed = signing.dumps(stopped, salt=SALT)
    return reverse("notifications:unsubscribe", args=[signed])


def headers(letter: Letter, groups: list[Group], stop_url: str) -> dict[str, str]:
    found = {
        "Message-ID": message_id(str(letter)),
        "List-ID": list_id(groups),
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
    }
    if len(groups) == 1:
        # Nothing was ever sent under this name: it ties a thread's letters together.
        found["In-Reply-To"] = found["References"] = message_id(groups[0].first.within)
    return found


def list_id(groups: list[Group]) -> str:
    """Of the forum they all stand in, or of all that we send."""
    lists = {group.first.mailing_list for group in groups}
    name, key = lists.pop() if len(lists) == 1 else ("", "")
    host = urlsplit(settings.SITE_URL).hostname
    # Its part after the name is as an address is; so quoting is as for addresses.
    return formataddr((one_line(name or settings.SITE_NAME), f"{key or 'news'}.{host}"))


def message_id(name: str) -> str:
    """The same each time, so that a letter sent twice is one letter to its reader."""
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"


def one_line(text: str) -> str:
    return " ".join(text.split())
