"""What may be hidden, and how it came to be: the rows of the matrix.

A case puts one thing into the world, in two steps: `made`, then `change` (after the
index has taken in the first). Add a case when something new can be closed, moved,
copied, translated or restored.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Revision

from cms.actions import set_audience
from cms.models import Document, LessonPage
from forums import actions as forums
from forums.actions import keep_file
from forums.actions.bookmarks import remind
from forums.models import Post
from forums.quotes import quote_of
from network.exchange import actions as exchange
from network.notifications.targets import key_of
from network.people import actions as people
from network.people.models import User
from search.models import PromotedResult
from search.rebuilding import advance, request_rebuild
from tests import factories as make
from tests.forums.factories import a_post, a_thread
from tests.forums.uploads import sent
from tests.leaks.world import FIND, MEMBERS, NOBODY, Hidden, World, title

INSIDERS = frozenset({"insider"})
STAFF = frozenset({"staff"})
AT_POSTS = "posts that moderators see"
FROM_ALL = "hidden from everybody"


@dataclass(frozen=True)
class Case:
    """made(world, number) -> thing; change(world, thing, number); hidden -> Hidden.

    alone: its change shows more than the thing itself, so only its secret is looked
    for; a text: in one world with others that have the same one.
    """

    number: int
    name: str
    sees: frozenset[str]
    made: Callable
    hidden: Callable[[object], Hidden]
    change: Callable | None = None
    alone: bool | str = False

    @property
    def group(self) -> str:
        """Cases of one group may share a world; most are of none that has a name."""
        if isinstance(self.alone, str):
            return self.alone
        return self.name if self.alone else ""


CASES: list[Case] = []


def case(name, made, sees, hidden, change=None, alone=False, **more):
    def describe(thing):
        return hidden(thing, sees, **more)

    number = len(CASES) + 1
    CASES.append(Case(number, name, sees, made, describe, change, alone))


# Pages


def lesson(audience=None, **fields):
    def made(world: World, n: int):
        return make.a_lesson(
            audience or world.insiders,
            title=title(n),
            summary=title(n),
            slug=f"hidden-page-{n}",
            themes=[world.theme],
            **{"under": world.section, **fields},
        )

    return made


def page(thing, sees, **more):
    return Hidden(
        url=thing.url,
        missing=thing.url.replace(thing.slug, "no-such-page"),
        sees=sees,
        posts=((f"/knowledge/{thing.pk}/use/", "/knowledge/987654/use/"),),
        **more,
    )


def narrow_page(world, thing, n):
    set_audience(thing, world.insiders)


def lesson_below(world: World, n: int):
    inner = make.a_section(slug=f"inner-{n}", under=world.section)
    return lesson("members", under=inner)(world, n)


def narrow_section(world, thing, n):
    set_audience(thing.get_parent(), world.insiders)


def move_page(world, thing, n):
    thing.move(world.closed_section, pos="last-child")


def translate_then_narrow(world, thing, n):
    make.a_translation(thing, "fr", title=title(n), summary=title(n))
    set_audience(thing, world.insiders)


def translate_closed(world, thing, n):
    make.a_translation(thing, "fr", title=title(n), summary=title(n))


def publish_older_draft(world, thing, n):
    kind = ContentType.objects.get_for_model(LessonPage)
    older = Revision.objects.filter(object_id=thing.pk, content_type=kind).first()
    set_audience(thing, world.insiders)
    older.publish()


def unpublish(world, thing, n):
    LessonPage.objects.get(pk=thing.pk).unpublish()


def restore_page(world, thing, n):
    unpublish(world, thing, n)
    LessonPage.objects.get(pk=thing.pk).save_revision().publish()


def copy_page(world, thing, n):
    copy = thing.copy(
        to=world.section.get_parent(),
        update_attrs={"slug": f"copied-page-{n}", "title": title(n)},
    )
    copy.save_revision().publish()


def delete_page(world, thing, n):
    LessonPage.objects.get(pk=thing.pk).delete()


def move_section(world, thing, n):
    thing.get_parent().move(world.closed_section, pos="last-child")


def narrow_while_rebuilding(world, thing, n):
    advance(request_rebuild(), seconds=0)  # begun; it goes on when events are delivered
    narrow_page(world, thing, n)


def promote(world, thing, n):
    PromotedResult.objects.create(page=thing, phrases=FIND)


def translation(world: World, n: int):
    original = make.a_lesson("public", title=f"Lesson {n}", under=world.section)
    fields = {"title": title(n), "summary": title(n), "slug": f"hidden-page-{n}"}
    return make.a_translation(original, "fr", **fields)


case("page for members", lesson("members"), MEMBERS, page)
case("page for a partnership", lesson(), INSIDERS, page)
case("page for staff", lesson("staff"), STAFF, page)
case("page made narrower", lesson("members"), INSIDERS, page, narrow_page)
case("section closed above", lesson_below, INSIDERS, page, narrow_section)
case(
    "page moved below a closed one",
    lesson("public"),
    INSIDERS,
    page,
    move_page,
    moved=True,
)
case("translated, then narrower", lesson("public"), INSIDERS, page,
     translate_then_narrow)  # fmt: skip
case("closed, then translated", lesson(), INSIDERS, page, translate_closed)
case("older draft published", lesson("public"), INSIDERS, page, publish_older_draft)
# Editors go on seeing in the editor what they may see and have unpublished.
case(
    "page unpublished",
    lesson("public"),
    STAFF,
    page,
    unpublish,
    moved=True,
    findable=False,
)
case("closed page restored", lesson(), INSIDERS, page, restore_page)
case("closed page copied", lesson(), INSIDERS, page, copy_page)
case("page deleted", lesson("public"), NOBODY, page, delete_page)
case("translation deleted", translation, NOBODY, page, delete_page, alone=FROM_ALL)
case("section moved below a closed one", lesson_below, INSIDERS, page, move_section,
     moved=True)  # fmt: skip
case("page made narrower while the index is built anew", lesson("members"), INSIDERS,
     page, narrow_while_rebuilding)  # fmt: skip
case("closed page promoted", lesson(), INSIDERS, page, promote)


# Who used a lesson that everybody may read


def use(how="", **fields):
    """The lesson's page, its number and its place among others tell of it."""

    def made(world: World, n: int):
        person = make.a_member(title(n), **fields)
        return make.a_use(world.neighbours[0], person, how=how or title(n))

    return made


