"""From events to the index: which objects an event concerns, written in batches."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q
from wagtail.models import Page

from cms import events as cms
from cms.models import LessonUse, WorkPage
from forums import events as forums
from forums.models import Forum, Post, Thread
from network.audience import Restricted
from network.events import Event, next_version, subscribe
from network.exchange import events as exchange
from network.exchange.models import Organisation, Partnership, Placement
from network.models import Delivery, Restriction
from network.people import events as people
from network.people.models import Profile
from network.themes.events import ThemeMoved
from search.engines import get_engine
from search.engines.base import Write
from search.registry import SOURCES, Source

CHUNK = 200
CLOCKS = timedelta(seconds=5)  # by which those of two machines may differ

Object = tuple[str, str]  # source, object key


def reindex(objects: Iterable[Object]) -> None:
    """Write what the database says now about these objects, or that they are gone."""
    rest = iter(dict.fromkeys(objects))
    while chunk := list(islice(rest, CHUNK)):
        get_engine().index(writes_for(chunk))


def writes_for(objects: Iterable[Object]) -> list[Write]:
    """The version is read before the rows: an older state never overwrites a newer."""
    version = next_version()
    keys = defaultdict(list)
    for name, key in objects:
        keys[name].append(key)
    return [
        write
        for name, wanted in keys.items() if name in SOURCES
        for write in source_writes(SOURCES[name], wanted, version)
    ]  # fmt: skip


def source_writes(source: Source, keys: list[str], version: int) -> Iterable[Write]:
    loaded = source.load(keys)
    told = {d.key: d for one in loaded for d in source.documents(one)}
    for key in keys:
        for document_key in source.document_keys(key):
            yield Write(document_key, version, told.get(document_key))


def keys_of(objects: Iterable[Object]) -> dict[str, Object]:
    """The keys that documents of these objects have, or may have."""
    return {
        key: (name, object_key)
        for name, object_key in objects
        for key in SOURCES[name].document_keys(object_key)
    }


@dataclass
class Marker:
    """A place among all rows that may enter the index."""

    source: str = ""
    last_pk: int = 0

    def next_objects(self) -> tuple[list[Object], int]:
        """The objects of the next rows, and how many rows; none at the end."""
        names = list(SOURCES)
        start = names.index(self.source) if self.source else 0
        for name in names[start:]:
            source = SOURCES[name]
            after = self.last_pk if name == self.source else 0
            rows = list(source.rows().filter(pk__gt=after)[:CHUNK])
            if rows:
                self.source, self.last_pk = name, rows[-1].pk
                objects = [(name, source.object_key(row)) for row in rows]
                return list(dict.fromkeys(objects)), len(rows)
        return [], 0


# What events concern: each function takes all of one batch, so that it asks once


CONCERNS: dict[type[Event], Callable[[list[Event]], Iterable[Object]]] = {}


def concerns(*kinds: type[Event]):
    """Decorator: function(events) yields the objects that must be indexed anew."""

    def keep(function):
        CONCERNS.update(dict.fromkeys(kinds, function))
        return function

    return keep


def people_of(users) -> Iterable[Object]:
    for pk in Profile.objects.filter(user__in=users).values_list("pk", flat=True):
        yield "people", f"person.{pk}"


@concerns(cms.PagePublished, cms.PageUnpublished, cms.PageMoved, cms.AudienceChanged)
def works_of_pages(events):
    pages = Page.objects.filter(pk__in={event.page for event in events})
    for pk, key, children in pages.values_list("pk", "translation_key", "numchild"):
        yield "knowledge", f"work.{key}"
        if children:
            for below in SOURCES["knowledge"].keys_within(f"page.{pk}"):
                yield "knowledge", below


@concerns(cms.PageDeleted, cms.EvidenceGraded, cms.LessonUsed)
def works_by_key(events):
    for event in events:
        yield "knowledge", f"work.{event.translation_key}"


@concerns(people.ProfileChanged)
def people_of_profiles(events):
    profiles = {event.profile for event in events}
    for pk in profiles:
        yield "people", f"person.{pk}"
    yield from works_used(person__profile__in=profiles)


@concerns(people.BlockChanged)
def works_used_by_blockers(events):
    return works_used(person__in={event.blocker for event in events})


def works_used(**by) -> Iterable[Object]:
    """Whose use counts depends on how far their name reaches."""
    uses = LessonUse.objects.filter(**by).order_by()
    for key in uses.values_list("translation_key", flat=True):
        yield "knowledge", f"work.{key}"


@concerns(
    people.UserApproved,
    people.UserSuspended,
    people.UserRestored,
    people.UserLeft,
    exchange.PlacementChanged,
)
def people_of_users(events):
    return people_of({event.user for event in events})


@concerns(exchange.MembershipChanged)
def people_and_organisations(events):
    yield from people_of({event.user for event in events})
    for event in events:
        yield "organisations", f"organisation.{event.organisation}"


@concerns(exchange.OrganisationChanged)
def organisations_and_who_names_them(events):
    its = {event.organisation for event in events}
    for pk in its:
        yield "organisations", f"organisation.{pk}"
    placed = Placement.objects.filter(Q(sending__in=its) | Q(host__in=its))
    yield from people_of(placed.values("person"))
    partners = Partnership.objects.filter(organisations__in=its)
    for pk in partners.values_list("pk", flat=True):
        yield "partnerships", f"partnership.{pk}"


@concerns(exchange.PartnershipChanged)
def partnerships(events):
    for event in events:
        yield "partnerships", f"partnership.{event.partnership}"


@concerns(
    forums.ThreadStarted,
    forums.ThreadImported,
    forums.ThreadChanged,
    forums.ThreadMoved,
)
def threads(events):
    for event in events:
        yield "threads", f"thread.{event.thread}"


@concerns(forums.ReplyPosted, forums.PostChanged)
def threads_of_posts(events):
    posts = Post.objects.filter(pk__in={event.post for event in events})
    for pk in posts.values_list("thread", flat=True):
        yield "threads", f"thread.{pk}"


@concerns(forums.ForumChanged, forums.ForumAudienceChanged)
def threads_of_forums(events):
    its = Thread.objects.filter(forum__in={event.forum for event in events})
    for pk in its.values_list("pk", flat=True):
        yield "threads", f"thread.{pk}"


@concerns(ThemeMoved)
def all_about_themes(events):
    """What is about a theme is about the one above it, too."""
    its = Q(themes__in={event.theme for event in events})
    works = WorkPage.objects.filter(its).values_list("translation_key", flat=True)
    yield from (("knowledge", f"work.{key}") for key in works)
    in_forums = Q(forum__in=Forum.objects.filter(its))
    for name, rows in (
        ("people", Profile.objects.filter(its)),
        ("organisations", Organisation.objects.filter(its)),
        ("partnerships", Partnership.objects.filter(its)),
        ("threads", Thread.objects.filter(its | in_forums)),
    ):
        for pk in rows.values_list("pk", flat=True):
            yield name, f"{SOURCES[name].prefix}.{pk}"


@subscribe(*CONCERNS, lane="index", many=True)
def index_changes(events: list[Event]) -> None:
    reindex(objects_of(events))


def objects_of(events: Iterable[Event]) -> Iterable[Object]:
    by_kind = defaultdict(list)
    for event in events:
        by_kind[type(event)].append(event)
    for kind, some in by_kind.items():
        yield from CONCERNS[kind](some)


@subscribe(Restricted, lane="index", many=True)
def lift_restrictions(events: list[Restricted]) -> None:
    """Index anew all below what was restricted, then let search show it again.

    Below, as the database has it now and as the index had it: what has left the
    place must be written as well.
    """
    rows = Restriction.objects.in_bulk([event.restriction for event in events])
    for key in {row.key for row in rows.values()}:
        reindex([*get_engine().keys_within(key), *objects_within(key)])
    Restriction.objects.filter(pk__in=rows).delete()


def objects_on_the_way(since: datetime) -> set[Object]:
    """Those whose change waits in the outbox, or was brought to the index since then.

    Such an object may differ from its document without anything being wrong.
    """
    told = Q(done_at=None) | Q(done_at__gte=since - CLOCKS)
    rows = Delivery.objects.filter(told, subscriber__in=INDEXING)
    events = [
        Event.kinds[kind](**data)
        for kind, data in rows.values_list("event__kind", "event__data")
        if kind in Event.kinds
    ]
    found = set(objects_of(event for event in events if type(event) in CONCERNS))
    for key in Restriction.objects.values_list("key", flat=True):
        found.update(get_engine().keys_within(key), objects_within(key))
    return found


INDEXING = [
    f"{x.__module__}.{x.__qualname__}" for x in (index_changes, lift_restrictions)
]


def objects_within(key: str) -> Iterable[Object]:
    for source in SOURCES.values():
        for object_key in source.keys_within(key):
            yield source.name, object_key
