"""The form in which one writes: its language, and what helps without a script."""

import pytest

from forums.actions import post_reply
from network.audience import PUBLIC
from tests.forums.factories import a_forum, a_thread
from tests.people.factories import a_member, profile_of


def chosen(client, thread, **headers) -> str:
    page = client.get(thread.get_absolute_url(), **headers).content.decode()
    select = page.partition('name="language"')[2].partition("</select>")[0]
    return select.partition(" selected")[0].rpartition('value="')[2].strip('"')


@pytest.mark.parametrize(
    ("own", "of_thread", "preset"),
    [("nn", "nb", "nn"), ("nb", "nn", "nb"), ("nn", "en", "en"), ("en", "nb", "nb")],
)
def test_who_writes_nynorsk_answers_bokmal_in_nynorsk(
    client, db, own, of_thread, preset
):
    client.force_login(a_member(language=own, languages=[own, "nb", "en"]))
    told = {"HTTP_ACCEPT_LANGUAGE": own}
    assert chosen(client, a_thread(language=of_thread), **told) == preset


def test_the_buttons_wait_for_their_script(client, db):
    client.force_login(a_member())
    thread = a_thread()
    page = client.get(thread.get_absolute_url()).content.decode()
    tools = page.partition('role="toolbar"')[2].partition("</div>")[0]
    assert " hidden>" in tools.partition("\n")[0]
    assert f'data-people="/forums/{thread.forum.slug}/people/"' in tools


def test_a_feed_shows_what_its_reader_may_see(client, db):
    anna = a_member("Anna Lie")
    thread = a_thread(a_forum(PUBLIC))
    post_reply(thread, a_member(), f"Ask @{profile_of(anna).slug}.")
    feed = client.get(f"/forums/feeds/thread/{thread.pk}/").content.decode()
    assert "@A member" in feed and "Anna" not in feed and "data-person" not in feed
