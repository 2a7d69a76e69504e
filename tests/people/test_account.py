"""One's own account: second factor, demo accounts, blocking, photo, profile form."""

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from PIL import Image

from network.audience import STAFF, audiences_of, can_see, exclusions_of
from network.people import actions
from network.people.models import Profile, User
from network.people.models.profiles import DEFAULT_REACH
from tests.people.factories import (
    PASSWORD,
    a_member,
    a_staff,
    a_superuser,
    as_seen,
    profile_of,
)

GUARDED = ["/editor/", "/admin/", "/people/approvals/", "/people/approvals/7/"]


@pytest.fixture
def demanding(settings):
    settings.STAFF_TOTP_REQUIRED = True


def with_totp(user) -> User:
    TOTP.activate(user, generate_totp_secret())
    return as_seen(user)


@pytest.mark.parametrize("there", GUARDED)
def test_staff_set_up_a_second_factor_first(client, db, demanding, there):
    client.force_login(a_superuser())
    assert client.get(there).url == reverse("mfa_activate_totp")


def test_staff_are_staff_only_with_a_second_factor(db, demanding):
    staff = a_staff()
    assert STAFF not in audiences_of(as_seen(staff))
    assert STAFF in audiences_of(with_totp(staff))


def test_staff_with_a_second_factor_come_in(client, db, demanding):
    client.force_login(with_totp(a_superuser()))
    assert client.get("/people/approvals/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_a_password_alone_does_not_get_past_a_second_factor(client, db):
    staff = with_totp(a_staff())
    answer = client.post(
        reverse("account_login"), {"login": staff.email, "password": PASSWORD}
    )
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_nobody_is_asked_for_it_where_it_is_not_demanded(client, db):
    client.force_login(a_superuser())
    assert client.get("/people/approvals/").status_code == 200


@pytest.mark.parametrize(
    "there", ["/admin/", "/admin/login/", "/editor/", "/editor/login/"]
)
def test_there_is_one_way_to_sign_in(client, db, there):
    answer = client.get(there, follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")


def test_setting_up_and_using_recovery_codes(client, db):
    member = a_member()
    client.force_login(member)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200
    with_totp(member)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes"))
    assert page.content.count(b"<code>") == 10
    assert Authenticator.objects.filter(user=member).count() == 2


OWN_PAGES = [
    "account_detail",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
    "mfa_index",
    "people:blocked_list",
    "people:profile_edit",
]
OPEN_PAGES = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_request_login_code",
    "account_inactive",
    "account_password_reset_completed",
]


@pytest.mark.parametrize("name", OWN_PAGES)
def test_every_page_of_the_account_is_ours(client, db, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(a_member())
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert 'class="top"' in page.content.decode()


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_every_page_before_signing_in_is_ours(client, db, name):
    page = client.get(reverse(name)).content.decode()
    assert 'class="top"' in page and "style=" not in page


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("account_login", {"login": "amina@example.com", "password": "no"}),
        ("account_signup", {"email": "amina@example.com"}),
        ("account_reset_password", {"email": "amina@"}),
        ("account_request_login_code", {"email": "amina@"}),
    ],
)
def test_what_is_wrong_before_signing_in_answers_422(client, db, name, wrong):
    page = client.post(reverse(name), wrong)
    assert page.status_code == 422
    assert "amina@" in page.content.decode() and page.context["form"].errors


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("account_email", {"action_add": "", "email": "amina@"}),
        ("account_change_password", {"oldpassword": "no", "password1": "x"}),
        ("account_reauthenticate", {"password": "no"}),
        ("mfa_activate_totp", {"code": "000000"}),
    ],
)
def test_what_is_wrong_on_the_account_answers_422(client, db, name, wrong):
    client.force_login(a_member())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse(name)).status_code == 200
    page = client.post(reverse(name), wrong)
    assert page.status_code == 422
    assert page.context["form"].errors


def test_a_wrong_code_answers_422(client, db):
    email = a_member().email
    answer = client.post(reverse("account_request_login_code"), {"email": email})
    assert client.get(answer.url).status_code == 200
    page = client.post(answer.url, {"code": "wrong"})
    assert page.status_code == 422
    assert page.context["form"].errors


