"""`@anna-lie` in a post: a plugin of markdown-it, and who may be mentioned.

Whom the handles name is told when a text is rendered: env["people"], {handle: id}. The
HTML holds the id alone. A handle that names nobody is just words. Plain text is told
{handle: «@Anna Lie»}; where it is told nothing, since anybody may read it, none stands.
"""

import re
from collections.abc import Sequence

from django.utils.html import escape, format_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from forums.models import Forum
from forums.reach import readers_of
from network.people.models import Profile, User

MOST_MENTIONED = 10
MOST_LOOKED_UP = 200  # handles of one text; the others are words
HANDLE = re.compile(r"@([a-z0-9_]+(?:-[a-z0-9_]+)*)", re.IGNORECASE | re.ASCII)
NOT_BEFORE = re.compile(r"[\w@./+-]")
UNKNOWN = "@…"


def mentions_in_text(md: MarkdownIt) -> None:
    md.inline.ruler.push("mention", _mention)
    md.add_render_rule("mention", _render)


def _mention(state, silent: bool) -> bool:
    """Not within a word, an address or the words of a link."""
    at, people = state.pos, state.env.get("people")
    if state.src[at] != "@" or state.linkLevel:
        return False
    if at and NOT_BEFORE.match(state.src[at - 1]):
        return False
    match = HANDLE.match(state.src, at)
    if not match:
        return False
    unknown = state.env.get("plain") and people is None
    person = UNKNOWN if unknown else (people or {}).get(match[1].lower())
    if not person:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.meta = {"person": person}
    state.pos = match.end()
    return True


def _render(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    person = tokens[at].meta["person"]
    if env.get("plain"):
        return escape(person)
    env.setdefault("mentioned", []).append(person)
    return format_html('<span data-person="{}"></span>', person)


def handles_in(markdown: str) -> list[str]:
    handles = (handle.lower() for handle in HANDLE.findall(markdown))
    return list(dict.fromkeys(handles))[:MOST_LOOKED_UP]


def mentionable(author: User, forum: Forum):
    """Profiles of whom `author` may see, who may see the forum and the author."""
    profiles = Profile.objects.visible_to(author).filter(user__in=readers_of(forum))
    own = getattr(author, "profile", None)
    return profiles.exclude(country__in=own.hidden_from) if own else profiles


def people_named(markdown: str, author: User, forum: Forum) -> dict[str, int]:
    """{handle: id of the account} of those who may be mentioned there."""
    handles = handles_in(markdown)
    if not handles:
        return {}
    named = mentionable(author, forum).filter(slug__in=handles)
    return dict(named.values_list("slug", "user"))


def without_names(markdown: str, known: set[str]) -> str:
    """As it was written, for who reads that: only with the handles they know."""
    return HANDLE.sub(
        lambda match: match[0] if match[1].lower() in known else UNKNOWN, markdown
    )
