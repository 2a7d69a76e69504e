"""Which rows enter the index and what each of them says there."""

from collections import defaultdict
from datetime import UTC, datetime, time
from functools import reduce
from html import unescape
from urllib.parse import quote

from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat, Trim
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.actions import narrower
from cms.models import ArticlePage, LessonPage, WorkPage
from cms.models.uses import grade_of_evidence, number_of_uses
from cms.models.works import WorkAuthor
from forums.models import Post, Thread
from network.aggregates import Joined
from network.audience import MEMBERS, PUBLIC, of
from network.exchange.models import Organisation, Partnership
from network.languages import OWN_NAMES, country_name, language_name
from network.people.models import Profile, Reach
from network.regions import regions_of
from network.text import fold
from network.themes.models import Theme
from network.themes.vocabulary import vocabulary
from search.documents import SearchDocument
from search.engines.base import Hit
from search.registry import Source, register

OPENING = 600
MOST_THEMES = 3  # named beside a result
PASSAGE_WORDS = 5  # by which a browser finds a passage in the page


def with_wider(themes) -> list[int]:
    """Their keys and those of their wider themes, of which each has one at most."""
    return sorted({pk for one in themes for pk in (one.pk, one.parent_id) if pk})


@register
class KnowledgeSource(Source):
    """A work is all its pages that are live; each says what it is in its language."""

    name, prefix, model = "knowledge", "work", WorkPage
    kinds = ("lesson", "article", "story", "guide")

    def rows(self):
        return WorkPage.objects.live().order_by("pk")

    def object_key(self, row):
        return f"work.{row.translation_key}"

    def load(self, object_keys):
        works = defaultdict(list)
        for model in (ArticlePage, LessonPage):
            pages = model.objects.live().filter(
                translation_key__in=self.ids(object_keys)
            )
            pages = pages.select_related("audience_row", "locale").order_by("pk")
            pages = pages.annotate(graded=grade_of_evidence(), uses=number_of_uses())
            for page in pages.prefetch_related("themes", "authors"):
                works[page.translation_key].append(page)
        above = ancestors([page for pages in works.values() for page in pages])
        for pages in works.values():
            for page in pages:
                page.within = above[page.pk]
        return list(works.values())

    def documents(self, pages):
        audiences = [getattr(p, "audience_row", None) for p in pages]
        audience = reduce(narrower, [row.audience if row else "" for row in audiences])
        if not audience:
            return []
        first = pages[0]
        key = self.object_key(first)
        told = {p.language: joined(parts_of(p)) for p in pages}
        return [
            SearchDocument(
                key=key, source=self.name, object_key=key, kind=first.kind,
                title={p.language: p.title for p in pages},
                summary={p.language: summary_of(p) for p in pages},
                body={language: text for language, (text, _at) in told.items()},
                anchors={language: at for language, (_text, at) in told.items()},
                themes=with_wider(t for p in pages for t in p.themes.all()),
                countries=sorted({code for p in pages for code in countries_of(p)}),
                phase=[first.phase] if isinstance(first, LessonPage) else [],
                outcome=getattr(first, "outcome", ""),
                levels=levels_of(first),
                regions=regions_of({code for p in pages for code in countries_of(p)}),
                authors=authors_of(first),
                evidence=first.graded,
                reuse=first.uses,
                at=max(moment_of(p) for p in pages),
                audience=[audience],
                within=[key, *sorted({x for p in pages for x in p.within})],
            )
        ]  # fmt: skip

    def keys_within(self, key):
        kind, _dot, pk = key.partition(".")
        if kind == self.prefix:
            return [key]
        page = Page.objects.filter(pk=pk).first() if kind == "page" else None
        if page is None:
            return []
        below = WorkPage.objects.filter(path__startswith=page.path)
        return [f"work.{x}" for x in below.values_list("translation_key", flat=True)]

    def visible_to(self, user, object_keys):
        pages = WorkPage.objects.visible_to(user).select_related("lessonpage")
        pages = pages.annotate(
            about=theme_ids(), told_by=names_of_authors(user), uses=number_of_uses()
        )
        found = defaultdict(dict)
        for page in pages.filter(translation_key__in=self.ids(object_keys)):
            found[self.object_key(page)][page.language] = page
        return found

    def item(self, pages, hit, request):
        page = pages.get(hit.language) or next(iter(pages.values()))
        others = [x for x in hit.languages if x in pages and x != page.language]
        lesson = getattr(page, "lessonpage", None)
        way = [lesson.context_from, lesson.context_to] if lesson else []
        places = [country_name(code) for code in way if code]
        facts = (
            [" → ".join(places)]
            if places
            else list(map(country_name, page.countries[:3]))
        )
        return {
            "url": at_passage(page.url, hit),
            "outcome": lesson.outcome if lesson else "",
            "used_by": page.uses,
            "others": [(code, OWN_NAMES[code], pages[code].url) for code in others],
            "themes": names_of_themes(page.about),
            "facts": [*facts, str(moment_of(page).year), *who_told(page)],
        }