def used(thing, sees, **more):
    return Hidden(
        f"/people/{thing.person.profile.slug}/",
        "/people/no-such-person/",
        sees,
        posts=(
            (f"/knowledge/use/{thing.pk}/remove/", "/knowledge/use/987654/remove/"),
        ),
        findable=False,
        **more,
    )


def user_hides(world, thing, n):
    only_me(world, thing.person.profile, n)


def user_blocks_all(world, thing, n):
    for role in ("member", "insider", "moderator", "staff"):
        people.block(thing.person, world.people[role])


case("use by somebody hidden", use(reach={"name": "me"}), NOBODY, used)
case("use by somebody for partners", use(reach={"name": "partnerships"}), NOBODY, used)
case("use by who then hides", use(), NOBODY, used, user_hides)
case("use by who then blocks", use(), NOBODY, used, user_blocks_all)


# Threads


def thread(where):
    def made(world: World, n: int):
        return a_thread(
            world.forums[where],
            make.a_member("Tor Threader", reach={"name": "me"}),
            title=title(n),
            markdown=title(n),
            themes=[world.theme],
        )

    return made


def talk(thing, sees, **more):
    pk = thing.pk
    return Hidden(
        url=f"/forums/thread/{pk}-{thing.slug}/",
        missing="/forums/thread/987654-no-such-thread/",
        sees=sees,
        target=f"thread.{pk}",
        posts=(
            (f"/forums/thread/{pk}/reply/", "/forums/thread/987654/reply/"),
            (f"/forums/thread/{pk}/close/", "/forums/thread/987654/close/"),
            (f"/forums/thread/{pk}/news/", "/forums/thread/987654/news/"),
            (f"/forums/thread/{pk}/1/edit/", "/forums/thread/987654/1/edit/"),
            (f"/forums/thread/{pk}/jump/", "/forums/thread/987654/jump/"),
            (f"/forums/thread/{pk}/ask/", "/forums/thread/987654/ask/"),
            (f"/forums/thread/{pk}/print/", "/forums/thread/987654/print/"),
            (f"/forums/feeds/thread/{pk}/", "/forums/feeds/thread/987654/"),
            (f"/forums/thread/{pk}/bookmark/", "/forums/thread/987654/bookmark/"),
            (f"/forums/thread/{pk}/1/bookmark/", "/forums/thread/987/1/bookmark/"),
            (f"/forums/thread/{pk}/1/react/", "/forums/thread/987654/1/react/"),
            (f"/forums/thread/{pk}/1/reactions/", "/forums/thread/987/1/reactions/"),
            *(
                (f"/forums/drafts/thread/{pk}/{x}/", f"/forums/drafts/thread/987/{x}/")
                for x in ("save", "discard", "restore")
            ),
        ),
        **more,
    )


