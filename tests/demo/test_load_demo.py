from collections import Counter

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from cms.models import ArticlePage, HomePage, LessonPage, WorkPage
from demo.loader import load_demo
from forums.models import Bookmark, Forum, Post, Review, Thread
from network.exchange.models import Organisation, Partnership, Placement
from network.languages import CONTENT_LANGUAGES, NORWEGIAN
from network.models import OutboxEvent
from network.notifications.models import Notification
from network.people.models import Profile, User

LOADED = (
    User,
    Profile,
    Organisation,
    Partnership,
    Placement,
    WorkPage,
    HomePage,
    Forum,
    Thread,
    Post,
)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The content is loaded once for all tests here, and taken away after them."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_themes", verbosity=0)
        load_demo()
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def works_by_key() -> dict:
    works: dict = {}
    for work in WorkPage.objects.all():
        works.setdefault(work.translation_key, []).append(work)
    return works


def test_as_much_as_promised():
    assert User.objects.count() >= 30
    assert Organisation.objects.count() == 10
    assert Organisation.objects.values("country").distinct().count() == 8
    assert Partnership.objects.count() == 6
    assert all(one.rounds.count() >= 2 for one in Partnership.objects.all())
    assert len(works_by_key()) >= 40
    assert Forum.objects.count() == 6
    assert Thread.objects.count() == 20
    assert Post.objects.count() >= 100


def test_works_stand_in_every_language():
    languages = Counter(WorkPage.objects.values_list("language", flat=True))
    assert all(languages[code] >= 4 for code in CONTENT_LANGUAGES)


def test_no_work_has_both_norwegian_forms():
    for pages in works_by_key().values():
        assert sum(page.language in NORWEGIAN for page in pages) <= 1


def test_translations_reach_as_far_as_their_work():
    for pages in works_by_key().values():
        assert len({page.audience_row.audience for page in pages}) == 1


@pytest.mark.parametrize("model", [ArticlePage, LessonPage])
def test_an_editor_could_save_each_work_as_it_is(model):
    for page in model.objects.all():
        page.full_clean()
        for name in ("body", "voices", "advice", "levels"):
            stream = getattr(page, name, None)
            if stream is not None:
                try:
                    stream.stream_block.clean(stream)
                except ValidationError as error:
                    pytest.fail(f"{page.slug}, {name}: {error!r}")


@pytest.mark.parametrize("model", [User, Organisation, Partnership, Placement, Post])
def test_rows_keep_the_rules_of_their_models(model):
    for row in model.objects.all():
        row.full_clean()


def test_lessons_tell_also_what_did_not_work():
    outcomes = Counter(LessonPage.objects.values_list("outcome", flat=True))
    assert outcomes["worked"] and outcomes["partly"] and outcomes["not"]


def test_who_speaks_first_varies():
    first = [
        one.partners()[0].organisation.country for one in Partnership.objects.all()
    ]
    assert 2 <= first.count("NO") <= 4


@pytest.mark.parametrize("email", settings.DEMO_ACCOUNTS)
def test_the_four_accounts_can_sign_in(client, email):
    user = User.objects.get(email=email)
    assert user.is_member and user.check_password(settings.DEMO_PASSWORD)
    assert user.emailaddress_set.filter(verified=True, primary=True).exists()


def test_the_coordinator_administers_a_malawian_partner():
    user = User.objects.get(email="coordinator@example.org")
    assert user.memberships.get().organisation.country == "MW"


def test_what_stays_among_partners_and_staff():
    visitor = AnonymousUser()
    coordinator = User.objects.get(email="coordinator@example.org")
    alumna = User.objects.get(email="alumna@example.org")
    seen = {
        who: set(Forum.objects.visible_to(who).values_list("slug", flat=True))
        for who in (visitor, coordinator, alumna)
    }
    assert seen[visitor] == {"thinking-of-exchange"}
    assert seen[alumna] - seen[coordinator] == {"mwera-skarvoy"}
    assert "editors-room" not in seen[alumna]


def test_nothing_lies_in_the_future():
    now = timezone.now()
    assert not WorkPage.objects.filter(published_on__gt=now.date()).exists()
    assert not Post.objects.filter(created_at__gt=now).exists()


def test_links_between_talk_and_lessons_lead_somewhere(client):
    linked = Post.objects.filter(markdown__contains="](/")
    assert linked.count() >= 15
    assert not Post.objects.filter(markdown__contains="(work:").exists()


def test_cards_hold_under_whatever_address_it_is_served():
    carded = Post.objects.filter(html__contains="data-card")
    assert carded.exists()
    for post in Post.objects.all():
        assert settings.SITE_URL not in post.markdown + post.html


def test_old_talk_is_not_told_as_news():
    assert not Notification.objects.filter(verb="replied").exists()


def test_a_second_run_changes_nothing():
    def stand():
        rows = {model: list(model.objects.order_by("pk").values()) for model in LOADED}
        return rows, OutboxEvent.objects.count()

    before = stand()
    assert not any(load_demo().values())
    assert stand() == before


def test_what_people_changed_is_kept():
    thread = Thread.objects.first()
    Thread.objects.filter(pk=thread.pk).update(title="Another title")
    load_demo()
    thread.refresh_from_db()
    assert thread.title == "Another title"


def test_never_in_production(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not for production"):
        call_command("load_demo")


def test_a_thread_shows_what_people_do_with_posts():
    post = Post.objects.get(thread__source_id="demo:whole-workplace", number=2)
    assert post.reactions == {"thanks": 6, "used": 3, "differs": 1}
    thread = post.thread.posts
    assert thread.filter(mentions__isnull=False).exists()
    assert thread.filter(quotes__source=post).exists()
    assert thread.filter(html__contains="data-card").exists()
    assert thread.filter(html__contains="<table").exists()
    assert Bookmark.objects.visible_to(User.objects.get(email="alumna@example.org"))


def test_the_coordinator_has_something_to_look_at_as_a_moderator():
    coordinator = User.objects.get(email="coordinator@example.org")
    reviews = Review.objects.moderated_by(coordinator)
    assert {(one.held is None, one.decided_at is None) for one in reviews} == {
        (True, True),  # reported
        (False, True),  # by a newcomer
        (True, False),  # decided
    }
