"""Queries put into SQL once must answer for each reader, and for each day."""

from datetime import timedelta

from django.utils import timezone

from network.audience import audiences_of, rights_of
from network.exchange.models import OrganisationMembership
from network.prepared import Prepared
from tests.factories import a_forum, a_member, a_membership, an_organisation


def test_each_reader_gets_their_own_rows(db):
    forum, moderator, other = a_forum(), a_member(), a_member()
    forum.moderators.add(moderator)
    theirs = Prepared(
        lambda user_id: forum.moderators.filter(pk=user_id).values_list("pk")
    )
    assert (theirs(moderator.pk), theirs(other.pk)) == ([(moderator.pk,)], [])


def test_the_sql_is_made_once_a_day(db, monkeypatch):
    days, tomorrow = [], timezone.localdate() + timedelta(days=1)

    def build(user_id):
        days.append(timezone.localdate())
        current = OrganisationMembership.objects.current()
        return current.filter(person=user_id).values_list("pk")

    asked = Prepared(build)
    asked(1), asked(2)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    asked(1), asked(2)
    assert len(days) == 2 and days[1] == tomorrow


def test_who_begins_at_an_organisation_tomorrow_holds_nothing_of_it_today(
    db, monkeypatch
):
    tomorrow = timezone.localdate() + timedelta(days=1)
    person, organisation = a_member(), an_organisation()
    membership = a_membership(person, organisation)
    OrganisationMembership.objects.filter(pk=membership.pk).update(starts_on=tomorrow)
    its = f"organisation.{organisation.pk}"
    assert its not in audiences_of(type(person).objects.get(pk=person.pk))
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    assert its in audiences_of(type(person).objects.get(pk=person.pk))


def test_who_waits_for_approval_has_no_rights(db):
    assert rights_of(a_member(is_staff=True)) == frozenset()


def test_what_a_query_says_each_time_may_hold_any_sign(db):
    words = "50 % of 'it' \\ and %s, $1 or {}"
    one, other = a_member(), a_member()
    type(one).objects.filter(pk=one.pk).update(first_name=words)
    named = Prepared(
        lambda user_id: type(one).objects.filter(
            pk=user_id, first_name=words, first_name__contains="%"
        )
    )
    assert named(one.pk) == [one] and named(other.pk) == []


def test_rows_are_what_the_model_reads(db):
    one = a_member()
    [found] = Prepared(lambda user_id: type(one).objects.filter(pk=user_id))(one.pk)
    one.refresh_from_db()
    fields = [field.attname for field in one._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [
        getattr(one, name) for name in fields
    ]
    assert found.date_joined.tzinfo is not None
