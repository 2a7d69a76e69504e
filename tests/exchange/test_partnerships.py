import pytest
from django.urls import reverse

from network.exchange import actions
from network.exchange.models import Goal, StaffAccess
from tests.exchange.factories import (
    a_membership,
    a_partnership,
    a_placement,
    a_round,
    an_administrator,
    an_organisation,
)
from tests.people.factories import a_member, a_staff

WRITTEN = ["goal_add", "round_add", "contribution_add", "gain_add"]


def url(name: str, *args) -> str:
    return reverse(f"exchange:{name}", args=args)


@pytest.fixture
def partnership(db):
    partners = [an_organisation("Mwera", country="TZ"), an_organisation("Skarvøy")]
    return a_partnership("Mwera–Skarvøy", organisations=partners, slug="mwera-skarvoy")


@pytest.fixture
def mwera(partnership):
    return partnership.partners()[0].organisation


@pytest.fixture
def skarvoy(partnership):
    return partnership.partners()[1].organisation


def test_the_list_has_ones_own_and_those_that_are_shown(client, partnership, mwera):
    a_partnership("A: shown to members", audience="members")
    a_partnership("B: shown to all", audience="public")

    def titles(key):
        page = client.get(url("partnership_list"))
        return [item["title"] for item in page.context[key]]

    assert titles("items") == ["B: shown to all"]
    client.force_login(a_member(of=mwera))
    assert titles("own") == ["Mwera–Skarvøy"]
    assert titles("items") == ["A: shown to members", "B: shown to all"]


def test_the_list_is_in_order_of_names(client, db):
    for name in ("Mwera", "Aira", "Zuma", "Bakke"):
        a_partnership(name, audience="public")
    page = client.get(url("partnership_list")).context["page"]
    assert page.paginator.object_list.ordered
    assert [one.name for one in page] == ["Aira", "Bakke", "Mwera", "Zuma"]


def test_the_list_takes_a_constant_number_of_queries(
    client, db, django_assert_max_num_queries
):
    for _each in range(12):
        a_round(a_partnership(audience="public"))
    client.force_login(a_member())
    client.get(url("partnership_list"))
    with django_assert_max_num_queries(12):
        client.get(url("partnership_list"))


def test_what_partners_wrote_is_marked_with_its_language(client, partnership, mwera):
    partnership.goals.create(text="Lære å vente", language="nn", organisation=None)
    round_ = a_round(partnership, title="Til <Mwera>", language="nn")
    person = a_member(bio_language="pt")
    a_placement(person, round=round_, role="Contabilista", verified="partner")
    client.force_login(a_member(of=mwera))
    page = client.get(partnership.get_absolute_url()).content.decode()
    marked = '<span lang="nn">Til &lt;Mwera&gt;</span>'
    assert f"<b>Round 1: {marked}</b>" in page
    assert '<p class="why" lang="nn">Lære å vente' in page
    assert '<span lang="pt">Contabilista</span>' in page


def test_the_page_takes_a_constant_number_of_queries(
    client, partnership, mwera, django_assert_max_num_queries
):
    def fill():
        for _each in range(4):
            round_ = a_round(partnership)
            a_placement(round=round_, verified="partner")
            goal = actions.add_goal(partnership, organisation=mwera, text="More")
            actions.change_goal(goal, None, text="Less", reason="We learnt")
            actions.add_gain(partnership, mwera, text="Buyers", evidence="Accounts")

    client.force_login(an_administrator(mwera))
    fill()
    client.get(partnership.get_absolute_url())
    for _twice in range(2):
        with django_assert_max_num_queries(26):
            client.get(partnership.get_absolute_url())
        fill()


def test_a_closed_page_and_a_missing_one_are_alike(client, partnership):
    client.force_login(a_member())
    for method in (client.get, client.head, client.options):
        closed = method(partnership.get_absolute_url())
        absent = method(url("partnership_detail", "mwera-skarvay"))
        assert closed.status_code == absent.status_code == 404
        assert closed.headers == absent.headers


