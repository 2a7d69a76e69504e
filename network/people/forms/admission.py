from django import forms
from django.utils.translation import gettext_lazy as _

from network.people.models import Application, Invitation, User


class ApplicationForm(forms.ModelForm):
    class Meta:
        model = Application
        fields = ["exchange", "why"]
        labels = {
            "exchange": _("Which exchange?"),
            "why": _("What do you hope to find or give here?"),
        }
        help_texts = {
            "exchange": _("From where to where, when, and with which organisation."),
        }
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["exchange"].required = True


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not, in words that the person will read"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InvitationForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        choices=User._meta.get_field("language").choices,
    )

    class Meta:
        model = Invitation
        fields = ["email", "message", "language"]
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()
