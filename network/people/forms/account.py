"""allauth's forms with our labels, and the questions we ask of who wants to join."""

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.forms import LineField
from network.languages import country_choices
from network.people.actions import accept_invitation, register
from network.people.models import Consent, Invitation


class Plain:
    """Labels above the fields instead of words in them, which vanish as one types."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"email", "login"}:
                field.label = _("E-mail address")
                field.widget.attrs["inputmode"] = "email"


class LoginForm(Plain, allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


class RequestLoginCodeForm(Plain, allauth_forms.RequestLoginCodeForm):
    pass


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):
    pass


class AddEmailForm(Plain, allauth_forms.AddEmailForm):
    pass


class SignupForm(Plain, allauth_forms.SignupForm):
    first_name = LineField(
        label=_("Given name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = LineField(
        label=_("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    country = forms.ChoiceField(
        label=_("Country you live in"),
        choices=lambda: [("", "–"), *country_choices()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    exchange = forms.CharField(
        label=_("Which exchange?"),
        max_length=300,
        help_text=_("From where to where, when, and with which organisation."),
    )
    why = forms.CharField(
        label=_("What do you hope to find or give here?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    adult = forms.BooleanField(label=_("I am 18 years or older"))
    terms = forms.BooleanField(
        label=_("I will follow the code of conduct, and I accept the terms")
    )
    privacy = forms.BooleanField(
        label=_("I have read how my personal data are kept and used")
    )
    field_order = (
        "first_name",
        "last_name",
        "email",
        "country",
        "exchange",
        "why",
        "password1",
        "adult",
        "terms",
        "privacy",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least eight characters. Leave it empty if you would rather sign in "
            "with a code that we send you."
        )

    def try_save(self, request):
        if self.account_already_exists:
            # As slow as making an account, so that time tells nothing either.
            make_password(self.cleaned_data.get("password1") or None)
        return super().try_save(request)

    @transaction.atomic
    def save(self, request):
        return super().save(request)

    def signup(self, request, user):
        """Called by allauth when the account is written, in one transaction with it."""
        given = self.cleaned_data
        register(
            user,
            country=given["country"],
            exchange=given["exchange"],
            why=given["why"],
            consents=Consent.Purpose.values,
        )
        invitation = self._invitation(request)
        if invitation is not None and invitation.email == user.email.lower():
            accept_invitation(invitation, user)
        else:
            # Another address than the one the link went to is yet to be confirmed.
            request.session.pop("account_verified_email", None)

    def _invitation(self, request) -> Invitation | None:
        """The open invitation whose link was followed here before signing up."""
        token = request.session.pop("invitation", "")
        return Invitation.objects.open().of_token(token).first()
