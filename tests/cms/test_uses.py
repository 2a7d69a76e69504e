"""“We used this”, and how well founded a lesson is."""

from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from cms.actions import grade_evidence
from cms.models import LessonGrade, LessonPage, LessonUse
from network.audience import MEMBERS, STAFF
from network.events import deliver_events
from network.exchange.actions import end_membership
from network.people import actions as people
from search.sources import KnowledgeSource
from tests.cms.factories import a_lesson, a_translation, a_use, an_article
from tests.exchange.factories import a_membership, an_organisation
from tests.people.factories import a_member, a_pending, a_staff

pytestmark = pytest.mark.django_db

Evidence = LessonPage.Evidence


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_TOTP_REQUIRED = False


def page_of(client, lesson) -> str:
    answer = client.get(lesson.url, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def press(client, lesson, **words):
    return client.post(reverse("cms:lesson_use", args=[lesson.pk]), words)


def take_back(client, use):
    return client.post(reverse("cms:use_remove", args=[use.pk]))


def in_the_index(lesson) -> tuple[int, int]:
    """(evidence, reuse) as search is told them."""
    source = KnowledgeSource()
    (pages,) = source.load([source.object_key(lesson)])
    (document,) = source.documents(pages)
    return document.evidence, document.reuse


# Used by others


def test_a_member_says_how_they_used_it_and_for_whom(client):
    lesson, member = a_lesson(MEMBERS), a_member("Asha Moyo")
    ours = an_organisation("Kisima Radio")
    a_membership(member, ours)
    client.force_login(member)
    assert "We used this" in page_of(client, lesson)
    answer = press(client, lesson, how="We asked first.", organisation=ours.pk)
    assert answer.url == f"{lesson.url}#used"
    client.force_login(a_member())
    page = page_of(client, lesson)
    for words in ("Used by 1", "We asked first.", "Asha Moyo", "Kisima Radio"):
        assert words in page


def test_pressed_twice_it_is_said_once_and_the_later_words_stand(client):
    lesson, member = a_lesson(), a_member()
    client.force_login(member)
    press(client, lesson)
    press(client, lesson)
    press(client, lesson, how="With two groups.")
    page = page_of(client, lesson)
    assert "Used by 1" in page and "With two groups." in page
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonUse.objects.create(translation_key=lesson.translation_key, person=member)


def test_it_is_taken_back(client):
    lesson = a_lesson()
    client.force_login(a_member())
    press(client, lesson, how="We tried it.")
    use = LessonUse.objects.get()
    assert "Used by 1" in page_of(client, lesson)
    assert take_back(client, use).url == f"{lesson.url}#used"
    assert "Used by 1" not in page_of(client, lesson)
    assert take_back(client, use).status_code == 404


def test_all_languages_of_a_work_share_its_uses(client):
    lesson = a_lesson()
    french = a_translation(lesson, "fr")
    member = a_member()
    client.force_login(member)
    press(client, lesson, how="We tried it.")
    assert "Used by 1" in page_of(client, french)
    press(client, french, how="Encore.")
    assert "Used by 1" in page_of(client, lesson)


def test_a_visitor_is_led_to_sign_in_and_back(client):
    lesson = a_lesson()
    assert f"/account/login/?next={lesson.url}%23used" in page_of(client, lesson)
    assert "/account/login/" in press(client, lesson).url
    assert not LessonUse.objects.exists()


def test_who_is_not_a_member_yet_or_told_it_is_not_asked(client):
    author = a_member()
    lesson = a_lesson(authors=[author.profile], attribution="anonymous")
    translation = a_translation(lesson, "fr")
    for user in (author, a_pending()):
        client.force_login(user)
        assert reverse("cms:lesson_use", args=[lesson.pk]) not in page_of(
            client, lesson
        )
        assert press(client, lesson, how="I did.").status_code == 403
    client.force_login(author)
    assert press(client, translation, how="I did.").status_code == 403


def test_a_lesson_out_of_sight_and_none_answer_alike(client):
    closed = a_lesson(STAFF)
    use = a_use(closed, a_staff())
    client.force_login(a_member())
    assert press(client, closed).status_code == 404
    assert take_back(client, use).status_code == 404
    assert client.post("/knowledge/987654/use/").status_code == 404
    assert press(client, an_article()).status_code == 404


def test_only_ones_own_organisations_can_be_named_and_what_was_typed_stays(client):
    lesson, theirs = a_lesson(), an_organisation()
    member = a_member()
    a_membership(member)
    client.force_login(member)
    answer = press(client, lesson, how="We tried it.", organisation=theirs.pk)
    assert answer.status_code == 422 and "We tried it." in answer.content.decode()
    answer = press(client, lesson, how="x" * 301)
    assert answer.status_code == 422
    assert press(client, lesson, how="\0", organisation="x").status_code == 422
    assert not LessonUse.objects.exists()


def test_an_organisation_one_has_left_still_stands_for_an_earlier_use(client):
    lesson, member = a_lesson(), a_member()
    membership = a_membership(member)
    ours = membership.organisation
    a_use(lesson, member, organisation=ours)
    end_membership(membership)
    client.force_login(member)
    press(client, lesson, how="Again.", organisation=ours.pk)
    assert LessonUse.objects.get().organisation == ours


def test_it_counts_once_it_says_how_and_is_not_by_who_told_it(client):
    author, member = a_member(), a_member()
    lesson = a_lesson()
    client.force_login(member)
    press(client, lesson)
    page = page_of(client, lesson)
    assert "Say how, and it counts." in page and "Used by 1" not in page
    a_use(lesson, author)
    assert lesson_number(lesson) == 1
    lesson.authors.create(person=author.profile)
    lesson.save()
    assert lesson_number(lesson) == 0


def lesson_number(lesson) -> int:
    return LessonPage.objects.get(pk=lesson.pk).used_by


@pytest.mark.parametrize(
    "hide",
    [
        lambda user: change(user, reach={**user.profile.reach, "name": "me"}),
        lambda user: change(user, reach={**user.profile.reach, "name": "partnerships"}),
        lambda user: change(user, hidden_from=["TZ"]),
        lambda user: people.suspend(user, a_staff()),
        lambda user: people.leave(user),
        lambda user: people.block(user, a_member()),
    ],
)
def test_who_is_hidden_from_any_member_is_not_in_the_number(client, hide):
    """Else the number, or the order of results, would tell of them."""
    lesson, member = a_lesson(), a_member("Shy Person")
    a_use(lesson, member, how="We tried it.")
    client.force_login(a_member())
    assert "Used by 1" in page_of(client, lesson)
    hide(member)
    deliver_events()
    page = page_of(client, lesson)
    for words in ("Used by 1", "Shy Person", "We tried it."):
        assert words not in page
    assert in_the_index(lesson) == (0, 0)


def change(user, **fields):
    profile = user.profile
    for name, value in fields.items():
        setattr(profile, name, value)
    people.change_profile(profile)


def test_who_hides_their_name_sees_that_it_does_not_count(client):
    lesson, member = a_lesson(), a_member(reach={"name": "me"})
    client.force_login(member)
    press(client, lesson, how="We tried it.")
    page = page_of(client, lesson)
    assert "your name does not reach all members" in page
    assert "We tried it." in page and "Used by 1" not in page


def test_a_visitor_learns_the_number_but_not_who(client):
    lesson = a_lesson()
    a_use(lesson, a_member("Asha Moyo"), how="We tried it.")
    a_use(lesson, a_member("Open Person", reach={"name": "public"}), how="We too.")
    page = page_of(client, lesson)
    assert "Used by 2" in page and "We too." in page
    assert "Asha Moyo" not in page and "We tried it." not in page


def test_an_organisation_the_reader_may_not_see_is_not_named(client):
    lesson, hidden = a_lesson(), an_organisation("Quiet Partner", audience=STAFF)
    a_use(lesson, organisation=hidden)
    client.force_login(a_member())
    page = page_of(client, lesson)
    assert "Used by 1" in page and "Quiet Partner" not in page


def test_staff_take_away_what_does_not_belong_there_and_others_cannot(client):
    lesson = a_lesson()
    use = a_use(lesson, how="Buy my pumps.")
    client.force_login(a_member())
    assert "Take away" not in page_of(client, lesson)
    assert take_back(client, use).status_code == 403
    client.force_login(a_staff())
    assert "Take away" in page_of(client, lesson)
    take_back(client, use)
    assert "Buy my pumps." not in page_of(client, lesson)


def test_with_the_last_page_of_a_work_goes_what_was_said_of_it():
    lesson = a_lesson()
    french = a_translation(lesson, "fr")
    a_use(lesson)
    grade_evidence(lesson, Evidence.DOCUMENTED)
    LessonPage.objects.get(pk=french.pk).delete()
    deliver_events()
    assert LessonUse.objects.exists() and LessonGrade.objects.exists()
    LessonPage.objects.get(pk=lesson.pk).delete()
    deliver_events()
    assert not LessonUse.objects.exists() and not LessonGrade.objects.exists()


def test_what_was_typed_is_escaped(client):
    lesson = a_lesson()
    a_use(lesson, how="<script>alert(1)</script>")
    client.force_login(a_member())
    answer = client.get(lesson.url).content.decode()
    assert "&lt;script&gt;alert(1)" in answer and "<script>alert" not in answer


def test_the_page_asks_no_more_for_many_uses(client, django_assert_max_num_queries):
    lesson, member = a_lesson(), a_member()
    a_membership(member)
    for _ in range(5):
        a_use(lesson, organisation=an_organisation())
    client.force_login(member)
    client.get(lesson.url)
    with django_assert_max_num_queries(21):
        client.get(lesson.url)


# Evidence


def edited(page, **fields) -> dict:
    """What the editor's form sends back for `page`."""
    form = {
        name: getattr(page, name)
        for name in (
            "title", "slug", "challenge", "what_we_did", "outcome", "why", "phase",
            "source_role", "attribution", "lesson_kind", "licence",
        )
    }  # fmt: skip
    for stream in ("voices", "advice", "levels", "body"):
        form[f"{stream}-count"] = "0"
    for key in ("TOTAL", "INITIAL", "MIN_NUM"):
        form[f"authors-{key}_FORMS"] = form[f"comments-{key}_FORMS"] = "0"
    form["authors-MAX_NUM_FORMS"] = form["comments-MAX_NUM_FORMS"] = "1000"
    return {**form, **fields}


def an_editor(group: str = "Editors"):
    user = a_staff()
    user.groups.add(Group.objects.get(name=group))
    return user


def edit(client, page, **fields):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(url, edited(page, **fields))
    assert answer.status_code == 302, answer.context["form"].errors


def test_an_editor_grades_a_lesson_for_all_its_languages_at_once(client):
    lesson = a_lesson()
    french = a_translation(lesson, "fr")
    client.force_login(an_editor())
    assert "Evidence" not in page_of(client, french)
    edit(client, lesson, evidence="3")
    page = page_of(client, french)
    assert "Documented" in page and "Records, figures or reports show it." in page
    assert in_the_index(lesson) == (3, 0)


def test_no_older_draft_and_no_translation_brings_another_grade_back(client):
    lesson = a_lesson()
    french = a_translation(lesson, "fr")
    client.force_login(an_editor())
    edit(client, french, evidence="1")
    older = lesson.save_revision()
    edit(client, lesson, evidence="4")
    older.publish()
    edit(client, french, evidence="4", why="Parce que.")
    LessonPage.objects.get(pk=french.pk).get_latest_revision().publish()
    assert "Evaluated" in page_of(client, lesson)
    assert in_the_index(lesson) == (4, 0)


def test_the_form_shows_the_grade_and_other_changes_keep_it(client):
    lesson = a_lesson()
    grade_evidence(lesson, Evidence.SEVERAL)
    client.force_login(an_editor())
    form = client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content
    assert b'<option value="2" selected>' in form
    edit(client, lesson, evidence="2", why="Because.")
    assert in_the_index(lesson) == (2, 0)
