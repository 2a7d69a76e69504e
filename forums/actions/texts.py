"""The text of a post as it is kept: made into HTML once, when it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from forums.mentions import MOST_MENTIONED, people_named
from forums.models import Attachment, Mention, Post, Quote
from forums.quotes import MOST_QUOTES, Address, may_stand_in, sources_named
from network.markdown import render


@dataclass
class Text:
    """HTML, whom it names and what it quotes; `problems`: why it may not stand."""

    html: str
    people: set[int] = field(default_factory=set)
    quotes: list[Quote] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self) -> "Text":
        if self.problems:
            raise ValidationError({"markdown": self.problems})
        return self


def read_text(post: Post, pictures: Mapping[int, Attachment] | None = None) -> Text:
    """Of a post whose thread and author are known, written or not.

    pictures: those its text may show, by id. What was imported names and quotes nobody.
    """
    told = {"docId": f"{post.thread_id}-{post.number}"}
    if not post.author_id:
        return Text(render(post.markdown, pictures, **told))
    forum, author, told["lines"] = post.thread.forum, post.author, True
    told["people"] = people_named(post.markdown, author, forum)
    sources = sources_named(post, author)
    said = {"mentioned": [], "quotes": [], "sources": sources}
    text = Text(render(post.markdown, pictures, **told, **said))
    text.people = set(said["mentioned"])
    _read_quotes(text, post, said["quotes"], sources, told)
    if len(text.people) > MOST_MENTIONED:
        most = {"most": MOST_MENTIONED}
        text.problems.append(
            _("You may mention at most %(most)s people in a post.") % most
        )
    return text


def _read_quotes(
    text: Text, post: Post, quotes: list, sources: Mapping[Address, Post], told: dict
) -> None:
    if len(quotes) > MOST_QUOTES:
        most = {"most": MOST_QUOTES}
        text.problems.append(_("A post quotes at most %(most)s others.") % most)
        return
    for place, quote in enumerate(quotes):
        source = sources.get(quote["address"])
        problem = _why_not(post, source)
        if problem:
            address = "/forums/thread/{}/{}/".format(*quote["address"])
            text.problems.append(problem % {"address": address})
            continue
        own = {**told, "docId": f"{told['docId']}-{place}", "sources": {}}
        html = render(quote["markdown"], **own)
        text.quotes.append(Quote(place=place, source=source, html=html))


def _why_not(post: Post, source: Post | None) -> str:
    if source is None:
        return _("There is no post to quote at %(address)s. Take that quote out.")
    if not may_stand_in(post.thread.forum, source):
        return _(
            "More people read this thread than the one you quote from, at %(address)s. "
            "Say it in your own words."
        )
    return ""


def keep_references(post: Post, text: Text) -> None:
    """Beside a saved post: whom it names, what it quotes. Who was told stays told."""
    post.quotes.all().delete()
    for quote in text.quotes:
        quote.post = post
    Quote.objects.bulk_create(text.quotes)
    post.mentions.filter(told_at=None).exclude(person__in=text.people).delete()
    rows = [Mention(post=post, person_id=pk) for pk in sorted(text.people)]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