@pytest.mark.parametrize("name", WRITTEN)
def test_only_those_who_act_for_a_partner_write(client, partnership, mwera, name):
    there = url(name, partnership.slug)
    client.force_login(a_member())
    assert client.get(there).status_code == client.post(there).status_code == 404
    client.force_login(a_member(of=mwera))
    assert client.get(there).status_code == client.post(there).status_code == 403
    staff = a_staff()
    actions.take_staff_access(staff, partnership, "A complaint")
    client.force_login(staff)
    assert client.get(there).status_code == 403
    client.force_login(a_membership(organisation=mwera, role="coordinator").person)
    assert client.get(there).status_code == 200
    assert client.post(there, {}).status_code == 422


def test_partners_stand_in_their_own_order_with_goals_and_history(
    client, partnership, mwera, skarvoy
):
    actions.add_goal(partnership, organisation=None, text="Live from waste")
    goal = actions.add_goal(partnership, organisation=skarvoy, text="Transfer it")
    actions.add_goal(partnership, organisation=mwera, text="Two buyers who pay")
    client.force_login(an_administrator(skarvoy))
    there = url("goal_change", partnership.slug, goal.pk)
    changed = {"text": "Learn it", "language": "en", "reason": ""}
    page = client.post(there, changed)
    assert page.status_code == 422 and "Learn it" in page.content.decode()
    client.post(there, {**changed, "reason": "Theirs was better"})
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert page.index("Two buyers who pay") < page.index("Learn it")
    assert "Transfer it" in page and "Theirs was better" in page
    assert "Live from waste" in page


def test_saving_the_same_goal_twice_leaves_one_version(partnership, mwera):
    goal = actions.add_goal(partnership, organisation=mwera, text="Two buyers")
    for _click in range(2):
        actions.change_goal(goal, None, text="Three buyers", reason="It went well")
    assert goal.versions.count() == 1


def test_a_partners_own_goal_is_changed_by_that_partner_alone(
    client, partnership, mwera, skarvoy
):
    own = actions.add_goal(partnership, organisation=mwera, text="Two buyers")
    joint = actions.add_goal(partnership, organisation=None, text="Live from waste")
    client.force_login(an_administrator(skarvoy))
    assert client.get(url("goal_change", partnership.slug, own.pk)).status_code == 403
    assert client.get(url("goal_change", partnership.slug, joint.pk)).status_code == 200


def test_rows_of_other_partnerships_are_out_of_reach(client, partnership, mwera):
    other = a_partnership()
    first = other.partners()[0].organisation
    goal = actions.add_goal(other, organisation=None, text="Theirs")
    round_, gain = a_round(other), actions.add_gain(other, first, text="Much")
    gave = actions.add_contribution(other, first, text="Time")
    client.force_login(an_administrator(mwera))
    for name, row in [
        ("goal_change", goal),
        ("round_change", round_),
        ("gain_remove", gain),
        ("contribution_remove", gave),
    ]:
        there = url(name, partnership.slug, row.pk)
        assert client.post(there, {}).status_code == 404
    assert Goal.objects.get(pk=goal.pk).text == "Theirs"


def test_one_partner_cannot_write_or_remove_for_another(
    client, partnership, mwera, skarvoy
):
    gave = actions.add_contribution(partnership, skarvoy, text="Money")
    client.force_login(an_administrator(mwera))
    there = url("contribution_add", partnership.slug)
    told = {"organisation": skarvoy.pk, "text": "Nothing", "language": "en"}
    assert client.post(there, told).status_code == 422
    removing = url("contribution_remove", partnership.slug, gave.pk)
    assert client.post(removing).status_code == 403
    client.post(there, {**told, "organisation": mwera.pk, "text": "118 days"})
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "118 days" in page and "Money" in page


def test_what_was_got_needs_a_line_of_evidence(client, partnership, mwera):
    client.force_login(an_administrator(mwera))
    there = url("gain_add", partnership.slug)
    told = {
        "organisation": mwera.pk,
        "text": "31 per cent more per kilo",
        "language": "en",
        "level": "organisation",
    }
    page = client.post(there, told)
    assert page.context["form"].errors.keys() == {"evidence"}
    client.post(there, {**told, "evidence": "Accounts 2024"})
    assert (
        "Accounts 2024" in client.get(partnership.get_absolute_url()).content.decode()
    )


