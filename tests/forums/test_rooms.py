"""Rooms: run by staff and moderators, and made once from facts."""

import pytest
from django.urls import reverse

from forums.actions import (
    archive_forum,
    post_reply,
    room_of_country,
    room_of_partnership,
    room_of_round,
    start_thread,
)
from forums.actions.rooms import RESERVED
from forums.models import Forum, Thread
from forums.urls import urlpatterns
from network.audience import MEMBERS, PUBLIC, STAFF, can_see, pending_restrictions
from network.events import deliver_events
from network.exchange.actions import add_member, end_membership, save_placement
from network.exchange.models import OrganisationMembership, Placement
from network.notifications.actions import set_level
from network.notifications.models import Level, Subscription
from network.people.models import User
from tests.cms.factories import a_lesson
from tests.exchange.factories import (
    a_membership,
    a_partnership,
    a_placement,
    a_round,
    an_administrator,
    an_organisation,
)
from tests.forums.factories import a_forum, a_thread
from tests.notifications.helpers import inbox
from tests.people.factories import a_member, a_staff

pytestmark = pytest.mark.django_db
Role = OrganisationMembership.Role


@pytest.fixture
def staff(client):
    user = a_staff("Stine Staff")
    client.force_login(user)
    return client


def url(name: str, *args) -> str:
    return reverse(f"forums:{name}", args=args)


def a_room(**fields) -> dict:
    """What the form sends."""
    return {
        "name": "Hosting", "slug": "", "description": "About hosting.",
        "language": "en", "audience_kind": MEMBERS, "position": 0, **fields,
    }  # fmt: skip


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# Made and changed


def test_staff_make_a_room_with_moderators_found_by_name(staff):
    moderator = a_member("Mona Moderator")
    sent = a_room(find="mona", find_people="1")
    answer = staff.post(url("room_new"), sent)
    assert answer.status_code == 200 and not Forum.objects.exists()
    assert "Mona Moderator" in text_of(answer) and "About hosting." in text_of(answer)
    answer = staff.post(url("room_new"), a_room(moderators=[moderator.pk]))
    assert answer.status_code == 302
    forum = Forum.objects.get()
    assert (forum.slug, forum.audience) == ("hosting", MEMBERS)
    assert list(forum.moderators.all()) == [moderator]


def test_who_sees_a_room_is_chosen_among_whole_lines(staff):
    User.objects.filter(first_name="Stine").update(language="nb")
    text = text_of(staff.get(url("room_new")))
    choices = text.partition("Hvem ser det")[2]
    assert choices.index("pick--lines") < choices.index("Ansatte")


def test_nobody_is_offered_as_moderator_before_being_looked_for(staff):
    a_member("Mia Member")
    assert "Mia Member" not in text_of(staff.get(url("room_new")))


def test_an_address_that_is_taken_is_numbered_and_ours_are_kept(staff):
    for name in ("Hosting", "Hosting", "Rooms"):
        staff.post(url("room_new"), a_room(name=name))
    slugs = Forum.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["hosting", "hosting-2", "rooms-2"]


