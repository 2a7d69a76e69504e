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


class LessonForm(WorkForm):
    """Asks those who may publish how well founded it is; that is no part of a draft."""

    evidence = forms.TypedChoiceField(
        label=_("Evidence"),
        coerce=int,
        empty_value=0,
        required=False,
        help_text=_("For the lesson in all its languages; holds as soon as you save."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "evidence" not in self.fields:
            return
        self.fields["evidence"].choices = self.instance.Evidence.choices
        self.initial["evidence"] = int(self.instance.evidence)
        if not self.may_publish():
            del self.fields["evidence"]

    def may_publish(self) -> bool:
        if self.instance.pk:
            return self.instance.permissions_for_user(self.for_user).can_publish()
        above = self.parent_page.permissions_for_user(self.for_user)
        return above.can_publish_subpage()

    def save(self, commit=True):
        from cms.actions import grade_evidence

        page = super().save(commit)
        if "evidence" in self.changed_data:
            grade_evidence(page, self.cleaned_data["evidence"], by=self.for_user)
        return page
