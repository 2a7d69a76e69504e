from django import forms
from django.forms.renderers import Jinja2, TemplatesSetting

from network.quick import part
from network.text import is_visible, unturned


def has_words(value: str) -> None:
    """Signs of no width alone would make a text that nobody sees, or can press on."""
    if not any(map(is_visible, value)):
        raise forms.ValidationError(forms.Field.default_error_messages["required"])


class LineField(forms.CharField):
    """A name or title: something to see, that turns nothing it stands beside."""

    default_validators = [has_words]

    def to_python(self, value):
        return unturned(super().to_python(value)).strip()


class SiteRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` come out in our look.

    What Django draws itself comes from its templates in Jinja2: each page has forms.
    """

    form_template_name = "includes/_form.html"
    field_template_name = "includes/_field.jinja"
    widgets = Jinja2()

    def get_template(self, template_name):
        if template_name.startswith("django/forms/"):
            return self.widgets.get_template(template_name)
        return super().get_template(template_name)

    def render(self, template_name, context, request=None):
        if template_name.endswith(".jinja"):
            return part(template_name, dict(context))
        return super().render(template_name, context, request)
