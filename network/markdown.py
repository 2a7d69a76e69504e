"""Markdown as people write it, made safe once: markdown-it-py, then nh3."""

import re
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"linkify": True, "html": False}).enable(
    ["table", "strikethrough", "linkify"]
)
_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "blockquote", "ul", "ol", "li", "a", "code",
    "pre", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}


def render(markdown: str) -> SafeString:
    """HTML of `markdown`: no raw HTML, no pictures, headings from the second level."""
    html = _markdown.render(markdown)
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)


def plain_text(markdown: str) -> str:
    """The words of `markdown` on one line, for search, mail subjects and excerpts."""
    text = strip_tags(_markdown.render(markdown))
    return re.sub(r"\s+", " ", unescape(text)).strip()