def theme_ids() -> Subquery:
    """The themes of each page, in the query that reads the pages."""
    rows = WorkPage.themes.through.objects.filter(workpage=OuterRef("pk"))
    return Subquery(rows.values("workpage").annotate(all=Joined("theme")).values("all"))


def names_of_themes(ids: str | None) -> list[str]:
    """The first few, in the order of the vocabulary; a goal says less than a theme."""
    known, language = vocabulary(), get_language()
    wanted = [
        known.themes[pk] for pk in map(int, (ids or "").split()) if pk in known.themes
    ]
    wanted.sort(key=lambda one: (one.scheme == Theme.Scheme.SDG, one.position, one.pk))
    return [known.name(theme.pk, language) for theme in wanted[:MOST_THEMES]]


def names_of_authors(user) -> Subquery:
    """As `WorkPage.bylines` tells them to `user`, in the query that reads the pages."""
    shown = Profile.objects.visible_to(user).showing("name", user)
    full = Trim(
        Concat("person__user__first_name", Value(" "), "person__user__last_name")
    )
    printed, member = When(~Q(name=""), then="name"), When(person__in=shown, then=full)
    name = Case(printed, member, default=Value(""))
    rows = WorkAuthor.objects.filter(page=OuterRef("pk")).annotate(shown=name)
    rows = rows.exclude(shown="").order_by().values("page")
    return Subquery(rows.annotate(all=Joined("shown")).values("all"))


def who_told(page) -> list[str]:
    """Those whose names stand there, or the role; one fact, or none."""
    if page.attribution == WorkPage.Attribution.ROLE:
        return [page.role] if page.role else []
    if page.attribution != WorkPage.Attribution.NAMED or not page.told_by:
        return []
    return [", ".join(sorted(page.told_by.split("\n")))]


def ancestors(pages) -> dict[int, list[str]]:
    """For each page the keys of itself and all above it, in one query."""
    paths = {
        page.pk: [
            page.path[:n] for n in range(Page.steplen, len(page.path) + 1, Page.steplen)
        ]
        for page in pages
    }
    wanted = {path for one in paths.values() for path in one}
    known = dict(Page.objects.filter(path__in=wanted).values_list("path", "pk"))
    return {
        pk: [of("page", known[path]) for path in one if path in known]
        for pk, one in paths.items()
    }


def summary_of(page) -> str:
    return page.summary or getattr(page, "challenge", "")


Part = tuple[str, str]  # where in the page a text stands, and the text


