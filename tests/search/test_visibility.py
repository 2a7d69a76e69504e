"""Whoever may not see a thing cannot learn from search that it exists."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import RequestFactory

from cms.actions import set_audience
from forums.actions import hide_post, move_thread, set_forum_audience
from network.audience import MEMBERS, PUBLIC, STAFF
from network.events import deliver, deliver_events
from network.models import Delivery, Restriction
from network.people.actions import admission
from network.people.actions.profiles import block, change_profile
from network.people.models import Profile
from search import queries
from search.engines import get_engine
from search.engines.base import Query
from search.indexing import lift_restrictions, writes_for
from tests.factories import a_lesson, a_section, a_translation, an_article
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_pending, a_staff

pytestmark = pytest.mark.django_db


def ask(user, **params):
    request = RequestFactory().get("/search/")
    request.user = type(user).objects.get(pk=user.pk) if user.pk else user
    query = QueryDict(mutable=True)
    query.update(params)
    return queries.find(request, query)


def sees(user, **params) -> int:
    """How many hits; total, items and facets must say the same."""
    found = ask(user, **params)
    kinds = sum(count for _kind, count in found.results.facets.get("kind", []))
    assert found.total == len(found.items) == kinds
    return found.total


VISITOR = AnonymousUser()


def test_a_work_is_found_by_its_audience_alone():
    member, staff = a_member(), a_staff()
    an_article(title="Trust one", audience=PUBLIC)
    an_article(title="Trust two", audience=MEMBERS)
    an_article(title="Trust three", audience=STAFF)
    deliver_events()
    pending = a_pending()
    asked = [sees(who, q="trust") for who in (VISITOR, pending, member, staff)]
    assert asked == [1, 1, 2, 3]


def test_narrowing_hides_at_once_and_is_lifted_once_the_index_knows():
    member = a_member()
    work = an_article(title="Trust", audience=PUBLIC)
    a_translation(work, "pt", title="Confiança")
    deliver_events()
    assert sees(VISITOR, q="trust") == 1
    set_audience(work, STAFF)
    assert (sees(VISITOR, q="trust"), sees(VISITOR, q="confiança")) == (0, 0)
    deliver_events()
    assert not Restriction.objects.exists()
    assert (sees(VISITOR), sees(member), sees(a_staff(), q="trust")) == (
        0,
        1,
        1,
    )


def test_a_restricted_section_hides_all_below_it_at_once():
    section = a_section(audience=PUBLIC)
    an_article(title="Trust", under=section)
    deliver_events()
    set_audience(section, MEMBERS)
    assert sees(VISITOR, q="trust") == 0
    deliver_events()
    assert (sees(VISITOR, q="trust"), sees(a_member(), q="trust")) == (0, 1)


def test_what_is_unpublished_or_deleted_is_gone_at_once_and_stays_gone():
    one, two = an_article(title="Trust one"), an_article(title="Trust two")
    deliver_events()
    one.unpublish()
    assert sees(VISITOR, q="trust") == 1
    two.delete()
    assert sees(VISITOR, q="trust") == 0
    deliver_events()
    assert sees(VISITOR, q="trust") == 0 and not Restriction.objects.exists()


def test_a_page_moved_below_a_closed_section_is_gone_at_once():
    work, closed = an_article(title="Trust"), a_section(audience=STAFF)
    deliver_events()
    work.move(closed, pos="last-child")
    assert sees(VISITOR, q="trust") == 0
    deliver_events()
    assert (sees(VISITOR, q="trust"), sees(a_staff(), q="trust")) == (0, 1)


def test_a_draft_says_nothing():
    work = an_article(title="Trust")
    deliver_events()
    work.title = "Zeppelins"
    work.save_revision()
    deliver_events()
    assert (sees(VISITOR, q="zeppelins"), sees(VISITOR, q="trust")) == (0, 1)


def test_a_thread_has_its_forums_audience_and_follows_it():
    member = a_member()
    open_forum, staff_forum = a_forum(audience=MEMBERS), a_forum(audience=STAFF)
    thread = a_thread(title="Trust", forum=open_forum)
    deliver_events()
    assert (sees(VISITOR, q="trust"), sees(member, q="trust")) == (0, 1)
    move_thread(thread, staff_forum)
    assert sees(member, q="trust") == 0
    deliver_events()
    assert sees(member, q="trust") == 0
    set_forum_audience(staff_forum, MEMBERS)
    deliver_events()
    assert sees(member, q="trust") == 1
    set_forum_audience(staff_forum, STAFF)
    assert sees(member, q="trust") == 0


def test_a_hidden_post_finds_nothing_at_once():
    member, thread = a_member(), a_thread(title="Kitchens")
    post = a_post(thread, markdown="A zeppelin over the lake")
    deliver_events()
    assert sees(member, q="zeppelin") == 1
    hide_post(post)
    assert sees(member, q="zeppelin") == 0
    deliver_events()
    assert (sees(member, q="zeppelin"), sees(member, q="kitchens")) == (0, 1)


def test_a_profile_says_to_each_what_reaches_them():
    member = a_member()
    asha = a_member(name="Asha Moyo")
    profile = Profile.objects.get(user=asha)
    profile.headline, profile.bio, profile.city = (
        "Midwife",
        "Worked in theatre",
        "Zomba",
    )
    profile.phone = "555123"
    profile.reach |= {"name": "public", "headline": "public", "bio": "members"}
    change_profile(profile)
    deliver_events()
    asked = {word: (sees(VISITOR, q=word), sees(member, q=word))
             for word in ("asha", "midwife", "theatre", "zomba", "555123")}  # fmt: skip
    assert asked == {
        "asha": (1, 1), "midwife": (1, 1), "theatre": (0, 1),
        "zomba": (0, 0), "555123": (0, 0),
    }  # fmt: skip
    assert sees(VISITOR, kind="person") == 1


def test_those_who_are_kept_apart_do_not_find_each_other():
    one, other = a_member(name="Asha Moyo"), a_member(name="Berit Vik")
    a_thread(title="Trust", author=other)
    thread = a_thread(title="Kitchens")
    a_post(thread, author=other, markdown="zeppelin")
    deliver_events()
    assert sees(one, q="berit") == sees(one, q="trust") == sees(one, q="zeppelin") == 1
    block(other, one)
    assert sees(one, q="berit") == sees(one, q="trust") == sees(one, q="zeppelin") == 0
    assert sees(other, q="asha") == 0


def test_who_leaves_or_is_suspended_is_gone():
    member, asha = a_member(), a_member(name="Asha Moyo")
    deliver_events()
    assert sees(member, q="asha") == 1
    admission.suspend(asha, by=a_staff())
    deliver_events()
    assert sees(member, q="asha") == 0


def test_a_hit_that_the_database_refuses_is_not_shown():
    work = a_lesson(title="Trust")
    deliver_events()
    work.audience_row.delete()
    assert ask(VISITOR, q="trust").items == []


def test_related_works_are_those_the_reader_may_see():
    work = an_article(title="Midwives travel", body=[])
    an_article(title="Where midwives travel")
    an_article(title="Midwives travel in secret", audience=STAFF)
    for n in range(5):
        an_article(title=f"Budget {n}")
    deliver_events()
    request = RequestFactory().get("/")
    request.user = VISITOR
    assert [str(i["title"]) for i in queries.related_to(work, request)] == [
        "Where midwives travel"
    ]


def test_a_write_older_than_a_deletion_brings_nothing_back_however_they_are_delivered():
    page = an_article(title="Trust", audience=PUBLIC)
    late = writes_for([("knowledge", f"work.{page.translation_key}")])
    page.delete()
    assert engine_tells(VISITOR, "trust") == 0
    lifting = f"{lift_restrictions.__module__}.{lift_restrictions.__qualname__}"
    deliver(list(Delivery.objects.open().filter(subscriber=lifting)))
    assert not Restriction.objects.exists()
    get_engine().index(late)
    assert engine_tells(VISITOR, "trust") == 0


def engine_tells(user, text) -> int:
    """Also what the database would not show."""
    return get_engine().search(Query(queries.scope_of(user), text)).total
