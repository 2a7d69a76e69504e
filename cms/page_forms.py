"""The forms of Wagtail's page editor."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from network.languages import NORWEGIAN, OWN_NAMES, country_choices
from network.people.forms.profiles import theme_choices

MOST_THEMES = 5


class PageForm(WagtailAdminPageForm):
    """Asks for the Norwegian form where there are two; other languages have one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "language" not in self.fields:
            return
        if self.instance.locale.language_code in NORWEGIAN:
            choices = [("", "–"), *((code, OWN_NAMES[code]) for code in NORWEGIAN)]
            self.fields["language"].choices = choices
            self.fields["language"].required = True
        else:
            del self.fields["language"]


class WorkForm(PageForm):
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        choices=country_choices,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "themes" in self.fields:
            self.fields["themes"].widget.attrs["size"] = 12
            self.fields["themes"].widget.choices = theme_choices()

    def clean_themes(self):
        themes = self.cleaned_data["themes"]
        if len(themes) > MOST_THEMES:
            message = _("Choose at most %(most)s, those it says most about.")
            raise forms.ValidationError(message % {"most": MOST_THEMES})
        return themes
