"""The plain words of posts as their reader sees them, for letters and lists."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from forums.models import Held, Post
from forums.shown import PERSON
from network.cards import find_cards
from network.markdown import plain_text
from network.people.models import Profile


def set_words(posts: Iterable[Post | Held], reader) -> None:
    """`words` of posts that the reader may see: people are named as in the posts."""
    posts = list(posts)
    people = _names({pk for post in posts for pk in PERSON.findall(post.html)}, reader)
    for post in posts:
        post.words = plain_text(post.markdown, people=people)


def _names(accounts: set[str], reader) -> dict[str, str]:
    """{handle: «@Anna Lie»}, neutral words where the name does not reach the reader."""
    if not accounts:
        return {}
    cards = find_cards((("account", pk) for pk in accounts), reader)
    names = {card.more: card.title for card in cards.values()}
    handles = Profile.objects.filter(user__in=accounts).values_list("slug", flat=True)
    return {handle: "@" + (names.get(handle) or _("A member")) for handle in handles}