def parts_of(page) -> list[Part]:
    """All that the page says, and who says it, where it is said under a plain name."""
    parts: list[Part] = []
    if isinstance(page, LessonPage):
        parts = [
            ("challenge", page.challenge), ("what-we-did", page.what_we_did),
            ("why", page.why), ("when", page.when_to_use), ("when-not", page.when_not),
            ("context", page.context), ("changed", page.adapted),
            ("changed", page.believed_before), ("changed", page.know_now),
        ]  # fmt: skip
        streams = (("voices", page.voices), ("advice", page.advice))
        for anchor, stream in (*streams, ("came-of-it", page.levels)):
            told = stream.stream_block.get_searchable_content(stream)
            parts += [(anchor, text) for text in told]
    for number, block in enumerate(page.body, 1):
        told = block.block.get_searchable_content(block.value)
        parts += [(f"part-{number}", text) for text in told]
    if page.attribution == WorkPage.Attribution.NAMED:
        parts += [("", author.name) for author in page.authors.all() if author.name]
    return [(anchor, text) for anchor, text in parts if text]


def joined(parts: list[Part]) -> tuple[str, list[tuple[int, str]]]:
    """One text, and where in it each part begins that has a place of its own."""
    texts, anchors, at = [], [], 0
    for anchor, text in parts:
        if not anchors or anchors[-1][1] != anchor:
            anchors.append((at, anchor))
        texts.append(text)
        at += len(text) + 1
    return "\n".join(texts), anchors


def at_passage(url: str, hit: Hit) -> str:
    """The address of the passage: its part of the page, and there its first words."""
    if not hit.anchor:
        return url
    words = unescape(strip_tags(hit.passage)).strip("… ").split("\n")[0].split()
    if len(words) < PASSAGE_WORDS:
        return f"{url}#{hit.anchor}"
    first = quote(" ".join(words[:PASSAGE_WORDS]), safe="").replace("-", "%2D")
    return f"{url}#{hit.anchor}:~:text={first}"


def levels_of(page) -> list[str]:
    """For whom a lesson tells that something came of it."""
    told = getattr(page, "levels", None) or []
    return sorted({block.value["level"] for block in told if block.value["text"]})


def authors_of(page) -> list[str]:
    """Who told it, where they stand there under their names."""
    if page.attribution != WorkPage.Attribution.NAMED:
        return []
    authors = page.authors.all()
    members = {of("person", one.person_id) for one in authors if one.person_id}
    return sorted(members | {of("name", fold(one.name)) for one in authors if one.name})


def countries_of(page) -> list[str]:
    way = [getattr(page, "context_from", ""), getattr(page, "context_to", "")]
    return [*page.countries, *filter(None, way)]


def moment_of(page) -> datetime:
    if page.published_on:
        return datetime.combine(page.published_on, time(), UTC)
    return page.first_published_at or datetime(1970, 1, 1, tzinfo=UTC)


