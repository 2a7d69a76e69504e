"""Texts that others published become works: whole, once, and resumably."""

import pytest
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.importing import KnowledgeImporter
from cms.models import ArticlePage, PageAudience, WorkPage
from network.events import deliver_due
from network.models import Delivery, OutboxEvent
from network.notifications.models import Notification
from network.themes.models import Theme, ThemeLabel
from tests.factories import a_home, a_member, a_superuser
from tests.records import a_file, an_article_record, run, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def homes():
    a_home()


def import_(tmp_path, *records, **options):
    name = options.pop("name", "articles.jsonl")
    return run("import_knowledge", a_file(tmp_path, *records, name=name), **options)


def work(id="a1"):
    return ArticlePage.objects.get(source_id=f"example/handbook:{id}")


def test_a_text_becomes_a_live_work_with_its_source(client, tmp_path):
    output, failed = import_(tmp_path, an_article_record())
    assert not failed and told(output)["created"] == 1
    page = work()
    assert page.live and page.kind == "guide" and page.language == "en"
    assert (
        page.title == "How to begin, part a1" and str(page.published_on) == "2024-05-17"
    )
    assert page.credit == "The Example Handbook" and page.licence == "CC BY 4.0"
    assert page.source_url == "https://example.org/a1"
    [author] = page.authors.all()
    assert author.name == "Ada Example" and author.person is None
    client.force_login(a_member())
    html = client.get(page.url).content.decode()
    for shown in ("<em>question</em>", "Then</h2>", "Ada Example", "CC BY 4.0",
                  "The Example Handbook", "https://example.org/a1"):  # fmt: skip
        assert shown in html


def test_a_new_work_can_be_edited_as_any_other(tmp_path):
    import_(tmp_path, an_article_record())
    page = work()
    assert (
        page.live_revision == page.latest_revision and not page.has_unpublished_changes
    )
    draft = page.get_latest_revision_as_object()
    assert [a.name for a in draft.authors.all()] == ["Ada Example"]
    draft.full_clean()
    draft.title = "How to begin well"
    draft.save_revision().publish()
    assert work().title == "How to begin well" and work().live


TABLE = """## Costs

| What | Cost |
|------|-----:|
| Visa | 120  |

#### By hand

> Ask first.

```python
if cost < 200:
    ask(*hosts)
```

1. Write
   - by *hand*"""


def test_tables_and_code_stand_as_they_were_written_and_outlive_an_edit(
    client, tmp_path
):
    import_(tmp_path, an_article_record(body=TABLE))
    page = work()
    [block] = page.body
    assert (block.block_type, block.value) == ("markdown", TABLE)
    words = page.words_of("body")
    assert "Visa 120" in words and "ask(*hosts)" in words
    client.force_login(a_superuser())
    form = {
        **nested_form_data(
            {
                "body": streamfield([("markdown", block.value.replace("120", "130"))]),
                "authors": inline_formset([]),
                "comments": inline_formset([]),
            }
        ),
        **{"title": page.title, "slug": page.slug, "language": "en", "kind": "guide"},
        **{"attribution": "named", "action-publish": "1"},
    }
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "|------|-----:|" in client.get(url).content.decode()
    answer = client.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert work().body[0].value == TABLE.replace("120", "130")
    html = client.get(page.url).content.decode()
    for shown in (">130</td>", '<code class="language-python">if cost &lt; 200',
                  "<h4>By hand</h4>", "<blockquote>", "<em>hand</em>"):  # fmt: skip
        assert shown in html


@pytest.mark.parametrize("audience", ["public", "members", "staff"])
def test_who_sees_new_works_is_chosen(tmp_path, audience):
    import_(tmp_path, an_article_record(), audience=audience)
    assert PageAudience.objects.get(page=work()).audience == audience


def test_members_are_meant_unless_said_otherwise(client, tmp_path):
    import_(tmp_path, an_article_record())
    assert client.get(work().url).status_code == 404
    client.force_login(a_member())
    assert client.get(work().url).status_code == 200


def test_markup_in_a_text_does_no_harm(client, tmp_path):
    body = "<script>alert(1)</script> [click](javascript:alert(1)) <img onerror=x>"
    import_(
        tmp_path, an_article_record(body=body, title="<b>Bold</b>", authors=["<i>"])
    )
    client.force_login(a_member())
    html = client.get(work().url).content.decode()
    assert "<script>alert" not in html and 'href="javascript' not in html
    assert "<img onerror" not in html and "<b>Bold" not in html


def test_a_group_is_one_work_with_a_page_a_language(tmp_path):
    import_(
        tmp_path,
        an_article_record("a1", group="g"),
        an_article_record("a2", group="g", lang="fr"),
        an_article_record("a3", group="g", lang="nb"),
        an_article_record("a4", lang="en"),
    )
    pages = {id: work(id) for id in ("a1", "a2", "a3", "a4")}
    assert len({pages[id].translation_key for id in ("a1", "a2", "a3")}) == 1
    assert pages["a4"].translation_key != pages["a1"].translation_key
    assert [pages[id].get_parent().slug for id in ("a1", "a2", "a3")] == [
        "en",
        "fr",
        "nb",
    ]


