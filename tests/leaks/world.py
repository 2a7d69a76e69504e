"""A small network in which things are hidden, and the eyes that look for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from forums.feeds import address_for, token_of
from network.events import deliver_events
from network.notifications import letters
from network.notifications.models import Letter
from network.people.models import User
from network.themes.models import Theme
from tests import factories as make
from tests.forums.factories import a_forum, a_thread

# Every hidden thing says all three: found together, found alone, and recognised.
FIND = "findablequark"
ALONE = "lonelyquark"
SECRET = "secretzebra"
EVER = "2020-01-01T00:00Z"

ROLES = ("anonymous", "pending", "member", "insider", "moderator", "staff")
ALL = frozenset(ROLES)
MEMBERS = frozenset({"member", "insider", "moderator", "staff"})
NOBODY = frozenset()

# What differs between any two answers: tokens, and how long ago something was.
_PASSING = [
    re.compile(rb'csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'csrf[-_a-zA-Z"&:; ]{0,20}&quot;: ?&quot;\w+'),
    re.compile(rb"X-CSRFToken[^}]*}"),
    re.compile(rb'name="(token|writer)" value="[^"]*"'),
    re.compile(rb'nonce="[^"]*"'),
    re.compile(rb'"csrf_?token"[^,}]*', re.IGNORECASE),
    re.compile(rb'data-since="[^"]*"'),
    # A feed without entries says when it was fetched.
    re.compile(rb"<updated>[^<]*</updated>(?=<subtitle/></feed>)"),
    re.compile(rb'data-news="/(forums/threads|inbox)/news/\?[^"]*"'),
    re.compile(rb'name="seen" value="[^"]*"'),
    re.compile(
        "((a|\\d+)(?: |\u00a0)(seconds?|minutes?) ago|(Just )?now)"
        "(?=\\s*</time>)".encode()
    ),
]


@dataclass
class World:
    """Who is there, and the rooms in which things may stand."""

    people: dict[str, User | None]
    partnership: object
    organisation: object
    theme: Theme
    forums: dict[str, object]
    section: object
    closed_section: object
    quiet: object
    neighbours: list = field(default_factory=list)
    talks: list = field(default_factory=list)  # each may come to be about something
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, role: str) -> Client:
        """Signed in once: what a change takes away, it takes from open sessions too."""
        if role not in self.browsers:
            self.browsers[role] = browser(self.people[role])
        return self.browsers[role]

    @property
    def insiders(self) -> str:
        return self.partnership.own_audience


@dataclass
class Hidden:
    """Something put into the world: where it stands, who sees it and how."""

    url: str
    missing: str
    sees: frozenset[str]
    target: str = ""
    posts: tuple[tuple[str, str], ...] = ()
    findable: bool = True
    moved: bool = False


def title(number: int) -> str:
    return f"{FIND} {ALONE}{number} {SECRET}{number}"


def a_world() -> World:
    partnership = make.a_partnership("Open Window")
    organisation = partnership.members.first().organisation
    theme = Theme.objects.create(slug="beekeeping", scheme=Theme.Scheme.SECTOR)
    theme.labels.create(language="en", text="Beekeeping", preferred=True)
    editor = make.a_staff("Edith Editor")
    editor.groups.set(Group.objects.filter(name__icontains="editor"))
    moderator = make.a_member("Mona Moderator")
    people = {
        "anonymous": None,
        "pending": make.a_pending("Per Pending"),
        "member": make.a_member("Mia Member", country="TZ"),
        "insider": make.a_member("Ines Insider", of=organisation),
        "moderator": moderator,
        "staff": editor,
    }
    forums = {
        "members": a_forum("members", [moderator], name="Open to members"),
        "insiders": a_forum(partnership.own_audience, [moderator], name="Our own"),
    }
    author = make.a_member("Aud Author")
    world = World(
        people=people,
        partnership=partnership,
        organisation=organisation,
        theme=theme,
        forums=forums,
        section=make.a_section(slug="section"),
        closed_section=make.a_section(partnership.own_audience, slug="closed-section"),
        quiet=make.an_organisation("Quiet Partner"),
    )
    # Wagtail's explorer marks a section that has pages, whichever they are.
    make.a_section(slug="open", under=world.section)
    world.neighbours = [
        make.a_lesson(title="Neighbouring lesson", themes=[theme]),
        make.an_article("members", title="Neighbouring article", themes=[theme]),
        a_thread(
            forums["members"], author, title="Neighbouring thread", themes=[theme]
        ),
    ]
    # In words of their own: more that is near than fits a list would take turns there.
    world.talks = [
        a_thread(forums["members"], author, title=f"Talk{n}", markdown=f"Chatter{n}")
        for n in range(3)
    ]
    deliver_events()
    return world


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(User.objects.get(pk=user.pk))
        assert b"/account/logout/" in client.get("/").content, "not signed in"
    return client


def feeds(world: World, role: str) -> list[str]:
    """The open addresses, and the role's own."""
    thread, reader = world.neighbours[2], world.people[role]
    rows = [thread, thread.forum, world.forums["insiders"]]
    tokens = [""] if reader is None else ["", token_of(reader)]
    return [
        address_for(row, token).removeprefix(settings.SITE_URL)
        for row in rows
        for token in tokens
    ] + [f"/forums/feeds/?thread={thread.pk}"]