@register
class PersonSource(Source):
    """A person has a document for each circle that sees more than the one outside it.

    Peers hold `peer.9` only while they share a partnership with user 9: it is put
    into the scope of each search, so that nothing is left in the index when it ends.
    """

    name, prefix, model = "people", "person", Profile
    kinds = ("person",)
    variants = (".public", ".members", ".peers")

    def load(self, object_keys):
        return list(
            Profile.objects.filter(pk__in=self.ids(object_keys))
            .select_related("user")
            .prefetch_related(
                "themes", "user__placements__sending", "user__placements__host"
            )
        )

    def documents(self, profile):
        peer = f"peer.{profile.user_id}"
        circles = [
            ("public", PUBLIC, Reach.PUBLIC),
            ("members", MEMBERS, Reach.MEMBERS),
            ("peers", peer, Reach.PARTNERSHIPS),
        ]
        told = []
        for name, audience, reach in circles:
            shown = profile.shown_at(reach)
            if shown.is_visible and (not told or shown.fields != told[-1][2].fields):
                told.append((name, audience, shown))
        return [
            self.document(
                profile, name, audience, shown, [a for _n, a, _s in told[n + 1 :]]
            )
            for n, (name, audience, shown) in enumerate(told)
        ]

    def document(self, profile, name, audience, shown, superseded_by):
        key, language = self.object_key(profile), profile.bio_language
        placements = list(profile.user.placements.all()) if shown.shows_exchange else []
        codes = {shown.country} | {
            c for p in placements for c in (p.from_country, p.to_country)
        }
        countries = sorted(codes - {""})
        organisations = [
            o for p in placements for o in (p.sending, p.host)
            if o and o.audience in (PUBLIC, audience if audience == PUBLIC else MEMBERS)
        ]  # fmt: skip
        text = [
            shown.bio, shown.work_title, shown.work_place, shown.city,
            *(p.role for p in placements), *(o.name for o in organisations),
            ", ".join(country_name(code, language) for code in countries),
        ]  # fmt: skip
        return SearchDocument(
            key=f"{key}.{name}", source=self.name, object_key=key, kind="person",
            title={language: shown.name},
            summary={language: shown.headline},
            body={language: " · ".join(filter(None, text))},
            languages=list(shown.languages) or [language],
            themes=with_wider(shown.themes),
            countries=countries,
            organisations=sorted({o.pk for o in organisations}),
            at=profile.changed_at,
            audience=[audience],
            superseded_by=superseded_by,
            exclude=[
                of("user", profile.user_id),
                *(f"hidden.{code}" for code in profile.hidden_from),
            ],
            within=[key],
        )  # fmt: skip

    def keys_within(self, key):
        return [key] if key.startswith("person.") else []

    def visible_to(self, user, object_keys):
        rows = Profile.objects.visible_to(user).filter(pk__in=self.ids(object_keys))
        return {self.object_key(row): row for row in rows.select_related("user")}

    def item(self, profile, hit, request):
        shown = profile.shown_to(request.user)
        facts = [country_name(shown.country)] if shown.country else []
        if shown.languages:
            facts.append(", ".join(language_name(code) for code in shown.languages))
        return {"url": shown.url, "avatar": shown, "facts": facts}


class OwnAudienceSource(Source):
    """Rows that carry their audience themselves."""

    def visible_to(self, user, object_keys):
        rows = self.model.objects.visible_to(user).filter(pk__in=self.ids(object_keys))
        return {self.object_key(row): row for row in rows}

    def keys_within(self, key):
        return [key] if key.startswith(f"{self.prefix}.") else []


@register
class OrganisationSource(OwnAudienceSource):
    name, prefix, model = "organisations", "organisation", Organisation
    kinds = ("organisation",)

    def load(self, object_keys):
        rows = Organisation.objects.filter(pk__in=self.ids(object_keys))
        return list(rows.prefetch_related("themes"))

    def documents(self, row):
        key, language = self.object_key(row), row.about_language
        text = [*row.other_names_list, row.place, country_name(row.country, language)]
        return [
            SearchDocument(
                key=key, source=self.name, object_key=key, kind="organisation",
                title={language: row.name},
                summary={language: row.about},
                body={language: " · ".join(filter(None, text))},
                languages=list(row.languages) or [language],
                themes=with_wider(row.themes.all()),
                countries=[row.country],
                organisations=[row.pk],
                at=row.changed_at,
                audience=[row.audience] if row.audience else [],
                within=[key],
            )
        ]  # fmt: skip

    def item(self, row, hit, request):
        facts = [part for part in (row.place, country_name(row.country)) if part]
        return {
            "url": row.get_absolute_url(),
            "avatar": row,
            "facts": [", ".join(facts)],
        }