def test_further_pages_of_one_language_are_works_of_their_own(tmp_path):
    records = [an_article_record(f"a{n}", group="g") for n in range(3)]
    output, failed = import_(tmp_path, *records)
    assert not failed and told(output)["created"] == 3
    assert ArticlePage.objects.values("translation_key").distinct().count() == 3


@pytest.mark.parametrize("order", [("nn", "nb"), ("nb", "nn")])
def test_of_two_norwegian_forms_nynorsk_is_taken_and_bokmal_reported(tmp_path, order):
    output, failed = import_(
        tmp_path, *[an_article_record(code, group="g", lang=code) for code in order]
    )
    assert not failed
    assert (told(output)["created"], told(output)["left out"]) == (1, 1)
    assert work("nn").language == "nn" and work("nn").locale.language_code == "nb"
    place = 1 + order.index("nb")
    assert f"articles.jsonl:{place}: left out: bokmål of a work" in output


def test_a_norwegian_page_that_is_here_is_not_joined_by_its_twin(tmp_path):
    import_(tmp_path, an_article_record("nb", group="g", lang="nb"))
    twin = an_article_record("nn", group="g", lang="nn")
    output, _ = import_(tmp_path, twin)
    assert "nn of a work that stands here in nb" in output
    assert ArticlePage.objects.count() == 1
    both = import_(tmp_path, an_article_record("nb", group="g", lang="nb"), twin)[0]
    assert told(both)["unchanged"] == 1 and told(both)["left out"] == 1


def test_a_language_without_a_home_is_reported(tmp_path):
    output, failed = import_(tmp_path, an_article_record(lang="sw"))
    assert not failed and "left out: a language without a home here: sw" in output
    assert not ArticlePage.objects.exists()


def test_a_second_run_writes_nothing(tmp_path):
    records = [an_article_record(f"a{n}") for n in range(25)]
    import_(tmp_path, *records)
    before = Revision.objects.count(), OutboxEvent.objects.count()
    output, _ = import_(tmp_path, *records)
    assert told(output)["unchanged"] == 25
    assert (Revision.objects.count(), OutboxEvent.objects.count()) == before


def test_a_changed_record_updates_its_page_and_revision(tmp_path):
    import_(tmp_path, an_article_record(), an_article_record("a2"))
    first = work()
    changed = an_article_record(
        title="How to go on", authors=["Bo Example"], body="New."
    )
    output, _ = import_(tmp_path, changed, an_article_record("a2"))
    assert (told(output)["updated"], told(output)["unchanged"]) == (1, 1)
    page = work()
    assert (
        page.pk == first.pk and page.title == "How to go on" and page.url == first.url
    )
    assert [author.name for author in page.authors.all()] == ["Bo Example"]
    assert page.live_revision != first.live_revision
    assert "New." in str(page.get_latest_revision_as_object().body)
    assert page.revisions.count() == 2


def test_what_editors_hold_back_is_not_overwritten(tmp_path):
    import_(tmp_path, an_article_record(), an_article_record("a2"))
    draft = work()
    draft.title = "A better title"
    draft.save_revision()
    work("a2").unpublish()
    output, _ = import_(
        tmp_path, an_article_record(body="New."), an_article_record("a2", body="New.")
    )
    assert told(output)["left out"] == 2 and told(output)["updated"] == 0
    assert work().has_unpublished_changes and not work("a2").live


def test_an_audience_set_here_stays(tmp_path):
    from cms.actions import set_audience

    import_(tmp_path, an_article_record())
    set_audience(work(), "staff")
    import_(tmp_path, an_article_record(body="New."))
    assert PageAudience.objects.get(page=work()).audience == "staff"


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path):
    records = [
        an_article_record("a1", group="g", lang="nb"),
        an_article_record("a2", group="g", lang="nn"),
        an_article_record("a3", lang="ar"),
        an_article_record("a4", title=""),
        an_article_record("a5"),
    ]
    pages, events = Page.objects.count(), OutboxEvent.objects.count()
    dry, dry_failed = import_(tmp_path, *records, dry_run=True)
    assert (Page.objects.count(), OutboxEvent.objects.count()) == (pages, events)
    real, failed = import_(tmp_path, *records)
    assert told(dry) == told(real) and dry_failed == failed
    assert "nothing was written" in dry and told(real)["created"] == 2


