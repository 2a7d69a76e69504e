"""What people see: front page, knowledge, a lesson, an article, standard pages."""

from datetime import date

import pytest
from django.core.management import call_command

from cms.actions import set_audience
from cms.models import StandardPage, WorkPage
from cms.standard_pages import KEYS, create_standard_pages
from network.audience import MEMBERS, STAFF
from network.themes.models import Theme
from search.sources import KnowledgeSource
from tests.cms.factories import a_home, a_lesson, a_translation, an_article
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member

pytestmark = pytest.mark.django_db


def a_theme(slug: str = "hosting") -> Theme:
    return Theme.objects.get_or_create(slug=slug, defaults={"scheme": "process"})[0]


def text(client, url, **headers) -> str:
    answer = client.get(url, headers={"Accept-Language": "en", **headers})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_lesson_tells_why(client):
    lesson = a_lesson(
        title="Let the host choose the first task",
        themes=[a_theme()],
        context_from="NO",
        context_to="TZ",
        voices=[("voice", {"text": "I counted sacks.", "name": "Torbjørn"})],
        advice=[("step", {"who": "Host", "what": "Choose the task."})],
        levels=[("result", {"level": "individual", "text": "Trusted with a budget."})],
    )
    body = text(client, lesson.url)
    for words in (
        "Why it worked",
        "Whoever chooses the task answers for its success.",
        "Norway → Tanzania",
        "I counted sacks.",
        "Choose the task.",
        "Trusted with a budget.",
        "Nothing to show yet.",
    ):
        assert words in body


def test_an_old_lesson_says_so(client):
    assert "This lesson is from" in text(
        client, a_lesson(published_on=date(2020, 3, 1)).url
    )
    assert "This lesson is from" not in text(client, a_lesson().url)


def test_an_article_shows_its_source_and_licence(client):
    article = an_article(
        body=[("text", "<p>We shared one bench.</p>")],
        credit="Example Guides, changed",
        licence="CC BY-SA 4.0",
        licence_url="https://example.org/licence",
        source_url="https://example.org/bench",
        source_name="Example Guides",
        authors=["Ada Example"],
    )
    body = text(client, article.url)
    for words in (
        "one bench",
        "Example Guides, changed",
        "CC BY-SA 4.0",
        "Ada Example",
    ):
        assert words in body


@pytest.mark.parametrize("attribution", ["anonymous", "role"])
def test_an_author_who_wants_no_name_has_none_anywhere(client, attribution):
    member = a_member("Zebedea Quill")
    lesson = a_lesson(
        authors=[member.profile, "Zebedea Quill"],
        attribution=attribution,
        role="Coordinator in Malawi",
    )
    client.force_login(a_member())
    source = KnowledgeSource()
    [pages] = source.load([source.object_key(lesson)])
    shown = str(source.documents(pages))
    for url in (lesson.url, "/knowledge/", "/"):
        shown += text(client, url)
    assert "Zebedea" not in shown and member.profile.slug not in shown
    assert ("Coordinator in Malawi" in shown) == (attribution == "role")
    assert lesson.title not in text(client, member.profile.get_absolute_url())


def test_a_members_name_goes_as_far_as_the_profile(client):
    author = a_member("Neema Lwitiko", reach={"name": "members"})
    lesson = a_lesson(authors=[author.profile])
    assert "Neema Lwitiko" not in text(client, lesson.url)
    client.force_login(a_member())
    body = text(client, lesson.url)
    assert "Neema Lwitiko" in body and author.profile.get_absolute_url() in body


def test_knowledge_lists_each_work_once_newest_first(client):
    old = a_lesson(title="An old one", published_on=date(2020, 1, 1))
    a_translation(old, "fr", title="Une vieille")
    an_article(title="A new one", published_on=date(2026, 1, 1))
    body = text(client, "/knowledge/")
    assert "2 works" in body and "Une vieille" not in body
    assert body.index("A new one") < body.index("An old one")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=story", {"A story"}),
        ("theme=hosting", {"A lesson"}),
        ("theme=process", {"A lesson"}),
        ("country=TZ", {"A lesson"}),
        ("country=MW", {"A story"}),
        ("language=fr", {"Une histoire"}),
        ("phase=during", {"A lesson"}),
        ("outcome=not", {"A lesson"}),
        ("outcome=worked", set()),
        ("outcome=nonsense&phase=during", {"A lesson"}),
    ],
)
def test_knowledge_is_narrowed_by_facts(client, query, found):
    child = a_theme()
    child.parent = a_theme("process")
    child.save()
    a_lesson(
        title="A lesson",
        themes=[child],
        context_to="TZ",
        phase="during",
        outcome="not",
    )
    story = an_article(title="A story", kind="story", countries=["MW"])
    a_translation(story, "fr", title="Une histoire", countries=[], kind="article")
    body = text(client, f"/knowledge/?{query}")
    titles = {"A lesson", "A story", "Une histoire"}
    assert {title for title in titles if f">{title}</a>" in body} == found


def test_an_empty_list_says_what_to_do(client):
    assert "Nothing is published yet" in text(client, "/knowledge/")
    assert "Take away a choice" in text(client, "/knowledge/?kind=story")


def test_the_list_alone_answers_htmx(client):
    a_lesson(title="Only the list")
    body = text(client, "/knowledge/", **{"HX-Request": "true"})
    assert "Only the list" in body and "<html" not in body


def test_lists_show_what_the_reader_may_see(client):
    a_lesson(title="For members", audience=MEMBERS, themes=[a_theme()])
    a_lesson(title="For staff", audience=STAFF, themes=[a_theme()])
    near = a_lesson(title="For all", themes=[a_theme()])
    for url in ("/knowledge/", "/", near.url):
        assert "For members" not in text(client, url)
    client.force_login(a_member())
    for url in ("/knowledge/", "/", near.url):
        body = text(client, url)
        assert "For members" in body and "For staff" not in body


