"""What our Markdown has beyond CommonMark: plugins of markdown-it.

Tables and code scroll in boxes of their own, so that no text widens its page; notes at
the end of a text have addresses that no other text on the page has; `:tada:` is 🎉.
"""

import re
from collections.abc import Sequence

import emoji
from django.utils.html import escape
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

BLANK = {"text", "softbreak"}
CELLS = {"th_open", "td_open"}
SHORTCODE = re.compile(r"(?<![\w:]):[a-z0-9_+-]{1,40}:(?!\w)")


class Addresses(LinkifyIt):
    """`norec.no` leads there; `home.It was` is but a full stop without its space."""

    def match(self, text: str):
        return [one for one in super().match(text) or [] if _is_address(one)]


def _is_address(found) -> bool:
    host = re.split("[/?#:]", found.raw, maxsplit=1)[0]
    end = host.rpartition(".")[2]
    return bool(found.schema) or host[:4].lower() == "www." or end == end.lower()


def links(md: MarkdownIt) -> None:
    """One without words, `[](https://norec.no/)`, shows where it leads."""
    md.add_render_rule("link_close", _link_close)


def _link_close(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    before = at - 1
    while tokens[before].type in BLANK and not tokens[before].content.strip():
        before -= 1
    opened = tokens[before]
    words = escape(opened.attrs["href"]) if opened.type == "link_open" else ""
    return f"{words}</a>"


def lines(md: MarkdownIt) -> None:
    """A line ends where its writer ended it, told env["lines"]; imports are wrapped."""
    md.add_render_rule("softbreak", _softbreak)


def _softbreak(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    return "<br>\n" if env.get("lines") else "\n"


def footnotes(md: MarkdownIt) -> None:
    """`word[^1]` and `[^1]: the note`; env["docId"] tells texts on a page apart."""
    md.use(footnote_plugin, inline=False)
    md.core.ruler.before("footnote_tail", "lone_notes", _keep_lone_notes)
    md.add_render_rule("footnote_block_open", _notes_open)
    md.add_render_rule("footnote_block_close", _notes_close)

    for name in ("footnote_ref", "footnote_anchor"):
        md.add_render_rule(name, _not_in_plain(md.renderer.rules[name]))


def _keep_lone_notes(state) -> None:
    """A note that no word leads to stands with the others: what is written is shown."""
    notes = state.env.get("footnotes", {})
    for label, at in notes.get("refs", {}).items():
        if at < 0:
            lone = {"label": label.removeprefix(":"), "count": 0}
            notes["list"][len(notes["list"])] = lone


def _not_in_plain(rule):
    """Numbers of notes are no words, and to a lone note no number leads."""

    def render(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
        is_lone = env["footnotes"]["list"][tokens[at].meta["id"]].get("count") == 0
        return "" if env.get("plain") or is_lone else rule(tokens, at, options, env)

    return render


def _notes_open(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    return '<ol class="notes">\n'


def _notes_close(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    return "</ol>\n"


def boxes(md: MarkdownIt) -> None:
    """What may be wide scrolls, by keyboard too."""
    md.add_render_rule("table_open", _table_open)
    md.add_render_rule("table_close", _table_close)
    md.core.ruler.push("columns", _columns)
    for name in ("fence", "code_block"):
        md.add_render_rule(name, _focusable(md.renderer.rules[name]))


def _columns(state) -> None:
    """`|--:|` by a class: a style would be stopped."""
    for token in state.tokens:
        align = token.attrs.pop("style", "") if token.type in CELLS else ""
        if align:
            token.attrSet("class", str(align).partition(":")[2])


def _table_open(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    return '<div class="wide" tabindex="0"><table>\n'


def _table_close(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
    return "</table></div>\n"


def _focusable(rule):
    def render(renderer, tokens: Sequence[Token], at: int, options, env) -> str:
        return rule(tokens, at, options, env).replace("<pre>", '<pre tabindex="0">', 1)

    return render


def shortcodes(md: MarkdownIt) -> None:
    """In words alone: code and addresses stay as they are."""
    md.core.ruler.push("shortcodes", _shortcodes)


def _shortcodes(state) -> None:
    for block in state.tokens:
        address = False
        for token in block.children or ():
            if token.type == "link_open":
                address = token.info == "auto"
            elif token.type == "link_close":
                address = False
            elif token.type == "text" and not address and token.content.count(":") > 1:
                token.content = SHORTCODE.sub(_emoji, token.content)


def _emoji(match: re.Match) -> str:
    """The sign; what is no shortcode stays as it was typed."""
    return emoji.emojize(match[0], language="alias")
