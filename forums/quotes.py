"""A quote that begins with the address of a post: a plugin of markdown-it.

    > /forums/thread/41/3/
    > We paired each newcomer with a host.

Its words are kept apart from the text that quotes, and shown to those who see the post
they come from; see forums/shown.py. Which posts may be quoted is told when a text is
rendered: env["sources"], {(thread, number): post}.
"""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q
from django.utils.html import format_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from forums.models import Forum, Post
from network.audience import allows
from network.people.models import User

MOST_QUOTES = 20
HIDDEN = "> …"
SITE = rf"(?:{re.escape(settings.SITE_URL)})?"
ADDRESS = SITE + r"/forums/thread/(\d{1,18})/(\d{1,9})/?"
LINE = re.compile(r" {0,3}>[ \t]?(.*)")
FIRST = re.compile(rf" {{0,3}}>[ \t]?{ADDRESS}[ \t]*")

Address = tuple[int, int]  # thread, number


def quotes_in_text(md: MarkdownIt) -> None:
    ends = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("blockquote", "post_quote", _quote, {"alt": ends})
    md.add_render_rule("post_quote", _render)


def _quote(state, start: int, end: int, silent: bool) -> bool:
    """Only at the margin of a text that may quote; mail and search leave it out."""
    if state.level or not ("sources" in state.env or "plain" in state.env):
        return False
    address = _address(_line(state, start))
    if not address:
        return False
    if silent:
        return True
    words, line = [], start + 1
    while line < end and (more := LINE.fullmatch(_line(state, line))):
        if _address(more[0]):  # the next one
            break
        words.append(more[1])
        line += 1
    token = state.push("post_quote", "", 0)
    token.map = [start, line]
    token.meta = {"address": address, "markdown": "\n".join(words).strip("\n")}
    state.line = line
    return True


def _line(state, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]


def _address(line: str) -> Address | None:
    match = FIRST.fullmatch(line)
    return (int(match[1]), int(match[2])) if match else None


def _render(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    """A mark where the quote stands; env["quotes"] takes what it says."""
    if "quotes" not in env:
        return ""
    env["quotes"].append(tokens[at].meta)
    return format_html('<aside data-quote="{}"></aside>\n', len(env["quotes"]) - 1)


def addresses_in(markdown: str) -> list[Address]:
    found = map(_address, markdown.splitlines())
    return list(dict.fromkeys(filter(None, found)))


def posts_at(addresses: Iterable[Address], reader) -> dict[Address, Post]:
    """Those the reader may see."""
    asked = [Q(thread=thread, number=number) for thread, number in addresses]
    if not asked:
        return {}
    posts = Post.objects.visible_to(reader).filter(reduce(or_, asked))
    return {
        (one.thread_id, one.number): one
        for one in posts.select_related("thread__forum")
    }


def sources_named(post: Post, author: User) -> dict[Address, Post]:
    """What the text may quote: what its author sees, and what it quoted before."""
    addresses = addresses_in(post.markdown)[: MOST_QUOTES + 1]
    sources = posts_at(addresses, author)
    if addresses and post.pk:
        for one in post.quotes.select_related("source__thread__forum"):
            sources[one.source.thread_id, one.source.number] = one.source
    return sources


def may_stand_in(forum: Forum, source: Post) -> bool:
    """Words are not carried to where more people read."""
    there = source.thread.forum
    return there.pk == forum.pk or allows(there.audience, forum.audience)


def quote_of(post: Post, text: str = "") -> str:
    """The post, or some of its words, as it is quoted; not what it quotes itself."""
    words = text.strip() or without_quotes(post.markdown).strip()
    lines = [post.get_absolute_url(), *words.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def without_quotes(markdown: str, seen: Iterable[Address] = (), mark: str = "") -> str:
    """Without what it quotes of posts that are not among `seen`: `mark` instead."""
    kept, seen, leaving = [], set(seen), False
    for line in markdown.splitlines():
        address = _address(line)
        if address:
            leaving = address not in seen
            if leaving and mark:
                kept.append(mark)
        elif leaving and not LINE.fullmatch(line):
            leaving = False
        if not leaving:
            kept.append(line)
    return "\n".join(kept)