@register
class PartnershipSource(OwnAudienceSource):
    name, prefix, model = "partnerships", "partnership", Partnership
    kinds = ("partnership",)

    def load(self, object_keys):
        rows = Partnership.objects.filter(pk__in=self.ids(object_keys))
        return list(rows.prefetch_related("themes", "organisations"))

    def documents(self, row):
        key = self.object_key(row)
        partners = list(row.organisations.all())
        return [
            SearchDocument(
                key=key, source=self.name, object_key=key, kind="partnership",
                title={row.language: row.name},
                summary={row.language: row.summary},
                themes=with_wider(row.themes.all()),
                countries=sorted({o.country for o in partners if o.country}),
                organisations=sorted(o.pk for o in partners),
                at=row.changed_at,
                audience=[row.audience] if row.audience else [],
                within=[key],
            )
        ]  # fmt: skip

    def item(self, row, hit, request):
        since = _("Since %(year)s") % {"year": row.started} if row.started else ""
        return {"url": row.get_absolute_url(), "facts": [since] if since else []}


@register
class ThreadSource(Source):
    """A thread with all its posts that are shown.

    Kept from everyone who is kept apart from one of its authors: a hit would quote
    the words of the one to the other.
    """

    name, prefix, model = "threads", "thread", Thread
    kinds = ("question", "discussion", "experience")

    def load(self, object_keys):
        threads = list(
            Thread.objects.filter(pk__in=self.ids(object_keys))
            .select_related("forum")
            .prefetch_related("themes", "forum__themes")
        )
        posts = defaultdict(list)
        shown = Post.objects.filter(thread__in=threads, hidden_at=None)
        shown = shown.select_related("author__profile")
        for post in shown.order_by("thread", "number"):
            posts[post.thread_id].append(post)
        for thread in threads:
            thread.shown_posts = posts[thread.pk]
        return threads

    def documents(self, thread):
        if thread.hidden_at or not thread.shown_posts or not thread.forum.audience:
            return []
        body = defaultdict(list)
        for post in thread.shown_posts:
            body[post.language].append((f"post-{post.number}", post.plain_text))
        told = {language: joined(parts) for language, parts in body.items()}
        authors = {thread.author_id, *(post.author_id for post in thread.shown_posts)}
        key = self.object_key(thread)
        themes = [*thread.themes.all(), *thread.forum.themes.all()]
        return [
            SearchDocument(
                key=key, source=self.name, object_key=key, kind=thread.kind,
                title=dict.fromkeys((thread.language, *body), thread.title),
                summary={code: parts[0][1][:OPENING] for code, parts in body.items()},
                body={code: text for code, (text, _at) in told.items()},
                anchors={code: at for code, (_text, at) in told.items()},
                themes=with_wider(themes),
                at=thread.last_post_at,
                authors=sorted(
                    of("person", post.author.profile.pk)
                    for post in {p.author_id: p for p in thread.shown_posts}.values()
                    if post.author and hasattr(post.author, "profile")
                ),
                audience=[thread.forum.audience, of("forum", thread.forum_id)],
                exclude=sorted(of("user", pk) for pk in authors if pk),
                within=[of("forum", thread.forum_id), key],
            )
        ]  # fmt: skip

    def keys_within(self, key):
        kind, _dot, pk = key.partition(".")
        if kind == "thread":
            return [key]
        rows = (
            Thread.objects.filter(forum=pk)
            if kind == "forum"
            else Thread.objects.none()
        )
        return [f"thread.{pk}" for pk in rows.values_list("pk", flat=True)]

    def visible_to(self, user, object_keys):
        rows = Thread.objects.visible_to(user).filter(pk__in=self.ids(object_keys))
        return {self.object_key(row): row for row in rows.select_related("forum")}

    def item(self, thread, hit, request):
        answers = max(0, thread.last_number - 1)
        _post, _dash, number = hit.anchor.partition("-")
        url = thread.get_absolute_url()
        if number and number != "1":
            url = reverse("forums:post_detail", args=[thread.pk, number])
        return {
            "url": url,
            "answered": thread.accepted_post_id is not None,
            "facts": [
                thread.forum.name,
                ngettext("%(n)s answer", "%(n)s answers", answers) % {"n": answers},
            ],
        }
