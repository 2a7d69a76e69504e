"""Parts in Jinja2: the words of each language, and nothing that a reader slips in."""

import pytest
from django.template import Context, Template
from django.utils import translation
from markupsafe import Markup

from network.quick import environment


def made(source: str, language: str = "en", **context) -> str:
    with translation.override(language):
        return environment().from_string(source).render(context)


@pytest.mark.parametrize("language, word", [("en", "Search"), ("nn", "Søk")])
def test_words_are_in_the_language_of_whoever_reads(language, word):
    assert made('{{ _("Search") }}', language) == word
    assert made('{% set one = _("Search") %}{{ one }}', language) == word
    assert made('{{ _("Search") if yes else _("Menu") }}', language, yes=True) == word


def test_words_and_icons_stand_in_the_compiled_part():
    with translation.override("nn"):
        source = '<b>{{ icon("clock") }} {{ _("Search") }}</b>{{ name }}'
        code = environment().compile(source, raw=True)
    assert "#i-clock" in code and "Søk" in code and "call(" not in code


def test_what_is_named_in_words_is_escaped_and_what_is_translated_is_not():
    source = '{{ _("Menu for %(name)s", name=name) }}'
    assert made(source, name="<b>") == "Menu for &lt;b&gt;"
    assert made(source, name=Markup("<b>")) == "Menu for <b>"
    assert made("{{ _(name) }}", name="Search", language="nn") == "Søk"
    assert made('{{ _("100%% sure") }} {{ 20 % 7 }}') == "100% sure 6"


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("Pair each newcomer with a host", "Pair each newcomer…"),
        ("Short enough", "Short enough"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffah…"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_an_excerpt_ends_after_a_word(text, begun):
    template = Template("{% load attende %}{{ text|beginning:20 }}")
    assert template.render(Context({"text": text})) == begun
