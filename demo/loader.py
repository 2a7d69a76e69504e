"""Puts the demo content into the database: one function for each kind of file.

What is there already, found by address or source id, is left as it is; so a second
run changes nothing, and what people have edited meanwhile stays.
"""

import re
import tomllib
from collections import Counter
from datetime import UTC, date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from cms.models import ArticlePage, LessonPage, WorkAuthor, WorkPage
from cms.models.pages import FeaturedWork
from demo.around import add_around, add_held
from demo.bodies import blocks_of
from demo.rows import (
    CONTENT,
    emails,
    home_of,
    only,
    organisation,
    read,
    read_work,
    source_id,
    themes,
    user,
    users,
    work_page,
)
from forums.actions import accept_answer, add_post, slug_of
from forums.events import ForumChanged, ThreadStarted
from forums.models import Forum, Post, Thread
from network.events import publish
from network.exchange import actions as exchange
from network.exchange.models import Organisation, Partnership, Placement, Round
from network.notifications.models import Level, Subscription
from network.people.actions import create_profile
from network.people.models import Application, Profile, User
from network.people.models.profiles import default_reach

LINK = re.compile(r"\(work:([\w-]+)\)")
CARD = re.compile(r"^work:([\w-]+)$", re.MULTILINE)
QUOTED = re.compile(r"^> post:(\d+)$", re.MULTILINE)
LESSON_FIELDS = (
    "challenge what_we_did outcome why phase step source_role lesson_kind learnt_by "
    "when_to_use when_not context_from context_to adapted believed_before know_now"
)


def load_demo() -> Counter:
    """Load everything; answers how many of each kind are new."""
    new: Counter = Counter()
    for load in (
        load_organisations,
        load_people,
        load_partnerships,
        load_placements,
        load_works,
        load_homes,
        load_forums,
        load_threads,
    ):
        with transaction.atomic():
            new[load.__name__.removeprefix("load_")] = load()
    return new


def load_organisations() -> int:
    """Only the organisations: their members come with the people."""
    there = set(Organisation.objects.values_list("slug", flat=True))
    rows = [row for row in read("organisations") if row["key"] not in there]
    for row in rows:
        exchange.create_organisation(
            **only(row, "name audience country place kind founded languages"),
            slug=row["key"],
            about=row["about"].strip(),
            about_language=row.get("about_language", "en"),
            themes=themes(row),
        )
    return len(rows)


def load_people() -> int:
    """Accounts with a verified address, their profiles, and where they work."""
    there = set(User.objects.values_list("email", flat=True))
    rows = [row for row in read("people") if row["email"] not in there]
    password = make_password(settings.DEMO_PASSWORD)
    for row in rows:
        _add_person(row, password)
    return len(rows)


def _add_person(row: dict, password: str) -> None:
    user = User.objects.create(
        email=row["email"],
        password=password,
        first_name=row["given"],
        last_name=row["family"],
        language=row["language"],
        status=row.get("status", User.Status.APPROVED),
        is_staff=row.get("staff", False),
        is_superuser=row.get("superuser", False),
    )
    EmailAddress.objects.create(
        user=user, email=user.email, primary=True, verified=True
    )
    if user.is_staff:
        user.groups.add(Group.objects.get(name="Editors"))
    if user.status == User.Status.PENDING:
        Application.objects.create(user=user, exchange=row["exchange"], why=row["why"])
    work = _work_of(row["key"])
    profile = create_profile(
        user,
        **only(row, "headline country city languages"),
        bio=row["bio"]["text"].strip(),
        bio_language=row["bio"]["language"],
        work_title=work["title"] if work else "",
        work_place=work["organisation"].name if work else "",
        reach={**default_reach(), **row.get("reach", {})},
    )
    profile.themes.set(themes(row))
    if work:
        exchange.add_member(work["organisation"], user, work["role"], work["title"])


def _work_of(person: str) -> dict | None:
    for row in read("organisations"):
        for member in row["members"]:
            if member["person"] == person:
                return {**member, "organisation": organisation(row["key"])}
    return None


def load_partnerships() -> int:
    there = set(Partnership.objects.values_list("slug", flat=True))
    rows = [row for row in read("partnerships") if row["key"] not in there]
    for row in rows:
        _add_partnership(row)
    return len(rows)


