"""`![what it shows](attachment:12)`: a plugin of markdown-it for pictures in a post.

Which pictures a text may show is told when it is rendered: env["pictures"], by id.
Any other picture is words, or a link: nothing is fetched from elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.utils.html import escape, format_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCE = re.compile(r"attachment:(\d{1,18})")
REFERENCE = re.compile(r"!\[((?:[^\[\]\\\n]|\\.)*)\]\(attachment:(\d{1,18})\)")
BRACKET = re.compile(r"([\[\]\\])")
ESCAPED = re.compile(r"\\([\[\]\\])")


def pictures_in_text(md: MarkdownIt) -> None:
    md.add_render_rule("image", _image)
    md.core.ruler.push("figures", _figures)


def _image(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    token = tokens[at]
    words = renderer.renderInlineAsText(token.children or [], options, env)
    picture = _picture(token, env)
    if picture:
        return format_html(
            '<a href="{}"><img src="{}" width="{}" height="{}" alt="{}" '
            'loading="lazy"></a>',
            picture.url,
            picture.thumb_url,
            *picture.shown_size,
            picture.alt or words or picture.name,
        )
    source = str(token.attrs["src"])
    if urlsplit(source).scheme in {"http", "https"}:
        return format_html('<a href="{}">{}</a>', source, words or source)
    return escape(words)


def _picture(token: Token, env):
    match = SOURCE.fullmatch(str(token.attrs.get("src", "")))
    return env.get("pictures", {}).get(int(match[1])) if match else None


def _figures(state) -> None:
    """A paragraph of pictures alone is a figure."""
    blocks = zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False)
    for start, inline, end in blocks:
        if start.type != "paragraph_open" or start.hidden:
            continue
        parts = [one for one in inline.children if one.type != "softbreak"]
        if parts and all(_is_shown(one, state.env) for one in parts):
            start.tag = end.tag = "figure"
            inline.children = parts
            start.attrSet("class", "pictures")


def _is_shown(token: Token, env) -> bool:
    return token.type == "image" and _picture(token, env) is not None


def words_in_text(markdown: str) -> dict[int, str]:
    """{id: what the text says that the picture shows}"""
    found = REFERENCE.findall(markdown)
    return {int(pk): ESCAPED.sub(r"\1", words).strip() for words, pk in found}


def with_words(markdown: str, words: Mapping[int, str | None]) -> str:
    """The text, its references saying what each picture shows: for mail and search.

    One whose words are None is taken out.
    """

    def reference(match) -> str:
        pk = int(match[2])
        if pk not in words:
            return match[0]
        said = words[pk]
        if said is None:
            return ""
        escaped = BRACKET.sub(r"\\\1", said)
        return f"![{escaped}](attachment:{match[2]})"

    return REFERENCE.sub(reference, markdown)
