"""What stands first among equals: what is proven, used, and near to the reader."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms.actions import grade_evidence, remove_use
from cms.models import LessonPage
from network.events import deliver_events
from network.people import actions as people
from search import sources
from tests.factories import a_lesson, a_member, a_placement, a_use
from tests.search.helpers import titles

pytestmark = pytest.mark.django_db


def found(user=None, q: str = "trust") -> list[str]:
    deliver_events()
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    if user:
        client.force_login(user)
    return titles(client.get("/search/", {"q": q, "kind": "lesson"}))


def first(user=None) -> str:
    return found(user)[0]


def two_lessons(**second) -> tuple[LessonPage, LessonPage]:
    """Equal but for what is given for the second."""
    one = a_lesson(title="Trust one", phase="during")
    return one, a_lesson(title="Trust two", **{"phase": "during", **second})


def last_of(lessons) -> LessonPage:
    """The one that now stands last: the lot decides among equals."""
    by_title = {lesson.title: lesson for lesson in lessons}
    return by_title[found()[-1]]


def test_a_graded_lesson_stands_first_as_soon_as_it_is_graded():
    lesson = last_of(two_lessons())
    grade_evidence(lesson, LessonPage.Evidence.EVALUATED)
    assert first() == lesson.title
    grade_evidence(lesson, LessonPage.Evidence.NOT_GRADED)
    assert first() != lesson.title


def test_a_used_lesson_stands_first_until_the_use_is_taken_back_or_hidden():
    lesson, member = last_of(two_lessons()), a_member()
    for hide in (
        remove_use,
        lambda use: people.leave(use.person),
    ):
        use = a_use(lesson, member)
        assert first() == lesson.title
        hide(use)
        assert first() != lesson.title


def test_who_blocks_somebody_no_longer_lifts_what_they_used():
    lesson, member, other = last_of(two_lessons()), a_member(), a_member()
    a_use(lesson, member)
    assert first() == lesson.title
    people.block(member, other)
    assert first() != lesson.title
    people.unblock(member, other)
    assert first() == lesson.title


def test_a_result_says_how_many_used_it(monkeypatch):
    lesson, _other = two_lessons()
    for _ in range(2):
        a_use(lesson)
    deliver_events()
    seen, item = {}, sources.KnowledgeSource.item

    def keep(self, pages, hit, request):
        told = item(self, pages, hit, request)
        seen[next(iter(pages.values())).title] = told["used_by"]
        return told

    monkeypatch.setattr(sources.KnowledgeSource, "item", keep)
    found()
    assert seen == {"Trust one": 2, "Trust two": 0}


def a_traveller(to="MW", days=30, **fields):
    """A member whose exchange from Norway begins in so many days."""
    member = a_member()
    starts = timezone.localdate() + timedelta(days=days)
    ends = starts + timedelta(days=300)
    a_placement(
        member, from_country="NO", to_country=to, starts_on=starts, ends_on=ends,
        **fields,
    )  # fmt: skip
    return member


def test_a_reader_meets_their_own_phase_and_country_first():
    lessons = [
        a_lesson(title=f"Trust {phase} {code}", phase=phase, countries=[code])
        for code in ("MW", "NP")
        for phase in ("before", "during")
    ]
    assert first(a_traveller("MW")) == "Trust before MW"
    assert first(a_traveller("NP")) == "Trust before NP"
    assert first(a_traveller("MW", days=-30)) == "Trust during MW"
    for reader in (None, a_member()):
        assert found(reader) == found()
    assert len(found(a_traveller())) == len(lessons)


def test_where_one_goes_changes_the_order_for_nobody_else():
    two_lessons(phase="before", countries=["MW"])
    reader, before = a_member(), found()
    told = found(reader)
    assert first(a_traveller("MW")) == "Trust two"
    assert (found(reader), found()) == (told, before)


def test_nearness_does_not_make_up_for_words():
    a_lesson(title="Trust and water", phase="after")
    a_lesson(title="Trust", phase="before", countries=["MW"])
    assert found(a_traveller("MW"), "trust water")[0] == "Trust and water"
