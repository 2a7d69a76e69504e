"""From asking to join to being a member, and what is not told on the way."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from network.events import deliver_events
from network.people.models import Application, Consent, User
from tests.people.factories import (
    PASSWORD,
    a_member,
    a_pending,
    a_staff,
    as_seen,
    profile_of,
)

ANSWERS = {
    "first_name": "Amina",
    "last_name": "Kileo",
    "email": "amina@example.com",
    "country": "TZ",
    "exchange": "Mwera to Skarvøy, 2023",
    "why": "To find others who came home.",
    "password1": "nine-brown-goats",
    "adult": "on",
    "terms": "on",
    "privacy": "on",
}


def code_in(message) -> str:
    """The code in a letter: the line that stands alone, indented."""
    return re.search(r"^    (\S+)$", message.body, re.M).group(1)


def sign_up(client, **answers):
    return client.post(reverse("account_signup"), {**ANSWERS, **answers})


def test_someone_signs_up_confirms_waits_and_is_let_in(client, db):
    answer = sign_up(client)
    assert answer.url == reverse("account_email_verification_sent")
    user = User.objects.get(email="amina@example.com")
    assert (user.status, profile_of(user).audience) == ("pending", "")
    assert user.application.exchange == "Mwera to Skarvøy, 2023"
    assert set(user.consents.values_list("purpose", flat=True)) == set(
        Consent.Purpose.values
    )

    answer = client.post(answer.url, {"code": code_in(mail.outbox[-1])})
    assert answer.url == reverse("people:waiting")
    page = client.get(answer.url).content.decode()
    assert "Mwera to Skarvøy, 2023" in page

    client.force_login(a_staff())
    queue = client.get(reverse("people:approval_list")).content.decode()
    assert "Amina Kileo" in queue
    client.post(reverse("people:approval_approve", args=[user.pk]))
    deliver_events()
    assert as_seen(user).is_member
    assert mail.outbox[-1].to == ["amina@example.com"]
    client.force_login(a_member())
    assert client.get(profile_of(user).get_absolute_url()).status_code == 200


def test_a_pending_person_is_sent_to_what_is_missing(client, db):
    user = a_pending()
    answer = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )
    assert answer.url == reverse("people:waiting")


@pytest.mark.parametrize(
    "missing", ["first_name", "country", "exchange", "adult", "terms", "privacy"]
)
def test_what_is_needed_is_asked_for_and_what_was_typed_is_kept(client, db, missing):
    page = sign_up(client, **{missing: ""})
    assert page.context["form"].errors.keys() == {missing}
    kept = "Mwera to Skarvøy, 2023" if missing != "exchange" else "amina@example.com"
    assert kept in page.content.decode()
    assert not User.objects.exists()


def test_signing_up_without_a_password_works_by_code(client, db):
    sign_up(client, password1="")
    user = User.objects.get(email="amina@example.com")
    assert not user.has_usable_password()
    answer = client.post(
        reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])}
    )
    assert answer.status_code == 302
    client.logout()
    cache.clear()
    answer = client.post(
        reverse("account_request_login_code"), {"email": "amina@example.com"}
    )
    answer = client.post(answer.url, {"code": code_in(mail.outbox[-1])})
    assert answer.url == reverse("people:waiting")


def test_nobody_gets_in_before_the_address_is_confirmed(client, db):
    user = a_pending(verified=False)
    answer = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )
    assert answer.url == reverse("account_email_verification_sent")
    assert client.get(reverse("people:waiting")).status_code == 302


def test_signing_up_with_a_known_address_looks_just_the_same(client, db):
    known = a_member(email="known@example.com")
    new = sign_up(client)
    pages = [client.get(new.url).content.decode()]
    client.logout()
    client.cookies.clear()
    old = sign_up(client, email=known.email)
    pages.append(client.get(old.url).content.decode())
    assert (new.status_code, new.url) == (old.status_code, old.url)
    assert mask(pages[0]) == mask(pages[1])
    assert mail.outbox[-1].to == [known.email]
    assert User.objects.filter(email=known.email).count() == 1
    assert "already" in mail.outbox[-1].body


def mask(page: str) -> str:
    """Without what differs in any case: the address and the tokens."""
    page = re.sub(r"[a-z]+@example\.com", "ADDRESS", page)
    return re.sub(r'(value="|Token": ")[\w-]{40,}', "TOKEN", page)


@pytest.mark.parametrize(
    "way", ["account_request_login_code", "account_reset_password"]
)
def test_asking_for_a_code_tells_nobody_who_has_an_account(client, db, way):
    a_member(email="known@example.com")
    answers = []
    for email in ("known@example.com", "unknown@example.com"):
        answer = client.post(reverse(way), {"email": email})
        page = client.get(answer.url)
        answers.append((answer.status_code, answer.url, mask(page.content.decode())))
        client.cookies.clear()
    assert answers[0] == answers[1]
    assert [message.to[0] for message in mail.outbox] == [
        "known@example.com",
        "unknown@example.com",
    ]


def test_a_wrong_password_and_an_unknown_address_answer_alike(client, db):
    known = a_member()
    pages = [
        client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        for email in (known.email, "unknown@example.com")
    ]
    assert pages[0].status_code == pages[1].status_code
    errors = [page.context["form"].errors for page in pages]
    assert errors[0] == errors[1]


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(client, db, settings):
    calls = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    class Counting(MD5PasswordHasher):
        def encode(self, password, salt):
            calls.append(1)
            return super().encode(password, salt)

    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    globals()["Counting"] = Counting
    a_member(email="known@example.com")
    spent = []
    for email in ("known@example.com", "unknown@example.com"):
        calls.clear()
        client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        spent.append(len(calls))
    for email in ("new@example.com", "known@example.com"):
        calls.clear()
        client.cookies.clear()
        sign_up(client, email=email)
        spent.append(len(calls))
    assert spent[0] == spent[1]
    assert spent[2] == spent[3]


def test_guessing_passwords_is_stopped(client, db):
    user = a_member()
    for _attempt in range(5):
        client.post(reverse("account_login"), {"login": user.email, "password": "no"})
    page = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )
    assert page.status_code == 422
    assert "_auth_user_id" not in client.session


def test_asking_too_often_for_codes_is_stopped(client, db):
    user = a_member()
    for _attempt in range(5):
        client.post(reverse("account_request_login_code"), {"email": user.email})
        client.cookies.clear()
    assert len(mail.outbox) <= 3


def test_letters_come_in_the_form_their_reader_chose(client, db):
    from django.utils import translation

    user = a_member(language="nn")
    with translation.override("en"):
        client.post(reverse("account_request_login_code"), {"email": user.email})
    html = mail.outbox[-1].alternatives[0][0]
    assert '<html lang="nn"' in html


def test_a_pending_person_adds_what_was_missing(client, db):
    user = a_pending(exchange="")
    client.force_login(user)
    page = client.post(reverse("people:waiting"), {"exchange": "", "why": "Friends"})
    assert page.status_code == 422
    assert "Friends" in page.content.decode()
    client.post(reverse("people:waiting"), {"exchange": "Malawi 2019", "why": ""})
    assert Application.objects.get(user=user).exchange == "Malawi 2019"
