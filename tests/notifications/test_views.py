import pytest
from django.urls import reverse
from django.utils import timezone

from forums.actions import hide_post
from network.audience import STAFF
from network.events import deliver_events
from network.notifications.models import Level, Notification, Subscription
from tests.forums.factories import a_forum, a_post, a_thread
from tests.people.factories import a_member, a_pending, a_staff


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def page(client, member):
    client.force_login(member)
    return client


def words(answer) -> str:
    return answer.content.decode()


def told(member, times: int = 1):
    """The member is told of answers in a thread of their own; the last post."""
    thread = a_thread(author=member, title="Who receives the guest?")
    writer = a_member("Neema Lwitiko")
    for _ in range(times):
        post = a_post(thread, writer)
    deliver_events()
    return post


def test_the_inbox_asks_for_sign_in(client, db):
    assert client.get("/inbox/").status_code == 302


def test_an_empty_inbox_tells_what_to_do(page):
    assert "Nothing has come back to you yet" in words(page.get("/inbox/"))


def test_the_inbox_says_what_happened_and_what_is_unread(page, member):
    told(member)
    text = words(page.get("/inbox/"))
    assert "Neema Lwitiko answered in “Who receives the guest?”" in text
    assert "Unread:" in text
    assert "Inbox: 1 unread" in text


def test_news_of_one_thread_stands_under_the_newest_of_it(page, member):
    busy, calm = a_thread(author=member), a_thread(author=member)
    for n in range(4):
        a_post(busy, markdown=f"Answer {n}.")
    a_post(calm)
    deliver_events()
    Notification.objects.filter(target_id=busy.posts.get(number=2).pk).update(
        read_at=timezone.now()
    )
    text = page.get("/inbox/").content.decode()
    assert text.count("inbox__more") == 1
    assert "3 more in this thread, 2 unread" in " ".join(text.split())
    assert text.count("Mark as read</button>") == 4
    alone, _more, rest = text.partition("inbox__more")
    assert (
        alone.count('id="notification-') == 2 and rest.count('id="notification-') == 3
    )


def test_the_inbox_costs_the_same_however_much_it_holds(
    page, member, django_assert_max_num_queries
):
    told(member, 25)
    page.get("/inbox/")
    with django_assert_max_num_queries(12):
        page.get("/inbox/")


def test_the_bell_costs_a_query_where_there_is_news_and_none_else(
    member, django_assert_num_queries
):
    from network.audience import audiences_of, forget
    from network.notifications.reading import unread_of

    audiences_of(member)
    with django_assert_num_queries(0):
        assert unread_of(member) == 0
    told(member, 3)
    forget(member)
    audiences_of(member)
    with django_assert_num_queries(1):
        assert unread_of(member) == 3


def test_opening_one_marks_it_read_and_leads_there(page, member):
    post = told(member)
    one = Notification.objects.get(recipient=member)
    answer = page.get(reverse("notifications:notification_open", args=[one.pk]))
    assert answer.url == post.get_absolute_url()
    one.refresh_from_db()
    assert one.is_read


def test_somebody_elses_notification_is_not_there(page):
    told(a_member())
    one = Notification.objects.first()
    for name in ("notification_open", "notification_read"):
        address = reverse(f"notifications:{name}", args=[one.pk])
        assert page.post(address).status_code in {404, 405}
    assert page.get(f"/inbox/{one.pk}/").status_code == 404


def test_what_is_hidden_cannot_be_opened(page, member):
    hide_post(told(member))
    one = Notification.objects.get(recipient=member)
    assert page.get(f"/inbox/{one.pk}/").status_code == 404


def test_reading_the_thread_marks_its_notifications_read(page, member):
    post = told(member)
    text = words(page.get(post.thread.get_absolute_url()))
    assert "New since you were here" in text
    assert Notification.objects.unread().count() == 0
    assert "New since" not in words(page.get(post.thread.get_absolute_url()))


def test_looking_at_the_head_only_marks_nothing(page, member):
    page.head(told(member).thread.get_absolute_url())
    assert Notification.objects.unread().count() == 1


def test_one_is_marked_read_in_its_place(page, member):
    told(member)
    one = Notification.objects.get(recipient=member)
    address = reverse("notifications:notification_read", args=[one.pk])
    text = words(page.post(address, headers={"HX-Request": "true"}))
    assert text.strip().startswith("<li")
    assert "Unread" not in text


def test_all_are_marked_read_and_that_can_be_undone(page, member):
    told(member, 3)
    page.get(f"/inbox/{Notification.objects.first().pk}/")
    answer = page.post("/inbox/read/")
    assert Notification.objects.unread().count() == 0
    text = words(page.get(answer.url))
    assert "All is marked as read." in text
    moment = text.split('name="read" value="')[1].split('"')[0]
    page.post("/inbox/unread/", {"read": moment})
    assert Notification.objects.unread().count() == 2


def test_nonsense_instead_of_a_moment_does_nothing(page, member):
    told(member)
    assert page.get("/inbox/", {"read": "yesterday"}).status_code == 200
    assert page.post("/inbox/unread/", {"read": "2026-13-45T99:00"}).status_code == 302


# Following


def follow(page, target: str, level: str = "tracking", **kwargs):
    sent = {"target": target, "level": level, "next": "/forums/"}
    return page.post("/inbox/follow/", sent, **kwargs)


def test_following_and_unfollowing(page, member):
    thread = a_thread()
    assert "Follow" in words(page.get(thread.get_absolute_url()))
    assert follow(page, f"thread.{thread.pk}").url == "/forums/"
    assert "You follow this" in words(page.get(thread.get_absolute_url()))
    follow(page, f"thread.{thread.pk}", "normal")
    assert Subscription.objects.level_of(member, thread) == Level.NORMAL


def test_htmx_gets_the_button_again(page):
    thread = a_thread()
    answer = follow(page, f"thread.{thread.pk}", headers={"HX-Request": "true"})
    assert words(answer).strip().startswith("<form")
    assert 'value="tracking" selected' in words(answer)


@pytest.mark.parametrize("target", ["thread.999", "nothing.1", "thread.", "thread.x"])
def test_what_is_not_there_cannot_be_followed(page, target):
    assert follow(page, target).status_code == 404


def test_what_one_may_not_see_cannot_be_followed(page):
    thread = a_thread(a_forum(STAFF), author=a_staff())
    assert follow(page, f"thread.{thread.pk}").status_code == 404
    assert Subscription.objects.filter(target=f"thread.{thread.pk}").count() == 1


def test_following_leads_to_no_other_site(page):
    thread = a_thread()
    sent = {"target": f"thread.{thread.pk}", "level": "tracking"}
    answer = page.post("/inbox/follow/", {**sent, "next": "https://evil.example"})
    assert answer.url == thread.get_absolute_url()


def test_the_button_is_for_members(client, db):
    client.force_login(a_pending())
    thread = a_thread(a_forum("public"))
    assert "notifications_follow" not in words(client.get(thread.get_absolute_url()))
    assert "/inbox/follow/" not in words(client.get(thread.get_absolute_url()))


def test_a_person_is_followed_from_their_page_but_never_oneself(page, member):
    author = a_member().profile
    at = author.get_absolute_url()
    assert f'value="person.{author.pk}"' in words(page.get(at))
    follow(page, f"person.{author.pk}")
    assert "You follow this" in words(page.get(at))
    assert 'name="target"' not in words(page.get(member.profile.get_absolute_url()))