def close_forum(world, thing, n):
    forums.set_forum_audience(thing.forum, world.insiders)


def move_thread(world, thing, n):
    forums.move_thread(thing, world.forums["insiders"])


def followed(world: World, n: int):
    row = thread("members")(world, n)
    from network.notifications.models import Subscription

    for role in ("member", "insider"):
        Subscription.objects.follow(world.people[role], row)
    return row


def watched(world: World, n: int):
    """News of it waits for its letter."""
    row = followed(world, n)
    from network.notifications.actions import set_level

    for role in ("member", "insider"):
        set_level(world.people[role], row, "watching")
    return row


def answer_then_move(world, thing, n):
    a_post(thing, make.a_member("Rut Replier", reach={"name": "me"}), title(n))
    forums.move_thread(thing, world.forums["insiders"])


def draft_then_move(world, thing, n):
    for role in ("member", "staff"):
        forums.save_draft(world.people[role], thing, {"markdown": title(n)})
    forums.move_thread(thing, world.forums["insiders"])


def bookmark_then_move(world, thing, n):
    yesterday = timezone.localdate() - timedelta(days=1)
    for role in ("member", "staff"):
        reader = world.people[role]
        forums.add_bookmark(reader, thing)
        row = forums.add_bookmark(reader, thing, thing.posts.first())
        forums.change_bookmark(row, title(n), yesterday)
        remind(row)
    forums.move_thread(thing, world.forums["insiders"])


FORUM = INSIDERS | {"moderator"}
case("thread for members", thread("members"), MEMBERS, talk)
case("thread in a closed forum", thread("insiders"), FORUM, talk)
case("thread moved to a closed forum", thread("members"), FORUM, talk, move_thread)
case("thread with drafts moved", thread("members"), FORUM, talk, draft_then_move)
case("thread with bookmarks moved", thread("members"), FORUM, talk,
     bookmark_then_move)  # fmt: skip
case("followed thread answered, then moved", followed, FORUM, talk, answer_then_move)
case("watched thread answered, then moved", watched, FORUM, talk, answer_then_move)


def lone_forum(world: World, n: int):
    from tests.forums.factories import a_forum

    forum = a_forum("members", name=title(n), slug=f"hidden-forum-{n}")
    return a_thread(
        forum, make.a_member("Tor Threader", reach={"name": "me"}),
        title=title(n), markdown=title(n), themes=[world.theme],
    )  # fmt: skip


case("forum made closed", lone_forum, INSIDERS, talk, close_forum)


def room_below(world: World, n: int):
    """In a room below a forum of which everybody may know."""
    above = world.forums["members"]
    room = make.a_forum(world.insiders, parent=above, name=title(n), slug=f"below-{n}")
    return a_thread(
        room, make.a_member("Tor Threader", reach={"name": "me"}),
        title=title(n), markdown=title(n), themes=[world.theme],
    )  # fmt: skip


def room(thing, sees, **more):
    forum = thing.forum
    return Hidden(
        url=forum.get_absolute_url(),
        missing="/forums/no-such-room/",
        sees=sees,
        posts=(
            (f"/forums/{forum.slug}/new/", "/forums/no-such-room/new/"),
            (f"/forums/{forum.slug}/read/", "/forums/no-such-room/read/"),
            (f"/forums/rooms/{forum.pk}/", "/forums/rooms/987654/"),
            (f"/forums/rooms/{forum.pk}/archive/", "/forums/rooms/987654/archive/"),
        ),
        **more,
    )