def test_a_room_for_a_partnership_is_chosen_by_its_name(staff):
    partnership = a_partnership("Open Window", audience=MEMBERS)
    sent = a_room(audience_kind="partnership", partnership="open window")
    staff.post(url("room_new"), sent)
    assert Forum.objects.get().audience == partnership.own_audience


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"audience_kind": "partnership"}, "partnership"),
        ({"audience_kind": "organisation", "organisation": "Nobody"}, "organisation"),
        ({"audience_kind": "forum.1"}, "audience_kind"),
        ({"parent": "above", "audience_kind": PUBLIC}, "audience_kind"),
        ({"parent": "below"}, "parent"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(
    staff, sent, field
):
    above = a_forum(MEMBERS, slug="above")
    a_forum(MEMBERS, slug="below", parent=above)
    if "parent" in sent:
        sent = {**sent, "parent": Forum.objects.get(slug=sent["parent"]).pk}
    answer = staff.post(url("room_new"), a_room(**sent))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert "About hosting." in text_of(answer)


def test_a_room_with_rooms_below_it_cannot_go_below_another(staff):
    above, other = a_forum(), a_forum()
    a_forum(parent=above)
    sent = a_room(audience_kind="keep", parent=other.pk)
    answer = staff.post(url("room_edit", above.pk), sent)
    assert answer.status_code == 422 and "parent" in answer.context["form"].errors


def test_another_audience_is_told_in_people_before_it_holds(staff):
    forum = a_forum(PUBLIC)
    a_thread(forum, followers=[a_member()])
    sent = a_room(audience_kind=STAFF)
    asked = staff.post(url("room_edit", forum.pk), sent)
    text = text_of(asked)
    assert "2 members lose access." in text and "Visitors who are not signed in" in text
    assert "2 people who follow it" in text and "1 person who wrote there" in text
    forum.refresh_from_db()
    assert forum.audience == PUBLIC
    staff.post(url("room_edit", forum.pk), {**sent, "told": asked.context["told"]})
    forum.refresh_from_db()
    assert (forum.audience, forum.name) == (STAFF, "Hosting")
    assert f"forum.{forum.pk}" in pending_restrictions()


def test_a_wider_audience_says_who_gains(staff):
    forum = a_forum(STAFF)
    a_member(), a_member()
    asked = staff.post(url("room_edit", forum.pk), a_room(audience_kind=PUBLIC))
    assert "2 members gain access" in text_of(asked)
    assert "Everybody can read it" in text_of(asked)


def test_moderators_change_words_and_themes_only(client):
    moderator = a_member()
    forum = a_forum(MEMBERS, [moderator], name="As it was")
    client.force_login(moderator)
    sent = a_room(name="Taken over", audience_kind=PUBLIC)
    client.post(url("room_edit", forum.pk), sent)
    forum.refresh_from_db()
    assert (forum.name, forum.audience) == ("As it was", MEMBERS)
    assert forum.description == "About hosting."
    assert client.post(url("room_archive", forum.pk)).status_code == 403
    assert client.get(url("room_new")).status_code == 403
    assert client.get(url("room_list")).status_code == 200


def test_others_run_no_rooms_and_learn_of_none(client):
    forum, closed = a_forum(), a_forum(STAFF)
    client.force_login(a_member())
    assert client.get(url("room_list")).status_code == 403
    assert client.get(url("room_edit", forum.pk)).status_code == 403
    assert client.post(url("room_archive", closed.pk)).status_code == 404
    assert client.get(url("room_countries")).status_code == 403


def test_staff_run_no_room_they_do_not_see(staff):
    closed = a_forum(a_partnership().own_audience, name="Our own")
    assert staff.get(url("room_edit", closed.pk)).status_code == 404
    assert "Our own" not in text_of(staff.get(url("room_list")))


def test_an_archived_room_can_be_read_not_written_in_and_opened_again(staff):
    thread = a_thread()
    staff.post(url("room_archive", thread.forum.pk))
    assert staff.get(thread.get_absolute_url()).status_code == 200
    answer = staff.post(
        url("thread_reply", thread.pk), {"markdown": "No", "language": "en"}
    )
    assert answer.status_code == 422
    staff.post(url("room_unarchive", thread.forum.pk))
    post_reply(Thread.objects.get(pk=thread.pk), a_member(), "Yes.")


# Made from facts


def test_a_partner_opens_the_partnerships_room_once(client):
    partnership = a_partnership("Open Window")
    first, second = (one.organisation for one in partnership.partners())
    coordinator, colleague = a_member(), a_member(of=second)
    add_member(first, coordinator, Role.COORDINATOR)
    client.force_login(coordinator)
    assert "Open a room for the partnership" in text_of(
        client.get(partnership.get_absolute_url())
    )
    for _ in range(2):
        answer = client.post(url("room_of_partnership", partnership.slug))
    room = Forum.objects.get()
    assert answer.url == room.get_absolute_url()
    assert room.audience == partnership.own_audience and room.name == "Open Window"
    deliver_events()
    followers = Subscription.objects.filter(target=f"forum.{room.pk}")
    assert {one.user for one in followers} == {coordinator, colleague}
    assert "Open Window" in text_of(client.get("/forums/"))
    client.force_login(User.objects.get(pk=colleague.pk))
    assert client.post(url("room_of_partnership", partnership.slug)).status_code == 403


def test_the_partners_coordinators_moderate_it_for_as_long_as_they_are_that(client):
    partnership = a_partnership()
    organisation = partnership.partners()[0].organisation
    an_administrator(organisation)
    administrator = an_administrator(organisation)
    room = room_of_partnership(partnership)
    client.force_login(administrator)
    assert client.get(url("room_edit", room.pk)).status_code == 200
    end_membership(administrator.memberships.get())
    assert client.get(url("room_edit", room.pk)).status_code == 404
    assert not can_see(User.objects.get(pk=administrator.pk), room)


def test_staff_outside_open_it_and_are_told_the_same_whether_it_was_there(staff):
    partnership = a_partnership(audience=MEMBERS)
    answers = [
        staff.post(url("room_of_partnership", partnership.slug), follow=True)
        for _ in range(2)
    ]
    assert Forum.objects.count() == 1
    assert text_of(answers[0]).count("a room of their own") == 1
    assert text_of(answers[1]).count("a room of their own") == 1
    closed = a_partnership()
    assert staff.post(url("room_of_partnership", closed.slug)).status_code == 404


def test_a_rounds_room_stands_below_and_those_placed_in_it_follow(client):
    partnership = a_partnership()
    first, second = a_round(partnership), a_round(partnership)
    placed = a_placement(a_member(), round=first, verified="partner").person
    later = a_placement(a_member(), round=second, verified="partner").person
    client.force_login(an_administrator(partnership.partners()[0].organisation))
    for _ in range(2):
        client.post(url("room_of_round", first.pk))
    room = Forum.objects.get(round=first)
    assert room.parent.partnership == partnership
    assert room.audience == partnership.own_audience
    deliver_events()
    told = Subscription.objects.filter(target=f"forum.{room.pk}")
    assert {one.user for one in told} == {placed}
    assert can_see(later, room)


def test_staff_make_rooms_for_countries_and_who_was_there_follows(staff):
    back, elsewhere = a_member(), a_member()
    a_placement(back, from_country="NO", to_country="MW")
    a_placement(elsewhere, from_country="NO", to_country="TZ")
    sent = {"countries": ["MW"], "language": "nn"}
    assert "Malawi (1)" in text_of(staff.get(url("room_countries")))
    for _ in range(2):
        assert staff.post(url("room_countries"), sent).status_code == 302
    room = Forum.objects.get()
    assert (room.name, room.audience, room.country) == ("Malawi", MEMBERS, "MW")
    deliver_events()
    thread = a_thread(room)
    deliver_events()
    assert (inbox(back), inbox(elsewhere)) == (["started"], [])
    assert thread.forum == room


def test_whoever_comes_later_follows_and_a_choice_of_ones_own_stands():
    room = room_of_country("MW", "en")
    late, quiet = a_member(), a_member()
    set_level(quiet, room, Level.MUTED)
    for person in (late, quiet):
        a_placement(person, from_country="NO", to_country="MW")
        save_placement(Placement.objects.get(person=person))
    deliver_events()
    levels = Subscription.objects.filter(target=f"forum.{room.pk}")
    assert dict(levels.values_list("user", "level")) == {
        late.pk: "tracking", quiet.pk: "muted",
    }  # fmt: skip


def test_a_new_colleague_follows_the_rooms_of_their_partnerships():
    partnership = a_partnership()
    room = room_of_partnership(partnership)
    deliver_events()
    new = a_membership(organisation=partnership.partners()[0].organisation).person
    a_membership(organisation=an_organisation())
    deliver_events()
    followers = Subscription.objects.filter(target=f"forum.{room.pk}")
    assert [one.user for one in followers] == [new]


def test_a_round_of_a_room_asked_for_twice_gives_the_same():
    round_ = a_round(a_partnership())
    assert room_of_round(round_) == room_of_round(round_)


def test_the_list_of_countries_wants_at_least_one(staff):
    a_placement(a_member(), from_country="NO", to_country="MW")
    answer = staff.post(url("room_countries"), {"language": "en"})
    assert answer.status_code == 422
    assert "Choose at least one country." in text_of(answer)


# What a thread is about


def test_a_thread_begun_from_a_lesson_is_about_it_for_those_who_see_it(client):
    partnership = a_partnership()
    insider = a_member(of=partnership)
    lesson = a_lesson(partnership.own_audience, title="Pair each newcomer")
    forum = a_forum(PUBLIC)
    client.force_login(insider)
    assert f"/forums/discuss/?about=work.{lesson.pk}" in text_of(client.get(lesson.url))
    answer = client.get(f"/forums/discuss/?about=work.{lesson.pk}")
    there = f"{url('thread_new', forum.slug)}?about=work.{lesson.pk}"
    assert there in text_of(answer) and "Pair each newcomer" in text_of(answer)
    assert "Pair each newcomer" in text_of(client.get(there))
    sent = {"kind": "question", "title": "Who did this?", "markdown": "We want to.",
            "language": "en", "about": f"work.{lesson.pk}"}  # fmt: skip
    thread = client.post(url("thread_new", forum.slug), sent).url
    assert "Pair each newcomer" in text_of(client.get(thread))
    assert "Who did this?" in text_of(client.get(lesson.url))
    client.force_login(a_member())
    assert "Pair each newcomer" not in text_of(client.get(thread))
    client.logout()
    assert "Pair each newcomer" not in text_of(client.get(thread))


def test_what_one_may_not_see_cannot_be_named_as_what_it_is_about(client):
    closed = a_lesson(STAFF, title="Closed")
    forum = a_forum()
    client.force_login(a_member())
    for key in (f"work.{closed.pk}", "work.987654", "nothing.1", "thread.1", ""):
        answer = client.get("/forums/discuss/", {"about": key})
        assert answer.status_code == 404
        sent = {"kind": "question", "title": "What?", "markdown": "So.",
                "language": "en", "about": key}  # fmt: skip
        client.post(url("thread_new", forum.slug), sent)
    assert set(Thread.objects.values_list("about", flat=True)) == {""}


def test_a_partnership_tells_what_is_said_about_it_where_one_may_read(client):
    partnership = a_partnership(audience=PUBLIC)
    about, words = f"partnership.{partnership.pk}", {"markdown": "x", "language": "en"}
    for audience, title in ((PUBLIC, "For all"), (STAFF, "Behind closed doors")):
        forum, author = a_forum(audience), a_staff()
        start_thread(forum, author, title=title, about=about, **words)
    text = text_of(client.get(partnership.get_absolute_url()))
    assert "For all" in text and "Behind closed doors" not in text
    assert "Discuss this" not in text and "Open a room" not in text


def test_an_archived_forum_is_not_offered_to_talk_in(client):
    lesson, forum = a_lesson(), a_forum(name="Long ago")
    archive_forum(forum)
    client.force_login(a_member())
    answer = client.get(f"/forums/discuss/?about=work.{lesson.pk}")
    assert "Long ago" not in text_of(answer)


def test_no_room_takes_an_address_of_the_forums_themselves():
    patterns = [str(one.pattern).partition("/")[0] for one in urlpatterns]
    assert {word for word in patterns if word and "<" not in word} == RESERVED
