"""Parts that every page or many rows repeat, written in Jinja2.

Django's own templates take some ten times as long, which was most of the time that a
page of posts took. There the tag `{% quick "includes/_header.jinja" %}` puts a part in;
it is given what the page has.

A template is compiled for each language. What does not change from page to page, its
words, icons and fixed addresses, is put in then: a page of posts says 400 of them.
"""

from datetime import datetime
from functools import lru_cache
from operator import methodcaller

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, nodes, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from network import languages
from network.moments import Clock, clock, when

CSRF_INPUT = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')


def part(name: str, context: dict) -> Markup:
    """The part with what `context` holds; all text in it is escaped."""
    token = context.get("csrf_token")
    if token:
        context["csrf_input"] = CSRF_INPUT.format(token)
    read = clock.set(Clock.read())
    try:
        return Markup(environment().get_template(name).render(context))
    finally:
        clock.reset(read)


def environment() -> Environment:
    return _environment(translation.get_language())


class FixedPutIn(NodeTransformer):
    """`_("Words")`, `icon("name")` and the like become what they give."""

    FUNCTIONS = frozenset({"_", "icon", "pgettext", "static", "url"})

    def __init__(self, environment: Environment):
        self.known = environment.globals

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        node = self.generic_visit(node)
        name = getattr(node.node, "name", "")
        fixed = all(isinstance(one, nodes.Const) for one in node.args)
        if name not in self.FUNCTIONS or not fixed or node.dyn_args or node.dyn_kwargs:
            return node
        values = [one.value for one in node.args]
        if not node.kwargs:
            return nodes.Const(self.known[name](*values))
        if name != "_":
            return node
        named = [nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs]
        return nodes.Mod(nodes.Const(words(*values)), nodes.Dict(named))


class Compiler(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame=None) -> None:
        super().visit_Template(FixedPutIn(self.environment).visit(node), frame)


@lru_cache(20)
def _environment(language: str | None) -> Environment:
    from network.templatetags import attende

    found = Environment(
        loader=FileSystemLoader(settings.BASE_DIR / "templates"),
        autoescape=True,
        auto_reload=settings.DEBUG,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.code_generator_class = Compiler
    found.globals |= {
        "_": said,
        "control": attende.control,
        "icon": icon,
        "ngettext": lru_cache(2000)(counted),
        "pgettext": pgettext,
        "plain": plain,
        "static": static if settings.DEBUG else lru_cache(500)(static),
        "url": lru_cache(500)(lambda name, *args: reverse(name, args=args)),
    }
    found.filters |= {
        "address": methodcaller("get_absolute_url"),
        "country": lru_cache(500)(languages.country_name),
        "filesizeformat": filesizeformat,
        "initials": attende.initials,
        "kind": lru_cache(100)(attende.kind),
        "lang_attr": lang_attr,
        "language": lru_cache(500)(languages.language_name),
        "shape": attende.shape,
        "time": time,
        "when": when,
    }
    return found


def words(message: str) -> Markup:
    """The message in the reader's language, with the places of what it names."""
    return Markup(translation.gettext(message))


def said(message: str, **named) -> Markup:
    return words(message) % named


def counted(one: str, many: str, number: int, **named) -> Markup:
    return Markup(translation.ngettext(one, many, number)) % named


def pgettext(context: str, message: str) -> Markup:
    return Markup(translation.pgettext(context, message))


@lru_cache(200)
def icon(name: str, extra: str = "") -> Markup:
    """An icon from the sprite; a word stands beside it, so screen readers skip it."""
    mark = '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>'
    css = f"i {extra}" if extra else "i"
    return Markup(mark).format(css, static("icons/sprite.svg"), name)


@pass_context
def plain(context: Context, name: str, **more) -> Markup:
    """One of Django's templates within a part, for what seldom stands there."""
    within = {**context.get_all(), **more}
    return Markup(get_template(name).render(within, within.get("request")))


@lru_cache(100)
def lang_attr(code: str | None) -> Markup:
    """` lang="pt"` for content; nothing when the language is unknown."""
    return Markup(' lang="{}"').format(code) if code else Markup("")


def time(at: datetime) -> Markup:
    return Markup(f'<time datetime="{at.isoformat()}">{escape(when(at))}</time>')
