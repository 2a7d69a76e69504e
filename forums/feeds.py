"""Atom feeds of forums and threads.

What is public anybody may fetch. For the rest a person has addresses of their own: a
feed reader cannot sign in, so a signed word in the address says who asks. What they may
see is asked anew at each fetch; a post that is hidden is in no feed, not its author's.
"""

import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from forums.models import FeedAddress, Forum, Post, Thread
from forums.reading import byline_of
from forums.shown import texts_of
from network.people.models import User

ENTRIES = 30
FROM_HERE = re.compile(r'((?:href|src)=")(/(?!/))')
_signer = Signer(sep=".", salt="forums.feeds")


def token_of(user: User) -> str:
    address = FeedAddress.objects.filter(user=user.pk).first()
    return _signer.sign(f"{user.pk}.{address.version if address else 0}")


def reader_of(token: str) -> User | AnonymousUser:
    """Whose address it is, if it has not been renewed since and they are a member.

    Without a token it is anybody, whoever may be signed in.
    """
    if not token:
        return AnonymousUser()
    try:
        pk, _dot, version = _signer.unsign(token).partition(".")
    except BadSignature:
        raise Http404 from None
    users = User.objects.select_related("profile", "feed_address")
    user = get_object_or_404(users, pk=pk)
    known = getattr(user, "feed_address", None)
    if not user.is_member or int(version) != (known.version if known else 0):
        raise Http404
    return user


def address_for(row: Forum | Thread, token: str = "") -> str:
    """Of a feed on this site; without a token that of what is public."""
    kind = "thread" if isinstance(row, Thread) else "forum"
    args = [token, row.pk] if token else [row.pk]
    name = f"forums:own_{kind}_feed" if token else f"forums:{kind}_feed"
    return settings.SITE_URL + reverse(name, args=args)


class _PostFeed(Feed):
    """Posts as entries; `reader` and `forum` or `thread` are on the object."""

    feed_type = Atom1Feed

    def rows(self, reader):
        posts = Post.objects.visible_to(reader).filter(hidden_at=None)
        return posts.select_related("author__profile", "thread")

    def feed_url(self, row):
        return address_for(row, row.feed_token)

    feed_guid = feed_url

    def link(self, row):
        return settings.SITE_URL + row.get_absolute_url()

    def get_feed(self, row, request):
        self.language = row.language or None
        return super().get_feed(row, request)

    def item_link(self, post):
        return settings.SITE_URL + post.get_absolute_url()

    item_guid = item_link

    def item_description(self, post):
        return FROM_HERE.sub(rf"\1{settings.SITE_URL}\2", post.text)

    def item_author_name(self, post):
        return post.byline.name

    def item_pubdate(self, post):
        return post.created_at

    def item_updateddate(self, post):
        return post.edited_at or post.created_at

    def _with_bylines(self, posts, reader) -> list[Post]:
        posts = list(posts[:ENTRIES])
        texts = texts_of(posts, reader)
        for post in posts:
            post.text = texts[post.pk]
            post.byline = byline_of(post, reader)
        return posts


class ForumFeed(_PostFeed):
    """The threads last begun, with what began them."""

    def get_object(self, request: HttpRequest, pk: int, token: str = "") -> Forum:
        reader = reader_of(token)
        forum = get_object_or_404(Forum.objects.visible_to(reader), pk=pk)
        forum.feed_token, forum.reader = token, reader
        return forum

    def title(self, forum):
        return f"{forum.name} – {settings.SITE_NAME}"

    def subtitle(self, forum):
        return forum.description

    def items(self, forum):
        begun = self.rows(forum.reader).filter(number=1, thread__forum=forum)
        begun = begun.order_by("-thread__created_at", "-thread")
        return self._with_bylines(begun, forum.reader)

    def item_title(self, post):
        return post.thread.title


class ThreadFeed(_PostFeed):
    """Its posts, the newest first."""

    def get_object(self, request: HttpRequest, pk: int, token: str = "") -> Thread:
        reader = reader_of(token)
        thread = get_object_or_404(Thread.objects.visible_to(reader), pk=pk)
        thread.feed_token, thread.reader = token, reader
        return thread

    def title(self, thread):
        return f"{thread.title} – {settings.SITE_NAME}"

    def items(self, thread):
        posts = self.rows(thread.reader).filter(thread=thread).order_by("-number")
        return self._with_bylines(posts, thread.reader)

    def item_title(self, post):
        told = {"actor": post.byline.name, "title": post.thread.title}
        if post.is_reply:
            return _("%(actor)s answered in “%(title)s”") % told
        return _("%(actor)s began “%(title)s”") % told
