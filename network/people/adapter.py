"""Where allauth meets our own rules: who may come in, where to, and in what words."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from network.people.letters import LETTERS, render_letter
from network.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("That is your address already."),
        "email_password_mismatch": _("The address or the password is wrong."),
        "email_taken": _("That address belongs to another account."),
        "enter_current_password": _("Write the password you have now."),
        "incorrect_code": _("That code is wrong."),
        "incorrect_password": _("That password is wrong."),
        "invalid_login": _("The address or the password is wrong."),
        "rate_limited": _("Too many tries. Wait a few minutes."),
        "same_as_current": _("That is the one you have already."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes."),
    }

    def pre_login(self, request, user, **kwargs):
        """The last gate of every way in: password, code and second factor."""
        if not user.may_sign_in:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request) -> str:
        """Members go home, the others to where they see what is missing."""
        if request.user.is_member:
            return resolve_url(settings.LOGIN_REDIRECT_URL)
        return reverse("people:waiting")

    get_signup_redirect_url = get_login_redirect_url

    def render_mail(self, template_prefix, email, context, headers=None):
        """Our letter instead of allauth's, in the form its reader has chosen."""
        reader = User.objects.filter(email=email).first() or context.get("user")
        language = getattr(reader, "language", "") or translation.get_language()
        letter = LETTERS[template_prefix.rpartition("/")[2]]
        with translation.override(language):
            subject, text, html = render_letter(letter, {**context, "email": email})
        message = EmailMultiAlternatives(
            subject, text, self.get_from_email(), [email], headers=headers
        )
        message.attach_alternative(html, "text/html")
        return message
