"""Languages: one Norwegian form, each work once, lists in the reader's language."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.actions import audience_of, set_audience
from cms.models import LessonPage, WorkPage
from cms.queries import works_visible_to
from network.audience import MEMBERS, STAFF
from tests.cms.factories import a_home, a_lesson, a_translation, an_article
from tests.people.factories import a_member, a_superuser

pytestmark = pytest.mark.django_db


def titles(works) -> list[str]:
    return sorted(work.title for work in works)


def test_a_work_has_one_norwegian_form():
    lesson = a_lesson(language="nn", title="Den eine forma")
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        a_translation(lesson, "nb", title="Den andre formen")
    assert WorkPage.objects.filter(translation_key=lesson.translation_key).count() == 1


def test_the_norwegian_form_is_kept_and_other_pages_follow_their_tree():
    norwegian = a_lesson(language="nn")
    english = norwegian.copy_for_translation(Locale.objects.get(language_code="en"))
    assert (norwegian.language, english.language) == ("nn", "en")
    unsaid = an_article(language="nb")
    assert unsaid.language == "nb"


def test_a_list_shows_each_work_once_in_the_language_read_best(
    django_assert_num_queries,
):
    lesson = a_lesson(language="en", title="In English")
    a_translation(lesson, "nn", title="På nynorsk")
    a_translation(lesson, "pt", title="Em português")
    a_lesson(language="fr", title="Seulement en français")
    reader = a_member()
    norwegian = works_visible_to(reader, ["nn", "nb", "en", "fr", "es", "pt"])
    assert titles(norwegian) == ["På nynorsk", "Seulement en français"]
    again = norwegian.all()
    with django_assert_num_queries(2):
        assert again.count() == len(again) == 2
    assert titles(works_visible_to(reader, ["pt", "es"])) == [
        "Em português",
        "Seulement en français",
    ]


def test_a_translation_the_reader_may_not_see_gives_way_to_one_they_may():
    lesson = a_lesson(language="en", title="In English")
    draft = a_translation(lesson, "nn", title="På nynorsk")
    draft.unpublish()
    assert titles(works_visible_to(a_member(), ["nn", "en"])) == ["In English"]


def test_the_front_page_speaks_the_readers_language_in_place(client):
    for language, own in (("nn", "nb"), ("fr", "fr"), ("pt-BR,pt;q=0.9", "pt")):
        answer = client.get("/", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert answer.context["page"].locale.language_code == own


def test_the_interface_does_not_follow_the_content(client):
    page = a_lesson(language="nb", title="Om ventetid")
    answer = client.get(page.url, headers={"Accept-Language": "nn"})
    assert answer.headers["Content-Language"] == "nn"
    assert 'lang="nb">Om ventetid</h1>' in answer.content.decode()


def test_links_to_other_languages_name_only_what_may_be_seen(client):
    lesson = a_lesson(language="en")
    portuguese = a_translation(lesson, "pt")
    french = a_translation(lesson, "fr")
    french.unpublish()
    body = client.get(lesson.url).content.decode()
    assert set(re.findall(r'hreflang="(\w+)"', body)) == {"en", "pt"}
    assert portuguese.url in body
    assert french.url not in body


def test_submitted_translated_and_published_it_keeps_to_the_works_audience(client):
    lesson = a_lesson(
        audience=MEMBERS, language="en", title="Ask first", why="They answered for it."
    )
    french = Locale.objects.get(language_code="fr")
    client.force_login(a_superuser())
    submit = f"/editor/localize/submit/page/{lesson.pk}/"
    assert client.get(submit).status_code == 200
    assert client.post(submit, {"locales": [french.pk]}).status_code == 302
    source = TranslationSource.objects.get_for_instance(lesson)
    translation = Translation.objects.get(source=source, target_locale=french)
    for segment in source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=french,
            data=f"FR {segment.string.data}",
        )
    page = translation.get_target_instance()
    assert audience_of(page) == MEMBERS
    set_audience(lesson, STAFF)
    translation.save_target(publish=True)
    page = LessonPage.objects.get(pk=page.pk)
    page.save_revision().publish()
    page.refresh_from_db()
    assert (page.title, page.language) == ("FR Ask first", "fr")
    assert page.why == "FR They answered for it."
    assert page.outcome == lesson.outcome
    assert page.live and audience_of(page) == STAFF


def test_there_is_a_home_for_each_language():
    assert [a_home(code).url for code in ("nb", "en", "fr", "es", "pt")] == [
        "/nb/",
        "/en/",
        "/fr/",
        "/es/",
        "/pt/",
    ]