def surfaces(world: World, role: str) -> list[str]:
    """Every address at which something hidden might show. New surfaces go here."""
    lesson, _article, thread = world.neighbours
    places = [
        thread.get_absolute_url(),  # first: once it is read, it is in no list of news
        *(talk.get_absolute_url() for talk in world.talks),
        "/",
        "/en/",
        "/knowledge/",
        "/knowledge/?kind=lesson",
        "/forums/",
        world.forums["members"].get_absolute_url(),
        *(f"/forums/threads/?show={x}" for x in ("latest", "new", "unread", "mine")),
        f"/forums/threads/?show=unanswered&theme={world.theme.slug}",
        f"/forums/threads/news/?since={EVER}",
        f"/forums/threads/news/?since={EVER}&forum={world.forums['members'].pk}",
        f"/forums/threads/news/?since={EVER}&show=unread",
        f"/forums/thread/{thread.pk}/here/",
        f"/inbox/news/?since={EVER}",
        "/forums/drafts/",
        "/forums/asks/",
        f"/forums/thread/{thread.pk}/jump/?number=2",
        f"/forums/thread/{thread.pk}/ask/",
        "/forums/bookmarks/",
        f"/forums/similar/?title={FIND}",
        f"/forums/similar/?title={FIND}+{SECRET[:-1]}o7+Neighbouring",
        *feeds(world, role),
        f"/forums/thread/{thread.pk}/print/",
        f"/forums/discuss/?about=work.{lesson.pk}",
        f"/forums/{world.forums['members'].slug}/new/?about=work.{lesson.pk}",
        "/forums/review/",
        "/forums/review/?kind=held",
        "/forums/decisions/",
        f"/forums/thread/{thread.pk}/1/flag/",
        "/people/muted/",
        "/forums/rooms/",
        "/forums/rooms/new/",
        "/forums/rooms/countries/",
        f"/forums/rooms/{world.forums['members'].pk}/",
        *(f"/forums/thread/{thread.pk}/{number}/history/" for number in (1, 2, 3)),
        *(f"/forums/thread/{thread.pk}/{number}/quote/" for number in (1, 3)),
        f"{thread.get_absolute_url()}?quote=3",
        f"/forums/{world.forums['members'].slug}/people/?q={SECRET}",
        f"/forums/{world.forums['members'].slug}/people/?q=&thread={thread.pk}",
        f"/forums/thread/{thread.pk}/1/reactions/",
        f"/forums/thread/{thread.pk}/move/",
        "/people/",
        f"/people/?q={SECRET}",
        "/organisations/",
        "/partnerships/",
        "/themes/",
        world.theme.get_absolute_url(),
        "/search/explorer/?rows=sector&kind=everything",
        f"/search/explorer/?rows=sector&kind=everything&columns=phase&q={FIND}",
        world.organisation.get_absolute_url(),
        "/inbox/",
        "/inbox/?show=unread&kind=answers",
        "/inbox/bell/",
        "/inbox/settings/",
        *(f"/inbox/following/?kind={x}" for x in ("thread", "forum", "person")),
        f"/search/?q={FIND}",
        f"/search/?q={FIND}&sort=newest",
        f"/search/?theme={world.theme.slug}",
        "/search/",
        "/search/?q=findablequrk",  # what was meant
        f"/search/?q={SECRET[:-1]}o7",
        f"/search/?q={FIND}+{SECRET}&kind=guide",  # what there is with less
        f"/search/?q={FIND}+theme:{world.theme.slug}+country:ZW&kind=lesson",
        f'/search/?q="{FIND}"',  # passages
        f"/search/?q={SECRET[:6]}*",
        f"/search/?kind=lesson&kind=person&theme={world.theme.slug}",  # counts
        f"/search/suggest/?q={FIND[:6]}",
        f"/search/suggest/?q={SECRET[:6]}",
        lesson.url,
        f"/forums/thread/{thread.pk}/near/",
        f"/sitemap.xml?{FIND}",
    ]
    if role == "staff":
        places += [
            "/search/explorer/thin/",
            f"/editor/explain/?q={FIND}",
            f"/editor/explain/?q={SECRET[:-1]}o7",
            "/editor/",
            f"/editor/pages/search/?q={FIND}",
            f"/editor/choose-page/search/?q={FIND}",
            f"/editor/pages/{lesson.get_parent().pk}/",
        ]
    return places