def _add_partnership(row: dict) -> None:
    partners = [organisation(one["organisation"]) for one in row["organisations"]]
    partnership = exchange.create_partnership(
        **only(row, "name started summary"),
        slug=row["key"],
        organisations=partners,
        themes=themes(row),
    )
    for goal in row["goals"]:
        _add_goal(partnership, goal)
    for one in row["rounds"]:
        round_ = Round(
            partnership=partnership,
            **only(one, "number title text"),
            starts_on=one["start"],
            ends_on=one["end"],
        )
        exchange.save_round(round_)
    for share in row["contributions"]:
        whose = organisation(share["organisation"])
        language = share.get("language", "en")
        exchange.add_contribution(
            partnership, whose, text=share["gave"], language=language
        )
        gain = {"text": share["got"], "language": language}
        exchange.add_gain(partnership, whose, **gain, **only(share, "level evidence"))
    _show(partnership, partners, row["audience"], row["agreed"])


def _add_goal(partnership: Partnership, row: dict) -> None:
    """A changed goal is added as it was, then changed: so its history shows."""
    whose = organisation(row["organisation"]) if "organisation" in row else None
    fields = {"language": row.get("language", "en"), "note": row.get("note", "")}
    text = row.get("before", row["text"])
    goal = exchange.add_goal(
        partnership, organisation=whose, text=text, since=row["since"], **fields
    )
    if "before" in row:
        by = _administrator(whose)
        exchange.change_goal(goal, by, text=row["text"], reason=row["reason"])
        goal.versions.update(changed_at=_noon(date(row["since"], 6, 1)))


def _show(
    partnership: Partnership, partners: list, audience: str, agreed: date
) -> None:
    """Each partner says yes, on the day it is said to have done so."""
    first, *others = partners
    exchange.propose_audience(partnership, first, _administrator(first), audience)
    for one in others:
        exchange.agree(partnership, one, _administrator(one), audience)
    partnership.members.update(agreed_public_at=_noon(agreed))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _administrator(whose: Organisation) -> User:
    return whose.memberships.filter(role="administrator").first().person


def load_placements() -> int:
    there = set(Placement.objects.values_list("person__email", "starts_on"))
    new = 0
    for person in read("people"):
        for row in person.get("placements", []):
            if (person["email"], row["start"]) not in there:
                exchange.save_placement(_placement(person["email"], row))
                new += 1
    return new


def _placement(email: str, row: dict) -> Placement:
    rounds = Round.objects.filter(
        partnership__slug=row.get("partnership"), number=row.get("round")
    )
    return Placement(
        person=User.objects.get(email=email),
        round=rounds.first(),
        sending=organisation(row["from_org"]) if "from_org" in row else None,
        host=organisation(row["to_org"]) if "to_org" in row else None,
        starts_on=row["start"],
        ends_on=row["end"],
        **only(row, "from_country to_country role kind verified"),
    )


def load_works() -> int:
    """One page for each file; a translation takes what it lacks from its work."""
    there = set(WorkPage.objects.values_list("source_id", flat=True))
    files = [read_work(path) for path in sorted(CONTENT.glob("knowledge/*.md"))]
    originals = {row["work"]: row for row in files if "translated_from" not in row}
    rows = [row for row in files if source_id(row) not in there]
    known = Profile.objects.select_related("user")
    profiles = {profile.user.email: profile for profile in known}
    for row in rows:
        _add_work({**originals[row["work"]], **row}, profiles)
    return len(rows)


def _add_work(row: dict, profiles: dict[str, Profile]) -> None:
    home = home_of(row["language"])
    model = LessonPage if row["kind"] == "lesson" else ArticlePage
    page = model(
        live=False,
        locale=home.locale,
        translation_key=uuid5(NAMESPACE_URL, f"attende:demo:{row['work']}"),
        source_id=source_id(row),
        published_on=row["published"],
        body=blocks_of(row["body"]),
        **only(row, "kind language title summary countries licence attribution role"),
    )
    if model is LessonPage:
        _tell_lesson(page, row)
    page.authors = [_author(key, profiles) for key in row["authors"]]
    page.themes = themes(row)
    page.first_audience = row["audience"]
    home.add_child(instance=page)
    page.save_revision().publish()


