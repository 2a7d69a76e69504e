from network.audience import MEMBERS, STAFF
from network.events import deliver_events
from network.notifications.models import Level, Subscription
from network.themes.models import Theme
from tests.cms.factories import a_lesson, a_translation
from tests.notifications.helpers import inbox, letters
from tests.people.factories import a_member


def a_theme(slug="hosting") -> Theme:
    return Theme.objects.create(slug=slug, scheme="process")


def a_follower(of, level=Level.TRACKING):
    follower = a_member()
    Subscription.objects.follow(follower, of, level)
    return follower


def published(work):
    """As an editor does it."""
    work.save_revision().publish()
    return work


def test_a_new_lesson_reaches_those_who_follow_its_theme(db):
    theme = a_theme()
    follower, other = a_follower(theme), a_follower(a_theme("visas"))
    published(a_lesson(MEMBERS, themes=[theme]))
    deliver_events()
    assert (inbox(follower), inbox(other)) == (["published"], [])


def test_its_author_s_followers_are_told_unless_it_has_no_name(db):
    author = a_member()
    follower = a_follower(author.profile)
    unnamed = {"authors": [author.profile], "attribution": "anonymous"}
    published(a_lesson(MEMBERS, **unnamed))
    deliver_events()
    assert inbox(follower) == []
    published(a_lesson(MEMBERS, authors=[author.profile]))
    deliver_events()
    assert inbox(follower) == ["published"]


def test_who_may_not_see_it_is_not_told(db):
    theme = a_theme()
    follower = a_follower(theme, Level.WATCHING)
    published(a_lesson(STAFF, themes=[theme]))
    deliver_events()
    assert inbox(follower) == []
    assert letters() == []


def test_editing_and_translating_tell_nobody_again(db):
    theme = a_theme()
    follower = a_follower(theme)
    lesson = published(a_lesson(MEMBERS, themes=[theme]))
    deliver_events()
    published(lesson)
    published(a_translation(lesson, "fr", themes=[theme]))
    deliver_events()
    assert inbox(follower) == ["published"]


def test_an_imported_work_tells_nobody(db):
    theme = a_theme()
    follower = a_follower(theme)
    published(a_lesson(MEMBERS, themes=[theme], source_id="elsewhere-1"))
    deliver_events()
    assert inbox(follower) == []
