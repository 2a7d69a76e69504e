"""What was searched for, in numbers, without a person and without rare words."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network.audience import MEMBERS
from network.events import deliver_events
from search import log
from search.models import QueryLog
from tests.factories import (
    a_lesson,
    a_partnership,
    a_staff,
    an_article,
    an_organisation,
)
from tests.people.factories import a_member
from tests.search.helpers import plain
from tests.search.test_promoting import promote
from tests.themes.factories import a_theme

pytestmark = pytest.mark.django_db
LIST = "searches:index"


@pytest.fixture
def member(client) -> Client:
    client.force_login(a_member("Zawadi Qwerty"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    deliver_events()  # which makes the index: longer than a search may take
    return client


@pytest.fixture
def editor() -> Client:
    user = a_staff()
    user.groups.add(Group.objects.get(name="Editors"))
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def ask(client, q: str, times: int = 1, **params) -> None:
    for _ in range(times):
        assert client.get("/search/", {"q": q, **params}).status_code == 200
    log.write()


def yesterday() -> None:
    """All that is counted so far was a day earlier."""
    for row in QueryLog.objects.order_by("day"):
        row.day -= timedelta(days=1)
        row.save()


def ask_often(client, q: str) -> None:
    ask(client, q, 4)
    yesterday()
    ask(client, q)


def shown(editor, **params) -> str:
    answer = editor.get(reverse(LIST), params)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(editor, **params) -> list[str]:
    """The words of the table, in order."""
    table = shown(editor, **params).partition('id="searches"')[2]
    table = table.partition("</table>")[0]
    return [plain(x.partition("</th>")[0]) for x in table.split('<th scope="row">')[1:]]


def test_a_query_asked_often_on_several_days_is_shown_with_what_to_do(member, editor):
    ask_often(member, "Zeppelins")
    page = shown(editor)
    assert listed(editor) == ["zeppelins"]
    assert "/search/?q=zeppelins" in page
    assert f"{reverse('searches:synonym')}?words=zeppelins&amp;language=en" in page
    assert f"{reverse('promoted:add')}?words=zeppelins" in page


def test_rare_words_are_nowhere_to_be_read_before_that(member, editor):
    ask(member, "zeppelins", 7)
    yesterday()
    assert "zeppelins" not in str(list(QueryLog.objects.values()))
    assert listed(editor) == []
    assert "7 of them had words too rare" in shown(editor)
    ask(member, "balloons", 2)
    yesterday()
    ask(member, "balloons", 2)
    assert listed(editor) == []
    assert not QueryLog.objects.exclude(words="").exists()
    ask(member, "zeppelins")
    assert listed(editor) == ["zeppelins"]


def test_what_is_kept_of_a_search_has_no_person_and_no_hour(member):
    names = {field.name for field in QueryLog._meta.get_fields()}
    assert names == {
        "id", "day", "language", "digest", "words", "themes", "asked", "nothing",
    }  # fmt: skip
    ask(member, "zeppelins")
    ask(Client(HTTP_ACCEPT_LANGUAGE="en"), "zeppelins")
    (row,) = QueryLog.objects.all()
    assert (row.asked, row.nothing, row.words, row.language) == (2, 2, "", "en")
    assert row.day == timezone.localdate()


@pytest.mark.parametrize(
    "query",
    [
        "asha@example.org",
        "call 93 45 67 89",
        "born 17051990",
        "0047-22-33-44",
        'by:"Asha Moyo" visa',
    ],
)
def test_what_may_be_an_address_a_number_or_a_person_is_not_even_counted(member, query):
    ask_often(member, query)
    assert not QueryLog.objects.exists()


def test_a_year_is_no_such_number(member):
    ask(member, "zeppelins 2024")
    assert QueryLog.objects.count() == 1


def test_a_members_name_is_never_written_out(member, editor):
    a_member("Håkon Moyo")
    for query in ("moyo", "hakon", "Håkon zeppelin", "zawadi"):
        ask_often(member, query)
    assert listed(editor) == []
    assert set(QueryLog.objects.values_list("words", flat=True)) == {""}


def test_a_word_of_a_theme_or_country_may_also_be_a_name(member, editor):
    a_theme("hope", names={"en": "Hope"})
    a_member("Hope Jordan")
    ask_often(member, "hope jordan")
    assert listed(editor) == ["hope jordan"]


def test_words_that_become_a_members_name_are_taken_back(member, editor):
    ask_often(member, "zeppelina")
    assert listed(editor) == ["zeppelina"]
    a_member("Zeppelina Ballon")
    log.tidy()
    assert listed(editor) == []


def test_the_name_of_what_is_not_open_is_never_written_out(member, editor):
    a_partnership(name="Nightingale Skylark")
    an_organisation(name="Quetzal", audience=MEMBERS)
    ask_often(member, "skylark nightingale visit")
    ask_often(member, "skylark visit")
    ask_often(member, "quetzal")
    assert sorted(listed(editor, show="most")) == ["quetzal", "skylark visit"]


def test_only_a_new_search_counts(member):
    a_theme("water")
    for n in range(21):
        an_article(title=f"Pumps {n}")
    deliver_events()
    for more in (
        {"page": 2}, {"sort": "newest"}, {"kind": "lesson"},
        {"plain": "water"}, {"exact": 1}, {"theme": "water"},
    ):  # fmt: skip
        ask(member, "pumps", **more)
    member.get("/search/?q=pumps", headers={"HX-Request": "true"})
    member.head("/search/?q=pumps")
    member.get("/search/")
    ask(member, "pumps country:NO")
    assert not QueryLog.objects.exists()
    ask(member, "pumps")
    assert QueryLog.objects.get().asked == 1


def test_the_same_words_are_one_query_however_they_are_typed(member):
    for query in ("Håndbøker", "haandboeker", " HANDBOKER "):
        ask(member, query)
    assert QueryLog.objects.get().asked == 3


def test_a_search_that_found_something_is_only_among_the_most_asked(member, editor):
    a_lesson(title="Visa stories")
    promote(an_article(title="Entry"), "zeppelin")
    deliver_events()
    ask_often(member, "visa")
    ask_often(member, "zeppelin")
    ask_often(member, "balloons")
    assert listed(editor) == ["balloons"]
    assert sorted(listed(editor, show="most")) == ["balloons", "visa", "zeppelin"]


def test_the_list_is_narrowed_by_language_theme_and_period(member, editor):
    theme = a_theme("water", names={"en": "Water", "fr": "Eau"})
    french = Client(HTTP_ACCEPT_LANGUAGE="fr")
    ask_often(member, "water zeppelins")
    ask_often(french, "ballons")
    assert listed(editor, language="fr") == ["ballons"]
    assert listed(editor, theme=theme.pk) == ["water zeppelins"]
    assert listed(editor, theme="none") == ["ballons"]
    assert "Water" in shown(editor) and "French" in shown(editor)
    for row in QueryLog.objects.order_by("day"):
        row.day -= timedelta(days=40)
        row.save()
    assert listed(editor) == []
    assert sorted(listed(editor, days="90")) == ["ballons", "water zeppelins"]


@pytest.mark.parametrize(
    "address", ["p=x", "p=99", "language=%00", "theme=x", "days=-1", "show=<script>"]
)
def test_no_address_of_the_list_is_an_error(editor, address):
    page = editor.get(f"{reverse(LIST)}?{address}")
    assert page.status_code == 200 and b"<script>alert" not in page.content


def test_an_empty_list_says_how_it_fills(editor):
    assert "There are none here" in shown(editor)


def test_many_queries_stand_on_several_pages(editor):
    for n in range(60):
        QueryLog.objects.create(
            day=timezone.localdate(), language="en", digest=str(n),
            words=f"query {n:02}", asked=9, nothing=9,
        )  # fmt: skip
    assert len(listed(editor)) == 50
    assert len(listed(editor, p=2)) == 10
    table = editor.get(reverse("searches:download")).content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table)))) == 60


def test_the_table_can_be_taken_along_and_no_cell_is_a_formula(member, editor):
    theme = a_theme("water", names={"en": "Water"})
    ask_often(member, "water zeppelins")
    QueryLog.objects.create(
        day=timezone.localdate(), language="nn", digest="x", words="=1+1",
        asked=5, nothing=5,
    )  # fmt: skip
    answer = editor.get(reverse("searches:download"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["words"] for row in rows} == {"'=1+1", "water zeppelins"}
    (water,) = (row for row in rows if row["words"] == "water zeppelins")
    assert water["themes"] == theme.slug and water["languages"] == "en"
    assert (water["asked"], water["nothing"]) == ("5", "5")


def test_a_script_in_a_query_is_escaped_in_the_list(editor):
    QueryLog.objects.create(
        day=timezone.localdate(), language="en", digest="x",
        words="<script>alert(1)</script>", asked=5, nothing=5,
    )  # fmt: skip
    assert "<script>alert" not in shown(editor)


def test_old_rows_go(member):
    ask(member, "zeppelins")
    QueryLog.objects.update(day=timezone.localdate() - timedelta(days=401))
    ask(member, "balloons")
    log.tidy()
    assert [row.day for row in QueryLog.objects.all()] == [timezone.localdate()]


def test_a_search_is_not_written_while_its_reader_waits(
    member, django_capture_on_commit_callbacks, monkeypatch
):
    begun = []
    monkeypatch.setattr(log, "write_in", begun.append)
    monkeypatch.setattr(log, "MOST_WAITING", 3)
    for query in ("one zeppelin", "one zeppelin", "two zeppelins", "three zeppelins"):
        with django_capture_on_commit_callbacks(execute=True):
            member.get("/search/", {"q": query})
    assert not QueryLog.objects.exists()
    assert begun == [log.WRITE_SECONDS, 0]
    log.write()
    assert QueryLog.objects.count() == 3


def test_numbers_that_cannot_be_written_are_lost_and_break_nothing(member, monkeypatch):
    def away(*args):
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr(log, "add_up", away)
        ask(member, "zeppelins")
    assert not QueryLog.objects.exists()
    ask(member, "balloons")
    assert QueryLog.objects.count() == 1


def test_many_queries_are_written_in_a_few_statements(
    member, django_assert_max_num_queries
):
    for n in range(40):
        log._waiting[timezone.localdate(), "en", f"zeppelin {n}"] = log.Counted(1, 1)
    with django_assert_max_num_queries(8):
        log.write()
    assert QueryLog.objects.count() == 40
    assert not connection.needs_rollback
