"""Parts that every page or many rows repeat, written in Jinja2.

Django's own templates take some ten times as long, which was most of the time that a
page of posts took. What a page shows once stays in Django's. There the tag
`{% quick "includes/_header.jinja" %}` puts a part in; it is given what the page has.
"""

from contextvars import ContextVar
from functools import lru_cache

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from network import languages
from network.moments import when

# Of the part that is being made: to ask Django a hundred times a page takes long.
language: ContextVar[str | None] = ContextVar("language", default=None)

CSRF_INPUT = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')


def part(name: str, context: dict) -> Markup:
    """The part with what `context` holds; all text in it is escaped."""
    token = context.get("csrf_token")
    if token:
        context["csrf_input"] = CSRF_INPUT.format(token)
    reads = language.set(translation.get_language())
    try:
        return Markup(environment().get_template(name).render(context))
    finally:
        language.reset(reads)


@lru_cache(1)
def environment() -> Environment:
    from network.templatetags import attende

    found = Environment(
        loader=FileSystemLoader(settings.BASE_DIR / "templates"),
        autoescape=True,
        auto_reload=settings.DEBUG,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    found.globals |= {
        "_": said,
        "control": attende.control,
        "icon": icon,
        "initials": attende.initials,
        "plain": plain,
        "static": static if settings.DEBUG else lru_cache(500)(static),
        "url": lru_cache(500)(lambda name, *args: reverse(name, args=args)),
    }
    found.filters |= {
        "country": languages.country_name,
        "filesizeformat": filesizeformat,
        "kind": attende.kind,
        "lang_attr": lang_attr,
        "language": languages.language_name,
        "shape": attende.shape,
        "when": when,
    }
    return found


def said(message: str, **named) -> Markup:
    """In the reader's language; a page says the same few things again and again."""
    code = language.get() or translation.get_language()
    return _text(message, code) % named if named else _said(message, code)


@lru_cache(2000)
def _text(message: str, code: str | None) -> Markup:
    return Markup(translation.gettext(message))


@lru_cache(2000)
def _said(message: str, code: str | None) -> Markup:
    return _text(message, code) % {}


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


def lang_attr(code: str | None) -> Markup:
    """` lang="pt"` for content; nothing when the language is unknown."""
    return Markup(' lang="{}"').format(code) if code else Markup("")