def test_the_front_page_counts_what_the_visitor_may_open(client):
    a_lesson(phase="after", audience=STAFF, themes=[a_theme()])
    shown = client.get("/").context
    assert shown["phases"] == {} and shown["themes"] == []
    a_lesson(phase="after", themes=[a_theme("coming-home")])
    shown = client.get("/").context
    assert shown["phases"] == {"after": 1}
    assert [(theme.slug, theme.number) for theme in shown["themes"]] == [
        ("coming-home", 1)
    ]


def test_the_editors_choose_what_stands_first(client):
    chosen, _other = a_lesson(title="Chosen"), a_lesson(title="Not chosen")
    hidden = a_lesson(title="Chosen but closed", audience=STAFF)
    home = a_home()
    for work in (hidden, chosen):
        home.featured.create(work=work)
    home.save()
    works = client.get("/", headers={"Accept-Language": "en"}).context["works"]
    assert [work.title for work in works] == ["Chosen"]


def test_a_member_sees_what_is_new_in_their_themes(client):
    theme = a_theme()
    a_lesson(title="In my theme", themes=[theme])
    a_lesson(title="In another", themes=[a_theme("budget")])
    client.force_login(a_member("Ingebjørg", themes=[theme]))
    body = text(client, "/")
    assert "Welcome back, Ingebjørg" in body
    assert "In my theme" in body and "In another" not in body


def test_a_member_sees_where_people_talk(client):
    a_thread(title="Who has hosted in the rainy season?")
    a_thread(title="Among the staff", forum=a_forum(audience=STAFF))
    client.force_login(a_member())
    body = text(client, "/")
    assert "rainy season" in body and "Among the staff" not in body


def test_the_footers_pages_are_there_in_both_languages(client):
    assert create_standard_pages() == 2 * len(KEYS)
    for key in KEYS:
        nynorsk = client.get(f"/{key}/", headers={"Accept-Language": "nn"})
        english = client.get(f"/{key}/", headers={"Accept-Language": "en"})
        assert nynorsk.context["page"].language == "nn"
        assert english.context["page"].language == "en"


def test_standard_pages_are_made_once_and_left_to_the_editors():
    call_command("create_standard_pages", verbosity=0)
    about = StandardPage.objects.get(key="about", locale__language_code="en")
    about.title = "Who we are"
    about.save_revision().publish()
    assert create_standard_pages() == 0
    about.refresh_from_db()
    assert about.title == "Who we are"


def test_a_standard_page_that_is_closed_is_missing(client):
    create_standard_pages()
    set_audience(StandardPage.objects.filter(key="about").first(), STAFF)
    assert client.get("/about/").status_code == 404
    assert client.get("/nb/about/").status_code == 404


@pytest.mark.parametrize(("url", "most"), [("/knowledge/", 12), ("/", 20)])
def test_lists_ask_the_database_a_constant_number_of_times(
    client, url, most, django_assert_max_num_queries
):
    themes = [a_theme(), a_theme("budget")]
    client.force_login(a_member(themes=themes))
    for number in range(12):
        work = a_lesson(themes=themes, authors=[f"Author {number}"])
        a_translation(work, "fr", themes=themes)
    client.get(url)
    with django_assert_max_num_queries(most):
        client.get(url)


@pytest.mark.parametrize("member", [True, False])
def test_a_page_asks_the_database_few_times(
    client, member, django_assert_max_num_queries
):
    authors = [a_member().profile for _ in range(3)]
    themes = [a_theme(), a_theme("budget")]
    pages = [
        a_lesson(themes=themes, authors=authors),
        an_article(themes=themes, authors=authors, body=[("text", "<p>Text</p>")]),
    ]
    for _ in range(4):
        a_lesson(themes=themes)
    if member:
        client.force_login(a_member())
    for page in pages:
        client.get(page.url)
        with django_assert_max_num_queries(20):
            client.get(page.url)


def test_a_profile_shows_what_the_person_told_by_name(client):
    author = a_member("Neema Lwitiko")
    told = {"authors": [author.profile]}
    a_lesson(title="Told by name", **told)
    a_lesson(title="Told without", attribution="anonymous", **told)
    a_lesson(title="For staff", audience=STAFF, **told)
    client.force_login(a_member())
    body = text(client, author.profile.get_absolute_url())
    assert "Told by name" in body
    assert "Told without" not in body and "For staff" not in body


def test_a_copied_import_does_not_keep_the_source_id():
    article = an_article(source_id="guide-7")
    copy = article.copy(update_attrs={"slug": "copied"})
    assert WorkPage.objects.get(pk=copy.pk).source_id is None


def test_what_was_left_out_is_no_word_of_the_text():
    lesson = a_lesson(
        voices=[("voice", {"text": "I counted.", "name": "Ada", "language": "pt"})],
        advice=[("step", {"what": "Ask first."})],
        levels=[("result", {"level": "individual", "text": "Trusted."})],
        body=[
            ("quote", {"text": "Begin small."}),
            ("facts", {"facts": [{"label": "Guests", "value": "12"}]}),
            ("steps", {"steps": [{"what": "Sit down."}]}),
        ],
    )
    words = lesson.words_of("voices", "advice", "levels", "body")
    assert words.split("\n") == [
        "I counted.", "Ada", "Ask first.", "Trusted.",
        "Begin small.", "Guests", "12", "Sit down.",
    ]  # fmt: skip
