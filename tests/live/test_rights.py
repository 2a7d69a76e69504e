"""Rights that end by what Django's admin, allauth or a date does: pages fall silent."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from forums.actions import post_reply
from network import sockets
from network.audience import MEMBERS, STAFF
from network.exchange.actions import add_member, end_staff_access, take_staff_access
from network.exchange.models import Placement
from tests.exchange.factories import a_partnership
from tests.forums.factories import a_forum, a_post, a_thread
from tests.live.helpers import do, page, scene
from tests.people.factories import PASSWORD, a_member, a_staff, a_superuser

pytestmark = pytest.mark.django_db(transaction=True)

make = sync_to_async


@pytest.fixture(autouse=True)
def own_layer():
    channel_layers.backends.clear()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def in_admin(path: str, **changed) -> None:
    """Saves the form as it stands, but for what is changed; None: left out."""
    admin, sent = signed_in(a_superuser()), {}
    context = admin.get(path).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, list):
                value = [getattr(one, "pk", one) for one in value]
            sent[field.html_name] = "" if value is None else value
    sent = {name: value for name, value in (sent | changed).items() if value != ""}
    answer = admin.post(path, {k: v for k, v in sent.items() if v is not None})
    assert answer.status_code == 302


def deleted_in_admin(path: str) -> None:
    assert signed_in(a_superuser()).post(path, {"post": "yes"}).status_code == 302


def new_password(person) -> None:
    new = "eight-quiet-goats"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = signed_in(person).post("/account/password/change/", sent)
    assert answer.status_code == 302


def a_case(how: str):
    """(audience, person who may see it, what ends that)."""
    person, partnership = a_member(), a_partnership()
    mine = partnership.own_audience
    account = f"/admin/people/user/{person.pk}"
    if how == "new password":
        return MEMBERS, person, lambda: new_password(person)
    if how == "account deleted":
        return MEMBERS, person, lambda: deleted_in_admin(f"{account}/delete/")
    if how == "no staff any more":
        person.is_staff = True
        person.save()
        return STAFF, person, lambda: in_admin(f"{account}/change/", is_staff=None)
    if how == "no second factor any more":
        person.is_staff = True
        person.save()
        code = Authenticator.objects.create(user=person, type="totp", data={})
        return STAFF, person, code.delete
    if how == "reason taken back":
        person.is_staff = True
        person.save()
        access = take_staff_access(person, partnership, "To help them.")
        return mine, person, lambda: end_staff_access(access)
    if how.startswith("membership"):
        organisation = partnership.members.first().organisation
        add_member(organisation, person)
        path = f"/admin/exchange/organisation/{organisation.pk}/change/"
        other = {
            "membership deleted": {"memberships-0-DELETE": "on"},
            "membership another's": {"memberships-0-person": a_member().pk},
        }[how]
        return mine, person, lambda: in_admin(path, **other)
    person = a_member(of=partnership)
    path = f"/admin/exchange/placement/{Placement.objects.get().pk}"
    if how == "placement deleted":
        return mine, person, lambda: deleted_in_admin(f"{path}/delete/")
    other = a_member().pk
    return mine, person, lambda: in_admin(f"{path}/change/", person=other)


@pytest.mark.parametrize(
    "how",
    [
        "new password", "account deleted", "no staff any more",
        "no second factor any more", "reason taken back", "membership deleted",
        "membership another's", "placement deleted", "placement another's",
    ],
)  # fmt: skip
def test_who_may_not_see_a_thread_any_more_hears_of_it_no_more(how, settings):
    settings.STAFF_TOTP_REQUIRED = how == "no second factor any more"
    scene(ending)(how)


async def ending(how):
    audience, person, end = await make(a_case)(how)
    thread = await do(a_thread, await make(a_forum)(audience))
    reader = await page(person)
    await reader.listen(f"thread.{thread.pk}")
    await do(end)
    said = await reader.app.receive_output(5)
    assert said.get("code") == sockets.SIGNED_OUT or "gone" in said["text"]
    await do(post_reply, thread, thread.author, "Among us.")
    assert await reader.app.receive_nothing(0.2, 0.01)


@scene
async def test_who_moderates_no_more_hears_of_the_room_no_more():
    person = await make(a_member)()
    forum = await make(a_forum)(STAFF, [person])
    thread = await do(a_thread, forum, await make(a_staff)())
    reader = await page(person)
    await reader.listen(f"thread.{thread.pk}")
    await do(in_admin, f"/admin/forums/forum/{forum.pk}/change/", moderators=[])
    assert await reader.heard(1) == [{"gone": f"thread.{thread.pk}"}]
    await reader.leave()


@scene
async def test_a_session_that_expired_hears_of_no_inbox():
    person = await make(a_member)()
    thread = await do(a_thread, author=person)
    reader = await page(person)
    await reader.listen("inbox")
    yesterday = timezone.now() - timedelta(days=1)
    await make(Session.objects.update)(expire_date=yesterday)
    await do(a_post, thread)
    assert await reader.closed() == sockets.SIGNED_OUT


def test_what_ends_by_a_date_ends_also_where_the_inbox_is_busy(monkeypatch):
    scene(busy)(monkeypatch)


async def busy(monkeypatch):
    person, forum = await make(a_member)(), await make(a_forum)()
    thread, mine = await do(a_thread, forum), await do(a_thread, author=person)
    reader = await page(person)
    await reader.listen(f"thread.{thread.pk}", "inbox")
    await make(type(forum).objects.filter(pk=forum.pk).update)(audience=STAFF)
    clock = sockets.monotonic()
    for minutes in (6, 12):
        monkeypatch.setattr(sockets, "monotonic", lambda m=minutes: clock + 60 * m)
        await do(a_post, mine)
        assert (await reader.heard(1))[-1]["target"] == "inbox"
    await do(a_post, thread, await make(a_staff)())
    assert await reader.heard(1) == [{"gone": f"thread.{thread.pk}"}]
    await reader.leave()
