from django.forms.renderers import TemplatesSetting


class SiteRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` come out in our look."""

    form_template_name = "includes/_form.html"
    field_template_name = "includes/_field.html"
