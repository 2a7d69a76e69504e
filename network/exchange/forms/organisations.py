from django import forms
from django.utils.translation import gettext_lazy as _

from network.audience import MEMBERS, PUBLIC
from network.exchange.models import Organisation, OrganisationMembership
from network.people.forms.admission import InvitationForm
from network.people.forms.profiles import LanguagesField, ThemesField, usual_languages
from network.people.pictures import check_picture

Role = OrganisationMembership.Role


class OrganisationForm(forms.ModelForm):
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    languages = LanguagesField(label=_("Working languages"))
    themes = ThemesField()
    audience = forms.ChoiceField(
        label=_("Who sees this page"),
        choices=[(MEMBERS, _("Members")), (PUBLIC, _("Everyone"))],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "other_names",
            "kind",
            "country",
            "place",
            "founded",
            "website",
            "about",
            "about_language",
            "languages",
            "audience",
        ]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 8}),
            "other_names": forms.Textarea(attrs={"rows": 3}),
        }

    field_order = (
        "name",
        "other_names",
        "logo",
        "remove_logo",
        "kind",
        "country",
        "place",
        "founded",
        "website",
        "about",
        "about_language",
        "languages",
        "themes",
        "audience",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = usual_languages(self.instance.languages)
        self.initial["themes"] = [theme.pk for theme in self.instance.themes.all()]
        self.initial.pop("logo", None)
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_logo(self):
        upload = self.cleaned_data.get("logo")
        if upload:
            check_picture(upload)
        return upload


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)


class MemberInvitationForm(InvitationForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.STAFF)

    class Meta(InvitationForm.Meta):
        fields = ["email", "message", "language"]

    field_order = ("email", "role", "language", "message")
