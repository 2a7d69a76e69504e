"""From events to the index: which objects an event concerns, written in batches."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice

from django.db.models import Q
from wagtail.models import Page

from cms import events as cms
from forums import events as forums
from forums.models import Post, Thread
from network.audience import Restricted
from network.events import Event, newest_outbox_id, subscribe
from network.exchange import events as exchange
from network.exchange.models import Partnership, Placement
from network.models import Restriction
from network.people import events as people
from network.people.models import Profile
from search.engines import get_engine
from search.engines.base import Write
from search.registry import SOURCES, Source

CHUNK = 200

Object = tuple[str, str]  # source, object key


def reindex(objects: Iterable[Object]) -> None:
    """Write what the database says now about these objects, or that they are gone."""
    rest = iter(dict.fromkeys(objects))
    while chunk := list(islice(rest, CHUNK)):
        get_engine().index(writes_for(chunk))


def writes_for(objects: Iterable[Object]) -> list[Write]:
    """The version is read before the rows: an older state never overwrites a newer."""
    version = newest_outbox_id()
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


# What each event concerns


def people_of(users) -> Iterable[Object]:
    for pk in Profile.objects.filter(user__in=users).values_list("pk", flat=True):
        yield "people", f"person.{pk}"


CONCERNS: dict[type[Event], Callable[[Event], Iterable[Object]]] = {}


def concerns(*kinds: type[Event]):
    """Decorator: function(event) yields the objects that must be indexed anew."""

    def keep(function):
        CONCERNS.update(dict.fromkeys(kinds, function))
        return function

    return keep


@concerns(cms.PagePublished, cms.PageUnpublished, cms.PageMoved, cms.AudienceChanged)
def works_of_page(event):
    page = Page.objects.filter(pk=event.page).first()
    if page:
        yield "knowledge", f"work.{page.translation_key}"
        for key in SOURCES["knowledge"].keys_within(f"page.{page.pk}"):
            yield "knowledge", key


@concerns(cms.PageDeleted)
def deleted_work(event):
    yield "knowledge", f"work.{event.translation_key}"


@concerns(people.ProfileChanged)
def person(event):
    yield "people", f"person.{event.profile}"


@concerns(
    people.UserApproved,
    people.UserSuspended,
    people.UserRestored,
    people.UserLeft,
    exchange.PlacementChanged,
)
def person_of_user(event):
    yield from people_of([event.user])


@concerns(exchange.MembershipChanged)
def person_and_organisation(event):
    yield from people_of([event.user])
    yield "organisations", f"organisation.{event.organisation}"


@concerns(exchange.OrganisationChanged)
def organisation_and_its_participants(event):
    yield "organisations", f"organisation.{event.organisation}"
    placed = Q(sending=event.organisation) | Q(host=event.organisation)
    yield from people_of(Placement.objects.filter(placed).values("person"))
    its = Partnership.objects.filter(organisations=event.organisation)
    for pk in its.values_list("pk", flat=True):
        yield "partnerships", f"partnership.{pk}"


@concerns(exchange.PartnershipChanged)
def partnership(event):
    yield "partnerships", f"partnership.{event.partnership}"


@concerns(
    forums.ThreadStarted,
    forums.ThreadImported,
    forums.ThreadChanged,
    forums.ThreadMoved,
)
def thread(event):
    yield "threads", f"thread.{event.thread}"


@concerns(forums.ReplyPosted, forums.PostChanged)
def thread_of_post(event):
    for pk in Post.objects.filter(pk=event.post).values_list("thread", flat=True):
        yield "threads", f"thread.{pk}"


@concerns(forums.ForumChanged, forums.ForumAudienceChanged)
def threads_of_forum(event):
    for pk in Thread.objects.filter(forum=event.forum).values_list("pk", flat=True):
        yield "threads", f"thread.{pk}"


@subscribe(*CONCERNS, lane="index", many=True)
def index_changes(events: list[Event]) -> None:
    reindex(found for event in events for found in CONCERNS[type(event)](event))


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


def objects_within(key: str) -> Iterable[Object]:
    for source in SOURCES.values():
        for object_key in source.keys_within(key):
            yield source.name, object_key