def look(client: Client, address: str, method: str = "get") -> tuple:
    """(status, headers, body) as a person could compare them."""
    sent = {}
    if address.startswith("/forums/similar/?"):  # what one begins to write is posted
        method, sent = "post", QueryDict(address.partition("?")[2]).dict()
    answer = getattr(client, method)(address, sent, HTTP_ACCEPT_LANGUAGE="en")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for passing in _PASSING:
        body = passing.sub(b"", body)
    if address.endswith("/near/"):
        # What was written anew counts twice in how rare a word is until the index is
        # tidied. Among five texts that tips the order; among many, whole points do not.
        body = b"".join(sorted(re.split(rb"(?=<li|</ul>)", body)))
    path = address.partition("?")[0].encode()
    body = body.replace(path, b"[here]")
    names = {"Content-Length", "ETag", "Last-Modified", "Set-Cookie", "Expires"}
    asked = quote(address, safe="/")  # as sign-in leads back to it
    headers = {
        name: value.replace(asked, "[here]").replace(path.decode(), "[here]")
        for name, value in answer.headers.items()
        if name not in names
    }
    return answer.status_code, headers, body


def letters_to(world: World, roles: Iterable[str]) -> list[str]:
    """What these people are sent, if every letter that waits goes now."""
    Letter.objects.update(planned_at=timezone.now() - timedelta(minutes=1))
    for pk in list(Letter.objects.waiting().values_list("pk", flat=True)):
        letters.send(pk)
    people = (world.people[role] for role in roles)
    addresses = {one.email for one in people if one}
    sent = (one for one in mail.outbox if addresses & set(one.to))
    return [f"{one.to} {one.subject} {one.body}" for one in sent]


# Surfaces that an index may answer, which hears of a change later than the database.
INDEXED = re.compile(
    r"/search/|/similar/|/near/|/explain/|/editor/.*/search/|/themes/|/knowledge/|/en/"
)


def look_everywhere(
    world: World, roles: Iterable[str], only: re.Pattern = re.compile("")
) -> dict[tuple, tuple]:
    """{(role, address): answer} for each role at each surface."""
    seen = {}
    for role in roles:
        client = world.browser(role)
        for address in filter(only.search, surfaces(world, role)):
            seen[role, address] = look(client, address)
    return seen