def test_a_new_password_by_code(client, db, mailoutbox):
    import re

    member = a_member()
    answer = client.post(reverse("account_reset_password"), {"email": member.email})
    code = re.search(r"^    (\S+)$", mailoutbox[-1].body, re.M).group(1)
    answer = client.post(answer.url, {"code": code})
    page = client.get(answer.url)
    assert page.status_code == 200
    new = {"password1": "nine-brown-goats", "password2": "nine-brown-goats"}
    client.post(answer.url, new)
    assert as_seen(member).check_password("nine-brown-goats")


@pytest.mark.parametrize("way", ["session", "password", "code"])
def test_demo_accounts_are_refused_where_there_is_no_demo(client, db, settings, way):
    member = a_member(email="alumna@example.org")
    if way == "session":
        client.force_login(member)
    settings.DEMO = False
    if way == "password":
        given = {"login": member.email, "password": PASSWORD}
        client.post(reverse("account_login"), given)
    elif way == "code":
        from django.core import mail

        answer = client.post(
            reverse("account_request_login_code"), {"email": member.email}
        )
        if mail.outbox:
            import re

            found = re.search(r"^    (\S+)$", mail.outbox[-1].body, re.M)
            client.post(answer.url, {"code": found.group(1)})
    assert client.get(reverse("people:profile_edit")).status_code == 302


def test_the_first_administrator_comes_by_command(client, db, monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    call_command("create_admin", "--email", "Root@example.com", "--name", "Rut Root")
    admin = User.objects.get(email="root@example.com")
    assert admin.is_superuser and admin.is_member
    assert profile_of(admin).name == "Rut Root"
    given = {"login": "root@example.com", "password": PASSWORD}
    assert client.post(reverse("account_login"), given).url == "/"
    with pytest.raises(CommandError):
        call_command("create_admin", "--email", "root@example.com", "--name", "R")


# Blocking


def test_two_who_are_blocked_are_not_there_for_each_other(client, db):
    one, other = a_member("One"), a_member("Other")
    client.force_login(one)
    there = reverse("people:person_block", args=[profile_of(other).slug])
    for _click in range(2):
        client.post(there)
    one, other = as_seen(one), as_seen(other)
    assert not can_see(one, profile_of(other))
    assert not can_see(other, profile_of(one))
    assert f"user.{other.pk}" in exclusions_of(one)
    assert f"user.{one.pk}" in exclusions_of(other)
    assert client.get(profile_of(other).get_absolute_url()).status_code == 404


def test_a_block_is_taken_back_by_who_made_it(client, db):
    one, other = a_member("One"), a_member("Other")
    actions.block(one, other)
    block = one.blocks.get()
    client.force_login(other)
    there = reverse("people:block_remove", args=[block.pk])
    assert client.post(there).status_code == 404
    client.force_login(one)
    assert client.post(there).status_code == 302
    assert can_see(as_seen(one), profile_of(other))


def test_nobody_blocks_themselves_or_whom_they_cannot_see(client, db):
    me, hidden = a_member("Me Myself"), a_member("Hidden", reach={"name": "me"})
    client.force_login(me)
    own = reverse("people:person_block", args=[profile_of(me).slug])
    assert client.post(own).status_code == 403
    unseen = reverse("people:person_block", args=[profile_of(hidden).slug])
    assert client.post(unseen).status_code == 404


# The profile form and the photo


def answers(**changed) -> dict:
    reach = {f"reach_{name}": str(value) for name, value in DEFAULT_REACH.items()}
    given = {"first_name": "Amina", "last_name": "Kileo", "bio_language": "en"}
    return {**reach, **given, **changed}


def test_the_profile_is_saved_with_its_reach(client, db):
    member = a_member()
    client.force_login(member)
    answer = client.post(
        reverse("people:profile_edit"),
        answers(
            headline="Bookkeeper",
            languages=["sw"],
            other_language="eo",
            reach_headline="public",
            reach_name="public",
            hidden_from=["SE"],
        ),
    )
    profile = profile_of(member)
    assert answer.url == profile.get_absolute_url()
    assert (profile.name, profile.audience) == ("Amina Kileo", "public")
    assert profile.languages == ["sw", "eo"]
    assert profile.reach["headline"] == "public"
    assert profile.hidden_from == ["SE"]


def test_a_name_turns_nothing_it_stands_beside(client, db):
    member = a_member()
    client.force_login(member)
    turned = answers(first_name="Am\u202eina ", last_name="\u2067Kileo\u2069")
    client.post(reverse("people:profile_edit"), turned)
    assert profile_of(member).name == "Amina Kileo"


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": ""},
        {"first_name": "\u200b\u202e"},
        {"reach_email": "everyone"},
        {"country": "ZZ"},
        {"languages": ["klingon"]},
        {"themes": ["999999"]},
        {"headline": "x" * 161},
    ],
)
def test_bad_input_is_kept_and_said(client, db, wrong):
    client.force_login(a_member())
    there = reverse("people:profile_edit")
    page = client.post(there, {**answers(bio="I count in three."), **wrong})
    assert page.status_code == 422
    assert "I count in three." in page.content.decode()
    assert page.context["form"].errors.keys() == wrong.keys()
    assert not Profile.objects.filter(bio="I count in three.").exists()