def test_a_round_has_a_number_of_its_own_and_ends_after_it_starts(
    client, partnership, mwera
):
    client.force_login(an_administrator(mwera))
    there = url("round_add", partnership.slug)
    told = {
        "number": 1,
        "title": "Sorting",
        "language": "en",
        "starts_on": "2024-01-08",
        "ends_on": "2024-06-28",
    }
    assert client.post(there, told).status_code == 302
    page = client.post(there, told)
    assert page.status_code == 422
    backwards = {**told, "number": 2, "ends_on": "2023-01-01"}
    assert client.post(there, backwards).status_code == 422
    assert partnership.rounds.count() == 1


def test_the_partners_agree_one_by_one(client, partnership, mwera, skarvoy):
    there = url("partnership_audience", partnership.slug)

    def answer(user, organisation, word, audience=""):
        client.force_login(user)
        given = {"organisation": organisation.pk, "answer": word, "audience": audience}
        return client.post(there, given).status_code

    def audience():
        partnership.refresh_from_db()
        return partnership.audience

    first, second = an_administrator(mwera), an_administrator(skarvoy)
    assert answer(first, mwera, "propose", "public") == 302
    assert audience() == partnership.own_audience
    assert answer(first, skarvoy, "agree", "public") == 403
    assert answer(second, skarvoy, "agree", "members") == 302  # not what was proposed
    assert audience() == partnership.own_audience
    for _click in range(2):
        assert answer(second, skarvoy, "agree", "public") == 302
    assert audience() == "public"
    assert answer(first, mwera, "withdraw") == 302
    assert audience() == partnership.own_audience


def test_who_may_answer_for_a_partner(client, partnership, mwera):
    there = url("partnership_audience", partnership.slug)
    given = {"organisation": mwera.pk, "answer": "propose", "audience": "public"}
    client.force_login(a_member())
    assert client.post(there, given).status_code == 404
    client.force_login(a_membership(organisation=mwera, role="coordinator").person)
    assert client.post(there, given).status_code == 403
    client.force_login(an_administrator(mwera))
    assert client.post(there, {**given, "answer": "sell"}).status_code == 403
    assert client.post(there, {**given, "organisation": "x"}).status_code == 403


def test_staff_take_access_with_a_reason_that_the_partners_read(
    client, partnership, mwera
):
    staff = a_staff("Siri Staff")
    client.force_login(staff)
    assert client.get(partnership.get_absolute_url()).status_code == 404
    there = url("staff_access")
    empty = {"partnership": partnership.pk, "reason": ""}
    assert client.post(there, empty).status_code == 422
    answer = client.post(there, {**empty, "reason": "A complaint of 3 May"})
    assert client.get(answer.url).status_code == 200
    client.force_login(a_member(of=mwera))
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "Siri Staff" in page and "A complaint of 3 May" in page
    client.force_login(staff)
    access = StaffAccess.objects.get()
    client.post(url("staff_access_end", access.pk))
    assert client.get(partnership.get_absolute_url()).status_code == 404


def test_the_log_of_access_is_for_the_partners_alone(client, db):
    partnership = a_partnership(audience="public")
    actions.take_staff_access(a_staff("Siri Staff"), partnership, "A complaint")
    client.force_login(a_member())
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "A complaint" not in page and "Siri Staff" not in page


def test_members_take_no_access(client, partnership):
    client.force_login(a_member())
    assert client.get(url("staff_access")).status_code == 404
    access = actions.take_staff_access(a_staff(), partnership, "A complaint")
    client.force_login(a_staff())
    assert client.post(url("staff_access_end", access.pk)).status_code == 404


def test_participants_stand_there_as_far_as_they_reach(client, db):
    partnership = a_partnership(audience="public")
    round_ = a_round(partnership)
    a_placement(
        a_member("Public Person", reach={"name": "public", "exchange": "public"}),
        round=round_,
        verified="norec",
    )
    a_placement(a_member("Member Person"), round=round_, verified="norec")
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "Public Person" in page and "Member Person" not in page
    client.force_login(a_member())
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "Member Person" in page
