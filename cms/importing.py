"""Articles, guides and stories that others published become works of ours.

Records of one `group` are one work: a page a language. Of a text in both Norwegian
forms nynorsk is taken and bokmål reported: a work has one Norwegian page, and nynorsk
is the form there is less of. Further pages of one language in a group become works of
their own, and so does a record without a group.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.text import Truncator
from wagtail.models import Revision
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.models import ArticlePage, HomePage, WorkAuthor, WorkPage
from network.audience import MEMBERS
from network.importing import (
    Bad,
    Fields,
    Importer,
    Item,
    Line,
    Report,
    Skip,
    read_files,
)
from network.languages import CONTENT_LANGUAGES, NORWEGIAN, language_choices
from network.markdown import plain_text
from network.themes.models import Theme
from network.themes.vocabulary import themes_named

# A `lesson` here is one that is taught, with tasks: a guide. Ours is what was learnt.
KINDS = {
    "article": WorkPage.Kind.ARTICLE,
    "story": WorkPage.Kind.STORY,
    "case": WorkPage.Kind.STORY,
    "guide": WorkPage.Kind.GUIDE,
    "handbook": WorkPage.Kind.GUIDE,
    "lesson": WorkPage.Kind.GUIDE,
    "lessons learned": WorkPage.Kind.LESSON,
}
SUMMARY = WorkPage._meta.get_field("summary").max_length


@dataclass
class Work:
    """What a page says: its own fields, and what hangs on it."""

    fields: dict
    authors: list[str]
    themes: list[int]


class KnowledgeImporter(Importer):
    def __init__(self, report: Report, dry_run=False, audience: str = MEMBERS):
        super().__init__(report, dry_run)
        self.audience = audience
        self.keys: dict[str, UUID] = {}
        self.twins: set[str] = set()
        self.pages: dict[tuple[UUID, str], str] = {}

    def survey(self, paths: list[Path]) -> None:
        """Which work each record belongs to, and which are bokmål twins."""
        groups = defaultdict(lambda: defaultdict(list))
        for line in read_files(paths):
            if line.data.get("title") and line.data.get("body"):
                language, group = line.data.get("lang"), line.data.get("group")
                source_id = _source_id(line.data)
                groups[str(group or source_id)][str(language)].append(source_id)
        for group, languages in groups.items():
            nynorsk, bokmal = languages.pop("nn", []), languages.pop("nb", [])
            self.twins.update(bokmal[: len(nynorsk)])
            norwegian = nynorsk + bokmal[len(nynorsk) :]
            for family in [norwegian, *languages.values()]:
                self.keys.update(_work_keys(group, family))

    def source_id(self, data: dict) -> str:
        super().source_id(data)
        return _source_id(data)

    def existing(self, source_ids: list[str]) -> dict[str, WorkPage]:
        works = WorkPage.objects.filter(source_id__in=source_ids).only(
            "source_id", "source_digest", "language", "live", "has_unpublished_changes"
        )
        return {work.source_id: work for work in works}

    def prepare(self, line: Line, source_id: str, row: WorkPage | None) -> Work:
        language = _language(line.data)
        work = _work(line.data, language)
        work.fields |= {"source_id": source_id, "source_digest": line.digest}
        if row is None:
            work.fields["translation_key"] = self._key(source_id, language)
        elif _locale(row.language) != _locale(language):
            raise Bad(f"the language has changed from {row.language} to {language}")
        elif row.has_unpublished_changes or not row.live:
            raise Skip("changed, but an editor has a draft of it or took it down")
        return work

    def _key(self, source_id: str, language: str) -> UUID:
        """Of the work; taken if it has no page in this language yet."""
        if source_id in self.twins:
            raise Skip("bokmål of a work that is taken in nynorsk")
        key = self.keys.get(source_id) or _key(source_id)
        place = key, _locale(language)
        there = self.pages.get(place) or _language_of_page(*place)
        if there and there != language:
            raise Skip(f"{language} of a work that stands here in {there}")
        if there:
            key = _key(source_id)
        self.pages[key, _locale(language)] = language
        return key

    def write(self, items: list[Item]) -> None:
        homes = HomePage.objects.select_related("locale")
        homes = {home.locale.language_code: home for home in homes}
        for item in items:
            if item.row is None:
                home = homes[_locale(item.value.fields["language"])]
                add_work(home, item.value, self.audience)
            else:
                change_work(item.row, item.value)


def add_work(home: HomePage, work: Work, audience: str) -> ArticlePage:
    """A live page with its first revision: two writes, where publishing takes four."""
    page = ArticlePage(live=True, locale=home.locale, **work.fields)
    page.first_audience = audience
    page.first_published_at = page.last_published_at = timezone.now()
    _hang_on(page, work)
    # Nothing in a text from elsewhere refers to our pages, pictures or people.
    with disable_reference_index_auto_update():
        home.add_child(instance=page)
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        content=page.serializable_data(),
        object_str=str(page),
    )
    ArticlePage.objects.filter(pk=page.pk).update(
        latest_revision=revision,
        live_revision=revision,
        latest_revision_created_at=revision.created_at,
    )
    return page


def change_work(row: WorkPage, work: Work) -> None:
    page = ArticlePage.objects.get(pk=row.pk)
    for name, value in work.fields.items():
        setattr(page, name, value)
    page.draft_title = page.title
    _hang_on(page, work)
    page.save_revision().publish()


def _hang_on(page: ArticlePage, work: Work) -> None:
    page.authors = [WorkAuthor(name=name) for name in work.authors]
    page.themes = Theme.objects.filter(pk__in=work.themes)


def _work(data: dict, language: str) -> Work:
    fields = Fields(data)
    title = fields.text("title", longest=255, required=True)
    body = fields.text("body", required=True)
    values = {
        "title": title,
        "language": language,
        "kind": fields.choice("kind", KINDS),
        "summary": Truncator(plain_text(fields.text("summary"))).chars(SUMMARY),
        "published_on": fields.date("date"),
        "licence": fields.text("licence", longest=80),
        "licence_url": fields.url("licence_url", longest=200),
        "credit": fields.text("attribution", longest=300),
        "source_name": fields.text("source", longest=150),
        "source_url": fields.url("url"),
    }
    authors = [plain_text(name) for name in fields.texts("authors")]
    if any(len(name) > 200 for name in authors):
        fields.fault("an author's name is longer than 200 letters")
    tags = fields.texts("tags")
    fields.check()
    if not plain_text(body):
        raise Bad("no words in body")
    values["body"] = [("markdown", body)]
    return Work(
        values,
        [name for name in authors if name],
        themes_named([*tags, title], language),
    )


def _language(data: dict) -> str:
    fields = Fields(data)
    language = fields.choice("lang", {code: code for code, _name in language_choices()})
    fields.check()
    if language not in CONTENT_LANGUAGES:
        raise Skip(f"a language without a home here: {language}")
    return language


def _locale(language: str) -> str:
    return "nb" if language in NORWEGIAN else language


def _source_id(data: dict) -> str:
    """Ids are unique within their source only."""
    return ":".join(str(data[name]) for name in ("source", "id") if data.get(name))


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"attende:work:{name}")


def _work_keys(group: str, family: list[str]) -> Iterator[tuple[str, UUID]]:
    """The first page of a language belongs to the group's work, others to their own."""
    for number, source_id in enumerate(family):
        yield source_id, _key(source_id if number else group)


def _language_of_page(key: UUID, locale: str) -> str | None:
    pages = WorkPage.objects.filter(translation_key=key, locale__language_code=locale)
    return pages.values_list("language", flat=True).first()
