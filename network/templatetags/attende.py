"""Template tags for what every page shows: icons, kinds, outcomes, people, fields."""

from collections.abc import Mapping
from textwrap import shorten

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.boundfield import BoundField
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from network import languages
from network.markdown import render as render_markdown
from network.quick import icon, lang_attr, part

register = template.Library()
register.simple_tag(icon)
register.filter("lang_attr", lang_attr)

KINDS = {
    "lesson": ("lesson", _("Lesson")),
    "story": ("story", _("Story")),
    "article": ("story", _("Article")),
    "guide": ("method", _("Guide")),
    "report": ("report", _("Report")),
    "method": ("method", _("Method")),
    "event": ("event", _("Event")),
    "page": ("report", _("Page")),
    "resource": ("to", _("External resource")),
    "theme": ("theme", _("Theme")),
    "forum": ("thread", _("Forum")),
    "thread": ("thread", _("Thread")),
    "discussion": ("thread", _("Discussion")),
    "question": ("question", _("Question")),
    "experience": ("turn", _("Experience")),
    "post": ("reply", _("Reply")),
    "consolidated": ("turn", _("Consolidated reply")),
    "person": ("person", _("Person")),
    "organisation": ("organisation", _("Organisation")),
    "partnership": ("partnership", _("Partnership")),
}
OUTCOMES = {
    "worked": ("o-worked", _("Worked")),
    "partly": ("o-partly", _("Partly worked")),
    "not": ("o-not", _("Did not work")),
    "early": ("o-early", _("Too early to say")),
}
LEVELS = {
    "individual": ("l1", _("Individual")),
    "organisation": ("l2", _("Organisation")),
    "community": ("l3", _("Community")),
}
REACHES = {
    "me": ("lock", _("Only me")),
    "partnerships": ("partnership", _("My partnerships")),
    "members": ("members", _("Members")),
    "public": ("globe", _("Public")),
}


@register.simple_tag(takes_context=True)
def quick(context, name: str, **more) -> SafeString:
    """A part in Jinja2 with all that the page was given; see network/quick.py."""
    return part(name, {**context.flatten(), **more})


def icon_and_word(table: Mapping, value: str, css: str) -> SafeString:
    """Nothing for a value that has no sign: a new kind must not break a list."""
    if value not in table:
        return SafeString("")
    name, word = table[value]
    return format_html('<span class="{}">{}{}</span>', css, icon(name), word)


@register.simple_tag
def kind(value: str) -> SafeString:
    return icon_and_word(KINDS, value, "kind")


@register.simple_tag
def outcome(value: str) -> SafeString:
    return icon_and_word(OUTCOMES, value, "outcome")


@register.simple_tag
def level(value: str) -> SafeString:
    """A result level: the individual, the organisation, the community."""
    return icon_and_word(LEVELS, value, "kind")


@register.simple_tag
def reach(value: str) -> SafeString:
    """Who sees a field of a profile, shown to its owner."""
    return icon_and_word(REACHES, value, "level")


@register.simple_tag
def avatar(who, size: str = "", color: str = "") -> SafeString:
    """A photo (`who.photo_url`) or initials; square for an organisation. Sizes: s, l.

    The name always stands beside it, so it is hidden from screen readers.
    """
    attributes = {
        "class": f"ds-avatar {size}-av" if size else "ds-avatar",
        "data-initials": initials(str(getattr(who, "name", who))),
        "data-color": color,
        "data-variant": "square" if is_organisation(who) else "",
    }
    photo = getattr(who, "photo_url", "")
    return format_html(
        '<span{} aria-hidden="true">{}</span>',
        html_attributes(attributes),
        format_html('<img src="{}" alt="" loading="lazy">', photo) if photo else "",
    )


def is_organisation(who) -> bool:
    return getattr(getattr(who, "_meta", None), "model_name", "") == "organisation"


def initials(name: str) -> str:
    """The first letters of the first and the last name: “Amina Kileo-Strand” is AK."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def html_attributes(attributes: Mapping[str, str]) -> SafeString:
    return format_html_join(
        "", ' {}="{}"', [pair for pair in attributes.items() if pair[1]]
    )


@register.simple_tag(takes_context=True)
def here(context, path: str) -> SafeString:
    """Marks the link to the part of the site the reader is in."""
    request = context.get("request")
    inside = request is not None and request.path.startswith(path)
    return SafeString(' aria-current="true"' if inside else "")


@register.filter
def country(code: str) -> str:
    return languages.country_name(code)


@register.filter
def language(code: str) -> str:
    return languages.language_name(code)


@register.filter(is_safe=True)
@stringfilter
def beginning(text: str, most: int) -> str:
    """Whole words, at most so many characters; of a long one what there is room for."""
    words = shorten(text, most, placeholder="…")
    return words if len(words) > most // 2 else Truncator(text).chars(most)


@register.filter
def markdown(text: str, pictures: Mapping | None = None) -> SafeString:
    return render_markdown(text, pictures)


@register.filter
def shape(field: BoundField) -> str:
    """Which of the three markups a form field has: input, check or choices."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "input"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's own element, dressed for Designsystemet; a widget's class is kept."""
    widget = field.field.widget
    classes = f"ds-input {widget.attrs.get('class', '')}".strip()
    return field.as_widget(attrs={} if shape(field) == "check" else {"class": classes})
