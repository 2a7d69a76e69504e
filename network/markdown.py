"""Markdown as people write it, made safe once: markdown-it-py, then nh3."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from network.markdown_rules import Addresses, boxes, footnotes, lines, links, shortcodes

_markdown = MarkdownIt("commonmark", {"linkify": True, "html": False}).enable(
    ["table", "strikethrough", "linkify"]
)
_markdown.linkify = Addresses()
# What leads nowhere stays as it was typed, with the address that it holds.
_markdown.validateLink = lambda url: not _SCHEME.match(url) or bool(_KNOWN.match(url))
for _plugin in (lines, links, footnotes, boxes, shortcodes):
    _markdown.use(_plugin)

# Each one that is never closed makes the parser read on to the end: nobody needs more.
MOST_BRACKETS = 2000
# Plugins may make these; people cannot write HTML.
_OURS = "/file/"
_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "sup", "blockquote", "ul", "ol", "li", "a",
    "code", "pre", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th",
    "td", "figure", "img", "div", "aside", "span",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "id", "class", "data-card"},
    "aside": {"data-quote"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "figure": {"class"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"id"},
    "ol": {"start", "class"},
    "pre": {"tabindex"},
    "span": {"data-person"},
    "td": {"class"},
    "th": {"class"},
}
_NOTE = re.compile(r"fn(ref)?[\w:-]*\d")
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_KNOWN = re.compile(r"(https?|mailto|attachment):", re.IGNORECASE)


def extend(plugin: Callable[[MarkdownIt], None]) -> None:
    """An app adds to what can be written; called when Django starts."""
    _markdown.use(plugin)


def render(markdown: str, pictures: Mapping | None = None, **told) -> SafeString:
    """HTML of `markdown`: no raw HTML, headings from the second level.

    Of pictures only those of ours, by their number, that the text may show. told: what
    plugins are told beside; `docId` marks the addresses of its notes.
    """
    html = _markdown.render(_bounded(markdown), {"pictures": pictures or {}, **told})
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """A picture is fetched from this site alone; only notes have addresses."""
    if tag == "img" and attribute == "src" and not value.startswith(_OURS):
        return None
    if attribute == "id" and not _NOTE.fullmatch(value):
        return None
    return value


def _bounded(markdown: str) -> str:
    if markdown.count("[") > MOST_BRACKETS:
        return markdown.replace("[", "\\[")
    return markdown


def plain_text(markdown: str, **told) -> str:
    """The words of `markdown` on one line, for search, mail subjects and excerpts.

    Without what depends on who reads, whom it names and what it quotes, but for what
    plugins are told.
    """
    text = strip_tags(_markdown.render(_bounded(markdown), {"plain": True, **told}))
    return re.sub(r"\s+", " ", unescape(text)).strip()