def close_room_above(world, thing, n):
    forums.set_forum_audience(thing.forum.parent, world.insiders)


def room_in_its_own(world: World, n: int):
    above = make.a_forum("members", name=f"Above {n}", slug=f"above-{n}")
    room = make.a_forum("members", parent=above, name=title(n), slug=f"below-{n}")
    return a_thread(
        room, make.a_member("Tor Threader", reach={"name": "me"}),
        title=title(n), markdown=title(n), themes=[world.theme],
    )  # fmt: skip


def edited(world: World, n: int):
    """An answer in an open thread that said it, and says it still."""
    author = make.a_member("Rut Replier", reach={"name": "me"})
    post = a_post(world.neighbours[2], author, title(n))
    return forums.edit_post(post, f"Again: {title(n)}")


def history(thing, sees, **more):
    pk, number = thing.thread_id, thing.number
    return Hidden(
        url=f"/forums/thread/{pk}/{number}/history/",
        missing=f"/forums/thread/{pk}/9876/history/",
        sees=sees,
        posts=(
            (
                f"/forums/thread/{pk}/{number}/history/1/remove/",
                f"/forums/thread/{pk}/9876/history/1/remove/",
            ),
        ),
        findable=False,
        **more,
    )


def hide(world, thing, n):
    forums.hide_post(thing)


case("room below an open forum", room_below, INSIDERS, room)
case("forum above made closed", room_in_its_own, INSIDERS, room, close_room_above)
case("history of a hidden post", edited, frozenset({"moderator", "staff"}), history,
     hide, alone=AT_POSTS)  # fmt: skip


# Who answered an open post in one press: the count is told, the name is not


def reaction(**fields):
    def made(world: World, n: int):
        person = make.a_member(title(n), **fields)
        forums.react(world.neighbours[2].posts.get(number=1), person, "thanks")
        return make.profile_of(person)

    return made


def who(thing, sees, **more):
    return Hidden(f"/people/{thing.slug}/", "/people/no-such-person/", sees, **more)


case("reaction by somebody hidden", reaction(reach={"name": "me"}), NOBODY, who,
     alone=FROM_ALL)  # fmt: skip


MODERATORS = frozenset({"moderator", "staff"})


def answered(world: World, n: int):
    """An answer in an open thread."""
    author = make.a_member("Rut Replier", reach={"name": "me"})
    return a_post(world.neighbours[2], author, title(n))


def at_post(thing, sees, **more):
    pk, number = thing.thread_id, thing.number
    there, nowhere = (f"/forums/thread/{pk}/{x}/" for x in (number, 9876))
    deeds = ("edit/", "flag/", "hide/", "restore/", "accept/", "unaccept/")
    return Hidden(
        url=there,
        missing=nowhere,
        sees=sees,
        posts=tuple((there + deed, nowhere + deed) for deed in deeds),
        findable=False,
        moved=True,
        **more,
    )


def hide_for_now(world, thing, n):
    """Not by a moderator: by three who reported it."""
    for _n in range(3):
        reporter = make.a_member("Rita Reporter", reach={"name": "me"})
        long_ago = timezone.now() - timedelta(days=30)
        User.objects.filter(pk=reporter.pk).update(date_joined=long_ago)
        forums.flag_post(thing, reporter, "spam", title(n))


def hide_first(world, thing, n):
    """Somebody had answered, whom that hides as well."""
    a_post(thing, make.a_member("Rut Replier", reach={"name": "me"}), title(n))
    forums.hide_post(thing.posts.get(number=1), world.people["moderator"], title(n))


def room_where_posts_wait(world: World, n: int):
    room = make.a_forum(
        "members", [world.people["moderator"]], name="Waiting room", hold_newcomers=1
    )
    author = make.a_member("Nina Newcomer", reach={"name": "me"})
    return room, author


def held_answer(world: World, n: int):
    room, author = room_where_posts_wait(world, n)
    row = a_thread(room, make.a_member("Tor Threader"), title=f"Open {n}")
    return forums.send_reply(row, author, markdown=title(n), language="en")