def picture(kind="JPEG", size=(900, 600), exif=None, name="me.jpg"):
    out = BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return SimpleUploadedFile(name, out.getvalue())


def test_a_photo_is_kept_small_square_and_without_where_it_was_taken(client, db):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x8825] = {1: "N", 2: (60.0, 23.0, 0.0)}
    member = a_member()
    client.force_login(member)
    client.post(reverse("people:profile_edit"), answers(photo=picture(exif=exif)))
    there = profile_of(member).shown_to(member).photo_url
    answer = client.get(there)
    assert answer["Content-Type"] == "image/jpeg"
    kept = b"".join(answer.streaming_content)
    with Image.open(BytesIO(kept)) as image:
        assert image.size == (480, 480)
        assert not image.getexif()
    assert b"Secret camera" not in kept


def test_ones_own_menu_has_ones_photo_whoever_else_sees_it(client, db):
    member = a_member(reach={"photo": "me"})
    actions.set_photo(profile_of(member), picture())
    client.force_login(member)
    header = client.get("/themes/").content.decode().partition("<main")[0]
    photo = profile_of(member).shown_at("me").photo_url
    assert photo and f'<img src="{photo}"' in header
    assert profile_of(member).get_absolute_url() in header


def test_a_photo_reaches_no_further_than_it_says(client, db):
    member = a_member(reach={"photo": "me"})
    actions.set_photo(profile_of(member), picture())
    there = reverse("people:person_photo", args=[profile_of(member).slug])
    client.force_login(a_member())
    assert client.get(there).status_code == 404
    client.force_login(member)
    assert client.get(there).status_code == 200


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("me.jpg", b"no picture at all"),
        SimpleUploadedFile("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("me.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50),
    ],
)
def test_what_is_no_picture_is_refused(client, db, upload):
    client.force_login(a_member())
    upload.seek(0)
    page = client.post(reverse("people:profile_edit"), answers(photo=upload))
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"photo"}


def test_a_photo_is_replaced_and_removed(
    client, db, django_capture_on_commit_callbacks
):
    member = a_member()
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_photo(profile_of(member), picture())
    first = profile_of(member).photo.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_photo(profile_of(member), picture("PNG"))
    profile = profile_of(member)
    assert not profile.photo.storage.exists(first)
    assert profile.photo.storage.exists(profile.photo.name)
    client.force_login(member)
    client.post(reverse("people:profile_edit"), answers(remove_photo="on"))
    assert not profile_of(member).photo


@pytest.mark.parametrize(
    ("referer", "next_page"),
    [
        ("http://testserver/themes/health/?page=2", "/themes/health/?page=2"),
        ("http://elsewhere.example.org/themes/", "/inbox/follow/"),
        ("", "/inbox/follow/"),
    ],
)
def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(
    client, db, referer, next_page
):
    pressed = {"target": "theme.1", "level": "tracking"}
    answer = client.post("/inbox/follow/", pressed, headers={"Referer": referer})
    there = parse_qs(urlsplit(answer.url).query)
    assert there == {"next": [next_page]}


def test_staff_find_the_way_to_the_editor_also_before_their_second_factor(
    client, db, settings
):
    """The way there tells them to set it up; other members have no such way."""
    settings.STAFF_TOTP_REQUIRED = True
    for person, shown in [(a_superuser(), True), (a_member(), False)]:
        client.force_login(person)
        assert ('href="/editor/"' in client.get("/themes/").content.decode()) == shown
