"""Who gains and who loses when a forum's audience changes, or a thread moves."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from forums.models import Forum, Post, Thread
from network.audience import MEMBERS, PUBLIC, STAFF, keys
from network.exchange.holders import holders_of
from network.exchange.models import Organisation, Partnership
from network.notifications.models import Level, Subscription
from network.people.models import User

LOUD = (Level.WATCHING, Level.TRACKING)


@dataclass(frozen=True)
class Change:
    """From one audience to another, in members."""

    lose: int
    gain: int
    followers: int  # of those who lose: who will hear no more
    authors: int  # of those who lose: who wrote there
    visitors: int  # 1: could read from now on, -1: could read until now

    @property
    def takes_away(self) -> bool:
        return self.lose > 0 or self.visitors < 0


def change_of_forum(forum: Forum, audience: str) -> Change:
    """The rooms below it follow, so what stands in them counts as well."""
    rooms = Forum.objects.filter(Q(pk=forum.pk) | Q(parent=forum))
    threads = Thread.objects.filter(forum__in=rooms)
    return _change((forum, forum.audience), (forum, audience), rooms, threads)


def change_of_thread(thread: Thread, to: Forum) -> Change:
    """Who follows the forum it leaves loses nothing that they asked for."""
    now, then = thread.forum, to
    itself = Thread.objects.filter(pk=thread.pk)
    rooms = Forum.objects.none()
    return _change((now, now.audience), (then, then.audience), rooms, itself)


def _change(now, then, rooms, threads) -> Change:
    before, after = readers_of(*now), readers_of(*then)
    losing = before.exclude(pk__in=after.values("pk"))
    followed = Q(target__in=keys("thread", threads, "pk").values("key"))
    followed |= Q(target__in=keys("forum", rooms, "pk").values("key"))
    heard = Subscription.objects.filter(followed, level__in=LOUD)
    wrote = Post.objects.filter(thread__in=threads).values("author")
    public = [audience == PUBLIC for _forum, audience in (now, then)]
    return Change(
        lose=losing.count(),
        gain=after.exclude(pk__in=before.values("pk")).count(),
        followers=losing.filter(pk__in=heard.values("user")).count(),
        authors=losing.filter(pk__in=wrote).count(),
        visitors=public[1] - public[0],
    )


def readers_of(forum: Forum, audience: str | None = None):
    """Members who see it, now or with that audience: its moderators always do."""
    audience = forum.audience if audience is None else audience
    rights = Q(pk__in=holders_of(audience).values("pk"))
    return User.objects.filter(rights | Q(pk__in=forum.moderators.values("pk")))


def audience_words(audience: str, reader) -> str:
    """In words, with a name where the reader may see who bears it."""
    kind, _dot, pk = audience.partition(".")
    if audience in (PUBLIC, MEMBERS, STAFF):
        words = {
            PUBLIC: _("Open to all"),
            MEMBERS: _("Members"),
            STAFF: _("Staff"),
        }
        return words[audience]
    if kind == "partnership":
        row = Partnership.objects.visible_to(reader).filter(pk=pk).first()
        named = _("The partnership {name}")
        return named.format(name=row) if row else _("The partnership")
    if kind == "organisation":
        row = Organisation.objects.visible_to(reader).filter(pk=pk).first()
        named = _("The organisation {name}")
        return named.format(name=row) if row else _("The organisation")
    return _("By invitation")