def held_thread(world: World, n: int):
    room, author = room_where_posts_wait(world, n)
    said = {"title": title(n), "markdown": title(n), "language": "en"}
    return forums.send_thread(room, author, kind="question", **said)


def refuse(world, thing, n):
    forums.decide(thing.review, world.people["moderator"], "refused", title(n))


def under_review(thing, sees, **more):
    there = thing.review.get_absolute_url()
    deeds = ("", "claim/", "release/")
    return Hidden(
        url=there,
        missing="/forums/review/987654/",
        sees=sees,
        posts=tuple((there + x, f"/forums/review/987654/{x}") for x in deeds),
        findable=False,
        **more,
    )


case("post hidden", answered, MODERATORS, at_post, hide, alone=AT_POSTS)
case(
    "post reported by three",
    answered,
    MODERATORS,
    at_post,
    hide_for_now,
    alone=AT_POSTS,
)
case("first post hidden", thread("members"), MODERATORS, talk, hide_first,
     findable=False)  # fmt: skip
case("first post of a followed thread hidden", watched, MODERATORS, talk, hide_first,
     alone=AT_POSTS, findable=False)  # fmt: skip
case("answer that waits", held_answer, MODERATORS, under_review, alone=AT_POSTS)
case("thread that waits", held_thread, MODERATORS, under_review, alone=AT_POSTS)
case("thread that was refused", held_thread, MODERATORS, under_review, refuse,
     alone=AT_POSTS)  # fmt: skip


# People, organisations, partnerships, files


def person(**fields):
    def made(world: World, n: int):
        user = make.a_member(
            title(n), headline=title(n), themes=[world.theme], **fields
        )
        return make.profile_of(user)

    return made


def suspend(world, thing, n):
    people.suspend(thing.user, world.people["staff"])


def block(world, thing, n):
    people.block(thing.user, world.people["member"])


def only_me(world, thing, n):
    thing.reach = {**thing.reach, "name": "me"}
    people.change_profile(thing)


case("person for members", person(), MEMBERS, who)
case("person for nobody else", person(reach={"name": "me"}), NOBODY, who)
case("person hides", person(), NOBODY, who, only_me)
case("person suspended", person(), NOBODY, who, suspend)
case("person blocks a member", person(), MEMBERS - {"member"}, who, block)
case("person hides from a country", person(hidden_from=["TZ"]),
     MEMBERS - {"member"}, who)  # fmt: skip


def partnership(world: World, n: int):
    ours = [world.organisation, world.quiet]
    return exchange.create_partnership(name=title(n), organisations=ours)


def place(kind):
    def describe(thing, sees, **more):
        return Hidden(f"/{kind}/{thing.slug}/", f"/{kind}/no-such-one/", sees, **more)

    return describe


case("partnership nobody agreed to show", partnership, INSIDERS, place("partnerships"),
     findable=False)  # fmt: skip


def organisation(audience):
    def made(world: World, n: int):
        return exchange.create_organisation(
            name=title(n), country="NO", audience=audience, other_names=f"Also {n}"
        )

    return made


def close_organisation(world, thing, n):
    thing.audience = "members"
    exchange.change_organisation(thing)


case("organisation for members", organisation("members"), MEMBERS,
     place("organisations"))  # fmt: skip
case("organisation closed", organisation("public"), MEMBERS, place("organisations"),
     close_organisation)  # fmt: skip


def document(world: World, n: int):
    file = ContentFile(title(n).encode(), "hidden.txt")
    return Document.objects.create(title=title(n), file=file, audience=world.insiders)


def handed_out(thing, sees, **more):
    return Hidden(
        thing.url, "/file/documents/no-such.txt", sees, findable=False, **more
    )


case("document for a partnership", document, INSIDERS, handed_out)


# Files of posts


def file_in(where):
    def made(world: World, n: int):
        row = where(world, n)
        author = make.a_member("Rut Replier", reach={"name": "me"})
        file = keep_file(author, sent(f"{title(n)}.txt", title(n).encode()))
        forums.post_reply(row, author, title(n), attachments={file.pk: ""})
        return file

    return made


def unposted(world: World, n: int):
    author = make.a_member("Rut Replier", reach={"name": "me"})
    return keep_file(author, sent(f"{title(n)}.txt", title(n).encode()))


