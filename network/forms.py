from django.forms.renderers import Jinja2, TemplatesSetting

from network.quick import part


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