def test_errors_tell_their_line_and_the_run_goes_on(tmp_path):
    output, failed = import_(
        tmp_path,
        '{"id": "broken',
        an_article_record("a2", title=None),
        an_article_record("a3", body=" "),
        an_article_record("a4", kind="poem"),
        an_article_record("a5", lang="xx"),
        an_article_record("a6", date="yesterday"),
        an_article_record("a7", title="x" * 256),
        an_article_record("a8", url="javascript:alert(1)"),
        an_article_record("a9", body="---"),
        an_article_record(None),
        an_article_record("fine"),
        an_article_record("fine", body="Twice."),
    )
    wrong = [
        (1, "not JSON"), (2, "no title"), (3, "no body"), (4, "unknown kind “poem”"),
        (5, "unknown lang “xx”"), (6, "date “yesterday” is no date"),
        (7, "title is longer than 255 letters"), (8, "url is not a web address"),
        (9, "no words in body"), (10, "no id"),
        (12, "the same id as articles.jsonl:11"),
    ]  # fmt: skip
    for line, text in wrong:
        assert f"articles.jsonl:{line}: {text}" in output
    assert told(output)["errors"] == len(wrong) and failed == "11 could not be taken."
    assert ArticlePage.objects.count() == 1


def test_what_the_database_refuses_is_one_error_not_the_end(tmp_path, monkeypatch):
    from cms import importing

    def refuse(home, value, audience, add=importing.add_work):
        page = add(home, value, audience)
        if page.title == "Refused":
            WorkPage.objects.create(title="x", source_id=page.source_id, path=page.path)
        return page

    monkeypatch.setattr(importing, "add_work", refuse)
    records = [an_article_record("a1"), an_article_record("a2", title="Refused")]
    output, failed = import_(tmp_path, *records, an_article_record("a3"))
    assert failed and "articles.jsonl:2: refused: " in output
    assert {page.source_id[-2:] for page in ArticlePage.objects.all()} == {"a1", "a3"}


def test_an_import_that_was_killed_completes_when_started_again(tmp_path, monkeypatch):
    size = KnowledgeImporter.batch_size
    records = [an_article_record(f"a{n}") for n in range(3 * size + 1)]
    save, batches = KnowledgeImporter._save, []

    def killed(self, items):
        batches.append(items)
        if len(batches) == 3:
            with transaction.atomic():
                self.write(items)
                raise KeyboardInterrupt
        save(self, items)

    monkeypatch.setattr(KnowledgeImporter, "_save", killed)
    with pytest.raises(KeyboardInterrupt):
        import_(tmp_path, *records)
    assert ArticlePage.objects.count() == 2 * size
    monkeypatch.undo()
    output, _ = import_(tmp_path, *records)
    assert (told(output)["created"], told(output)["unchanged"]) == (size + 1, 2 * size)
    assert ArticlePage.objects.count() == len(records) and not Page.find_problems()[0]


def test_kinds_are_mapped_to_ours(tmp_path):
    kinds = {
        "story": "story", "guide": "guide", "handbook": "guide", "lesson": "guide",
        "lessons learned": "lesson", "case": "story",
    }  # fmt: skip
    import_(
        tmp_path,
        *[an_article_record(f"a{n}", kind=kind) for n, kind in enumerate(kinds)],
    )
    found = [work(f"a{n}").kind for n in range(len(kinds))]
    assert found == list(kinds.values())


def test_themes_are_recognised_in_tags_and_title(tmp_path):
    for slug, language, text in [
        ("beekeeping", "en", "Beekeeping"),
        ("safety", "en", "Safety"),
        ("hosting", "pt", "how"),
    ]:
        theme = Theme.objects.create(slug=f"x-{slug}", scheme="sector")
        ThemeLabel.objects.create(theme=theme, language=language, text=text)
    import_(tmp_path, an_article_record(tags=["beekeeping"], title="Safety: how?"))
    slugs = [theme.slug for theme in work().themes.all()]
    assert sorted(slugs) == ["x-beekeeping", "x-safety"]


def test_csv_is_read_too(tmp_path):
    path = tmp_path / "articles.csv"
    path.write_text(
        "id;lang;kind;title;authors;body\n"
        "1;nn;story;Heim att;Kari Døme|Ola Døme;Det var godt å kome heim.\n"
        "2;nn;story;;;Utan tittel\n"
    )
    output, failed = run("import_knowledge", path)
    assert failed and "articles.csv:3: no title" in output
    page = ArticlePage.objects.get(source_id="1")
    assert page.language == "nn" and page.authors.count() == 2


def test_a_live_event_overtakes_the_import(tmp_path):
    import_(tmp_path, *[an_article_record(f"a{n}") for n in range(5)])
    assert set(Delivery.objects.values_list("lane", flat=True)) == {"bulk"}
    page = work()
    page.save_revision().publish()
    assert deliver_due("index") == 1
    assert Delivery.objects.open().filter(lane="bulk").exists()


def test_nobody_is_notified(tmp_path):
    a_member()
    import_(tmp_path, an_article_record())
    while deliver_due("bulk"):
        pass
    assert not Notification.objects.exists()


def test_a_file_that_is_not_there_stops_before_anything_is_read(tmp_path):
    assert run("import_knowledge", tmp_path / "no.jsonl")[1].startswith(
        "There is no file"
    )
    assert "give .jsonl" in run("import_knowledge", a_file(tmp_path, name="a.xlsx"))[1]


def test_the_first_records_only(tmp_path):
    records = [an_article_record(f"a{n}") for n in range(5)]
    assert told(import_(tmp_path, *records, limit=2)[0])["created"] == 2