def open_thread(world: World, n: int):
    return world.neighbours[2]


def fetched(thing, sees, **more):
    missing = "/file/attachments/2026/11/no-such.txt"
    return Hidden(thing.url, missing, sees, findable=False, **more)


def post_of(thing):
    return Post.objects.get(attachments=thing)


def move_post_of(world, thing, n):
    move_thread(world, post_of(thing).thread, n)


def close_forum_of(world, thing, n):
    close_forum(world, post_of(thing).thread, n)


def hide_post_of(world, thing, n):
    forums.hide_post(post_of(thing))


case("file nobody posted", unposted, NOBODY, fetched)
case("file of a thread moved to a closed forum", file_in(thread("members")), FORUM,
     fetched, move_post_of)  # fmt: skip
case("file in a forum made closed", file_in(lone_forum), INSIDERS, fetched,
     close_forum_of)  # fmt: skip
case("file of a hidden post", file_in(open_thread),
     MODERATORS, fetched, hide_post_of, alone=AT_POSTS)  # fmt: skip


# What an open thread is about


def about(row_of):
    """An open thread about something that not everybody may see."""

    def made(world: World, n: int):
        row = row_of(world, n)
        talk = next(one for one in world.talks if not one.about)
        talk.about = key_of(row)
        talk.save(update_fields=["about"])
        return row

    return made


def discussed(thing, sees, **more):
    key = key_of(thing)
    standing = page if key.startswith("work.") else place("partnerships")
    kind = key.partition(".")[0]
    hidden = standing(thing, sees, **more)
    discuss = (f"/forums/discuss/?about={key}", f"/forums/discuss/?about={kind}.987654")
    return replace(hidden, posts=(*hidden.posts, discuss))


case("thread about a closed page", about(lesson()), INSIDERS, discussed)
case("thread about a page made narrower", about(lesson("members")), INSIDERS, discussed,
     narrow_page)  # fmt: skip
case("thread about a closed partnership", about(partnership), INSIDERS, discussed,
     findable=False)  # fmt: skip


# What an open post says of others


def said_in_open(row_of, words):
    """An answer in the open thread that names it, quotes it or leads to it."""

    def made(world: World, n: int):
        row = row_of(world, n)
        author = make.a_member("Rut Replier", reach={"name": "me"})
        a_post(world.neighbours[2], author, words(row))
        return row

    return made


def named(profile):
    return f"Ask @{profile.slug}, who knows."


def led_to(row):
    return f"As told here:\n{settings.SITE_URL}{row.url}"


def answer(world: World, n: int):
    author = make.a_member("Rut Replier", reach={"name": "me"})
    return a_post(world.neighbours[2], author, title(n))


def quotable(thing, sees, **more):
    address = f"/forums/thread/{thing.thread_id}/{{}}/quote/"
    return Hidden(
        address.format(thing.number), address.format(9876), sees, findable=False, **more
    )


case("mention of a person who hides", said_in_open(person(), named), NOBODY, who,
     only_me, alone=FROM_ALL)  # fmt: skip
case("card of a closed page", said_in_open(lesson(), led_to), INSIDERS, page,
     alone="cards")  # fmt: skip
case("card of a page made narrower", said_in_open(lesson("members"), led_to), INSIDERS,
     page, narrow_page, alone="cards")  # fmt: skip
case("quote of a hidden post", said_in_open(answer, quote_of),
     frozenset({"moderator", "staff"}), quotable, hide, alone=AT_POSTS)  # fmt: skip


# The viewer changes


def leave(world, thing, n):
    for membership in world.people["insider"].memberships.all():
        exchange.end_membership(membership)


def watched_inside(world: World, n: int):
    from network.notifications.actions import set_level

    row = thread("insiders")(world, n)
    set_level(world.people["insider"], row, "watching")
    a_post(row, make.a_member("Rut Replier", reach={"name": "me"}), title(n))
    return row


case("left before the letter went", watched_inside, frozenset({"moderator"}), talk,
     leave, alone="left")  # fmt: skip
case("insider left", lesson(), NOBODY, page, leave, alone="left")
case("room of a partnership left", room_below, NOBODY, room, leave, alone="left")
