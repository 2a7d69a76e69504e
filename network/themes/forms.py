from collections import Counter

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from network.languages import CONTENT_LANGUAGES, OWN_NAMES


class ThemeForm(WagtailAdminModelForm):
    """A theme with its labels: one preferred in each of the six languages."""

    def clean(self):
        cleaned = super().clean()
        labels = self.formsets.get("labels")
        if labels is None or not labels.is_valid():
            return cleaned
        kept = [
            form.cleaned_data
            for form in labels.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        preferred = Counter(data["language"] for data in kept if data["preferred"])
        for code in CONTENT_LANGUAGES:
            if preferred[code] != 1:
                self.add_error(None, ONE_PREFERRED.format(language=OWN_NAMES[code]))
        said = Counter((data["language"], data["text"].casefold()) for data in kept)
        for (_code, text), times in said.items():
            if times > 1:
                self.add_error(None, TWICE.format(text=text))
        return cleaned


ONE_PREFERRED = _("{language}: exactly one label must be the preferred one.")
TWICE = _("“{text}” stands twice in the same language.")


class UploadForm(forms.Form):
    file = forms.FileField(label=_("CSV file"))
