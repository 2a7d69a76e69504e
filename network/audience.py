"""Who may see what, in one short string a row.

An audience is `public`, `members`, `staff`, `partnership.7`, `organisation.12`,
`forum.3` or `user.9`. A row is seen by whoever holds its audience; a row without
one is seen by nobody. Apps register what they grant; every surface asks the same
sets: `audiences_of`, `exclusions_of`, and for profiles `peers_of`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from network.events import Event, publish
from network.prepared import Prepared, StandIns, padded

PUBLIC = "public"
MEMBERS = "members"
STAFF = "staff"

Rule = Callable[..., Iterable[str]]


@dataclass(frozen=True)
class Rules:
    """of_user: function(user) -> keys. of_key: function(user's id) -> a query of keys,

    asked only of those for whom `when(user)` holds.
    """

    of_user: list[Rule] = field(default_factory=list)
    of_key: list[tuple[Rule, Callable]] = field(default_factory=list)


_rules = {
    name: Rules()
    for name in ("audience", "exclusion", "peer", "right", "unread", "zone")
}


def of(kind: str, pk: int) -> str:
    """The audience of one thing: of("partnership", 7) is "partnership.7"."""
    return f"{kind}.{pk}"


def keys(kind: str, rows: models.QuerySet, field) -> models.QuerySet:
    """What a rule gives as a query: `of(kind, field)` for each of the rows."""
    text = Cast(field, models.CharField())
    return rows.order_by().annotate(key=Concat(Value(f"{kind}."), text))


def register_exclusions(function: Rule) -> Rule:
    """Decorator: function(user) gives keys of rows this member must not be shown."""
    _rules["exclusion"].of_user.append(function)
    return function


def register_query(name: str, when: Callable = bool):
    """Decorator: function(id of user) gives the query that `keys` makes.

    name: `audience`, `exclusion`, `peer` («peer.9» shares a partnership with them),
    `right` («right.editor»: what a page must know before it offers something), `unread`
    («unread.post»: there is news of posts) or `zone` («zone.Asia/Kathmandu»: where they
    say they are). All are asked as one; a query may depend on the id and on today's
    date alone. when: function(user), whether there is anything to ask.
    """

    def keep(function: Rule) -> Rule:
        _rules[name].of_key.append((function, when))
        return function

    return keep


def audiences_of(user) -> frozenset[str]:
    """All audiences `user` holds, read once a request (kept on the user object)."""
    return _known(user, "_audiences", frozenset({PUBLIC}))


def exclusions_of(user) -> frozenset[str]:
    """Keys whose rows `user` is not shown: who blocked whom, hidden countries."""
    return _known(user, "_exclusions")


def peers_of(user) -> frozenset[int]:
    """Ids of who shares a partnership with `user`; nobody does before approval."""
    return _known(user, "_peers")


def rights_of(user) -> frozenset[str]:
    """What `user` may do somewhere, so that pages offer it: "editor"."""
    return _known(user, "_rights")


def unread_kinds_of(user) -> frozenset[str]:
    """Of what kinds there is unread news; whether it may be seen is asked with it."""
    return _known(user, "_unread_kinds")


def zone_chosen_by(user) -> str:
    """The time zone that `user` or their browser named, if any."""
    return next(iter(_known(user, "_zones")), "")


# Most have none of most things: a thousand open pages keep the same nothing.
NOTHING: frozenset = frozenset()


def _known(user, name: str, of_visitors: frozenset = NOTHING) -> frozenset:
    if not getattr(user, "is_authenticated", False):
        return of_visitors
    if not hasattr(user, name):
        _read(user)
    return getattr(user, name)


def _read(user) -> None:
    """Ask all rules; what they would ask of the database goes there as one query."""
    found = {
        "audience": {PUBLIC, of("user", user.pk)},
        "exclusion": set(),
        "peer": set(),
        "right": set(),
        "unread": set(),
        "zone": set(),
    }
    asked = ["exclusion", "unread", "zone"]
    if user.is_member:
        found["audience"] |= {MEMBERS, STAFF} if user.acts_as_staff else {MEMBERS}
        asked = list(found)
    queries = []
    for name in asked:
        for rule in _rules[name].of_user:
            found[name].update(rule(user))
        rules = _rules[name].of_key
        queries += [(name, rule) for rule, when in rules if when(user)]
    if queries:
        for name, key in _together(tuple(queries))(user.pk):
            found[name].add(key)
    user._audiences = frozenset(found["audience"])
    user._exclusions = frozenset(found["exclusion"]) or NOTHING
    user._peers = frozenset(map(int, _names(found["peer"]))) or NOTHING
    user._rights = frozenset(_names(found["right"])) or NOTHING
    user._unread_kinds = frozenset(_names(found["unread"])) or NOTHING
    user._zones = frozenset(_names(found["zone"])) or NOTHING


def _names(keys: Iterable[str]) -> Iterator[str]:
    """Of «right.editor» the editor."""
    return (key.partition(".")[2] for key in keys)


@lru_cache
def _together(queries: tuple[tuple[str, Rule], ...]) -> Prepared:
    def build(key: int) -> models.QuerySet:
        first, *others = (
            rule(key).values_list(Value(name), "key") for name, rule in queries
        )
        return first.union(*others, all=True)

    return Prepared(build)


class PreparedFor(Prepared):
    """build(reader, *keys): a query that is asked for somebody who reads.

    The reader it is built with has the audiences, exclusions and peers of the one who
    asks, as many of each kind (rounded up to 1, 2, 4, 8…), and nothing else but an id.
    """

    def stand_in(self, stand_ins: StandIns, keys: tuple) -> tuple[tuple, list]:
        reader, *others = keys
        shape, arguments = super().stand_in(stand_ins, others)
        if not getattr(reader, "is_authenticated", False):
            return ("nobody", *shape), [reader, *arguments]
        someone = Someone(stand_ins, reader)
        return (someone.shape, *shape), [someone, *arguments]


class Someone:
    """A reader of whom only is known what tells one statement from another."""

    is_authenticated = True

    def __init__(self, stand_ins: StandIns, reader):
        self.pk = self.id = stand_ins.of(reader.pk)
        ids = {reader.pk: self.pk}
        kept = audiences_of(reader) & {PUBLIC, MEMBERS, STAFF}
        held = _by_kind(audiences_of(reader) - kept)
        apart = _by_kind(exclusions_of(reader))
        self._audiences = kept | _stand_ins_of(held, stand_ins, ids)
        self._exclusions = _stand_ins_of(apart, stand_ins, ids)
        self._peers = frozenset(stand_ins.of_all(peers_of(reader)))
        self.is_member = reader.is_member
        self.shape = (
            kept,
            self.is_member,
            len(self._peers),
            *((kind, len(names)) for kind, names in held),
            "but",
            *((kind, len(names)) for kind, names in apart),
        )


def _by_kind(keys: Iterable[str]) -> list[tuple[str, list[str]]]:
    """(kind, names) in order; some stand twice, so that few numbers of names occur."""
    found: dict[str, list[str]] = {}
    for key in sorted(keys):
        kind, _dot, name = key.partition(".")
        found.setdefault(kind, []).append(name)
    return [(kind, padded(names)) for kind, names in found.items()]


def _stand_ins_of(groups, stand_ins: StandIns, ids: dict) -> frozenset[str]:
    """Keys that stand for those of the groups, and ids for the ids in them."""
    made = set()
    for kind, names in groups:
        for name in names:
            if name.isdecimal():
                stand_in = ids.get(int(name)) if kind == "user" else None
                stand_in = stand_in or stand_ins.of(int(name))
            else:
                stand_in = stand_ins.of(name)
            key = of(kind, stand_in)
            stand_ins.known[key] = of(kind, name)
            made.add(key)
    return frozenset(made)


def forget(user) -> None:
    """Drop what was cached, after this very request changed the user's rights."""
    kept = "_audiences _exclusions _peers _rights _unread_kinds _zones _zone _roles"
    for name in kept.split():
        user.__dict__.pop(name, None)


def can_see(user, row: models.Model) -> bool:
    return type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists()


def allows(parent: str, child: str) -> bool:
    """Whether something below `parent` may have audience `child`: never a wider one.

    Below `public` anything goes, below `members` anything but `public`; the
    others do not contain each other, so below them only the same one.
    """
    if parent == child:
        return bool(child)
    if parent == PUBLIC:
        return bool(child)
    return parent == MEMBERS and child not in {PUBLIC, ""}


class AudienceField(models.CharField):
    """The effective audience of a row. Empty, the default, means nobody."""

    def __init__(self, *args, **kwargs):
        options = {"max_length": 40, "db_index": True, "blank": True, "default": ""}
        super().__init__(*args, **{**options, **kwargs})


class AudienceQuerySet(models.QuerySet):
    """For models with a stored `audience`."""

    def visible_to(self, user):
        return self.filter(audience__in=audiences_of(user))


class Restricted(Event):
    """Something narrowed: search must reindex all that stands below the key."""

    restriction: int


def restrict(*keys: str) -> None:
    """Hide from search all documents within `keys` until they are indexed anew.

    Called inside the action that narrows, unpublishes, moves or deletes, so that
    the filter stands from the moment the change is committed.
    """
    from network.models import Restriction

    for key in keys:
        row = Restriction.objects.create(key=key)
        publish(Restricted(restriction=row.pk))


def pending_restrictions() -> frozenset[str]:
    from network.models import Restriction

    return frozenset(Restriction.objects.values_list("key", flat=True).distinct())
