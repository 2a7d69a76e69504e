"""Markdown as people write it, made safe once: markdown-it-py, then nh3."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"linkify": True, "html": False}).enable(
    ["table", "strikethrough", "linkify"]
)
# Plugins may make these; people cannot write HTML.
_OURS = "/file/"
_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "blockquote", "ul", "ol", "li", "a", "code",
    "pre", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    "figure", "img",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "figure": {"class"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
}


def extend(plugin: Callable[[MarkdownIt], None]) -> None:
    """An app adds to what can be written; called when Django starts."""
    _markdown.use(plugin)


def render(markdown: str, pictures: Mapping | None = None) -> SafeString:
    """HTML of `markdown`: no raw HTML, headings from the second level.

    Of pictures only those of ours, by their number, that the text may show.
    """
    html = _markdown.render(markdown, {"pictures": pictures or {}})
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_from_here,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)


def _from_here(tag: str, attribute: str, value: str) -> str | None:
    """A picture is fetched from this site alone."""
    elsewhere = tag == "img" and attribute == "src" and not value.startswith(_OURS)
    return None if elsewhere else value


def plain_text(markdown: str) -> str:
    """The words of `markdown` on one line, for search, mail subjects and excerpts."""
    text = strip_tags(_markdown.render(markdown))
    return re.sub(r"\s+", " ", unescape(text)).strip()