def _author(person: str, profiles: dict[str, Profile]) -> WorkAuthor:
    """Printed with the text, since the author agreed to that; linked for members."""
    profile = profiles[emails()[person]]
    return WorkAuthor(person=profile, name=profile.name)


def _tell_lesson(page: LessonPage, row: dict) -> None:
    for name, text in only(row, LESSON_FIELDS).items():
        setattr(page, name, text.strip())
    page.voices = [("voice", voice) for voice in row["voices"]]
    page.advice = [("step", step) for step in row["advice"]]
    page.levels = [
        ("result", {"level": level, **told})
        for level, told in row.get("levels", {}).items()
    ]


def load_homes() -> int:
    """Voices and chosen works, where a home page has none."""
    homes = {language: home_of(language) for language in read("homes")}
    bare = {language: home for language, home in homes.items() if not home.voices}
    for language, home in bare.items():
        row = read("homes")[language]
        home.voices = [("voice", voice) for voice in row["voices"]]
        home.featured = [
            FeaturedWork(work=work_page(key, language)) for key in row["featured"]
        ]
        home.save_revision().publish()
    return len(bare)


def load_forums() -> int:
    there = set(Forum.objects.values_list("slug", flat=True))
    rows = list(enumerate(read("forums")))
    rows = [(place, row) for place, row in rows if row["key"] not in there]
    for place, row in rows:
        forum = Forum.objects.create(
            **only(row, "name language description hold_newcomers"),
            slug=row["key"],
            audience=_forum_audience(row["audience"]),
            position=place,
        )
        forum.themes.set(themes(row))
        forum.moderators.set(users(row["moderators"]))
        publish(ForumChanged(forum=forum.pk))
    return len(rows)


def _forum_audience(audience: str) -> str:
    kind, _colon, key = audience.partition(":")
    if kind == "partnership":
        return Partnership.objects.get(slug=key).own_audience
    return audience


def load_threads() -> int:
    there = set(Thread.objects.values_list("source_id", flat=True))
    paths = sorted(CONTENT.glob("threads/*.toml"))
    rows = [
        (f"demo:{path.stem}", tomllib.loads(path.read_text("utf-8"))) for path in paths
    ]
    rows = [(key, row) for key, row in rows if key not in there]
    for key, row in rows:
        _add_thread(key, row)
    return len(rows)


def _add_thread(key: str, row: dict) -> None:
    """Posts keep their dates and are told to nobody as new; answers are accepted."""
    first = row["posts"][0]
    thread = Thread.objects.create(
        **only(row, "kind title language"),
        forum=Forum.objects.get(slug=row["forum"]),
        author=user(first["author"]),
        slug=slug_of(row["title"]),
        created_at=first["at"],
        source_id=key,
    )
    thread.themes.set(themes(row))
    answer = None
    for post in row["posts"]:
        added = _add_post(thread, post)
        add_around(added, post)
        answer = added if post.get("accepted") else answer
    for held in row.get("held", []):
        add_held(thread, held)
    Subscription.objects.follow(thread.author, thread, Level.WATCHING)
    for one in users({post["author"] for post in row["posts"]}):
        Subscription.objects.follow(one, thread)
    publish(ThreadStarted(thread=thread.pk))
    if answer:
        accept_answer(answer, by=thread.author)


def _add_post(thread: Thread, row: dict) -> Post:
    language = row.get("language", thread.language)
    return add_post(
        thread,
        author=user(row["author"]),
        markdown=_linked(row["text"].strip(), language, thread),
        language=language,
        created_at=row["at"],
    )


def _linked(markdown: str, language: str, thread: Thread) -> str:
    """Works and posts that are named by key or number stand with their addresses."""

    def address(match) -> str:
        return work_page(match[1], language).url

    def quoted(match) -> str:
        post = Post(thread=thread, number=int(match[1]))
        return f"> {post.get_absolute_url()}"

    linked = LINK.sub(lambda match: f"({address(match)})", markdown)
    return QUOTED.sub(quoted, CARD.sub(address, linked))
