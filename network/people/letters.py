"""The letters about accounts: all their words in one place, filled in when sent."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from network.events import Event

IGNORE = _("If it was not you, you need not do anything.")
CHANGED = _("If it was not you, write to us at once, and choose a new password.")


@dataclass(frozen=True)
class Letter:
    """Subject and paragraphs; `%(email)s` and the like are filled in when sent.

    link: the name of one of our pages; `action` stands on the button.
    """

    subject: str
    lines: tuple[str, ...]
    link: str = ""
    action: str = ""


# Instead of allauth's letters, by its names for them.
LETTERS = {
    "email_confirmation_signup": Letter(
        _("Your code for joining"),
        (
            _(
                "Write this code where you signed up. It proves that this "
                "address is yours."
            ),
            IGNORE,
        ),
    ),
    "email_confirmation": Letter(
        _("Your code for this address"),
        (
            _(
                "Write this code where you were asked for it. It proves that "
                "this address is yours."
            ),
            IGNORE,
        ),
    ),
    "login_code": Letter(
        _("Your sign-in code"),
        (
            _(
                "Write this code where you were about to sign in. It works "
                "once, for ten minutes."
            ),
            IGNORE,
        ),
    ),
    "password_reset_code": Letter(
        _("Your code for a new password"),
        (
            _(
                "Write this code where you asked for a new password. It works"
                " once, for ten minutes."
            ),
            IGNORE,
        ),
    ),
    "account_already_exists": Letter(
        _("You already have an account"),
        (
            _(
                "Somebody, probably you, tried to sign up with %(email)s. "
                "There is an account with that address already."
            ),
            _(
                "Sign in with your password or with a code that we send you. "
                "If you have forgotten the password, you can choose a new "
                "one."
            ),
            IGNORE,
        ),
        link="account_login",
        action=_("Sign in"),
    ),
    "unknown_account": Letter(
        _("No account with this address"),
        (
            _(
                "Somebody, probably you, tried to sign in with %(email)s. No "
                "account has that address."
            ),
            _(
                "Perhaps you used another address? You can also ask to join "
                "with this one."
            ),
            IGNORE,
        ),
        link="account_signup",
        action=_("Ask to join"),
    ),
    "password_changed": Letter(
        _("Your password was changed"),
        (_("The password of your account was changed."), CHANGED),
    ),
    "password_reset": Letter(
        _("You have a new password"),
        (_("The password of your account was replaced by a new one."), CHANGED),
    ),
    "password_set": Letter(
        _("You now have a password"),
        (
            _("Your account now has a password. You can still sign in with a code."),
            CHANGED,
        ),
    ),
    "email_changed": Letter(
        _("Your address was changed"),
        (
            _(
                "Your account now has the address %(to_email)s. Before, it "
                "was %(from_email)s."
            ),
            CHANGED,
        ),
    ),
    "email_confirm": Letter(
        _("Your address is confirmed"),
        (_("The address of your account was confirmed."), CHANGED),
    ),
    "email_deleted": Letter(
        _("An address was removed"),
        (
            _("The address %(deleted_email)s no longer belongs to your account."),
            CHANGED,
        ),
    ),
    "totp_activated": Letter(
        _("Two-step sign-in is on"),
        (_("From now on you sign in with a code from your app as well."), CHANGED),
    ),
    "totp_deactivated": Letter(
        _("Two-step sign-in is off"),
        (_("A code from your app is no longer needed to sign in."), CHANGED),
    ),
    "recovery_codes_generated": Letter(
        _("You have new recovery codes"),
        (
            _(
                "New recovery codes were made for your account. The old "
                "ones no longer work."
            ),
            CHANGED,
        ),
    ),
}

OWN = {
    "approved": Letter(
        _("Welcome: you are a member"),
        (
            _(
                "Your account is approved. You can now read what members "
                "share, ask in the forums and be found by others."
            ),
            _("Begin with your profile: each field shows who sees it, and you decide."),
        ),
        link="people:profile_edit",
        action=_("Fill in your profile"),
    ),
    "declined": Letter(
        _("About your wish to join"),
        (
            _("We could not approve your account now. This is why:"),
            "%(reason)s",
            _("You can sign in, tell us more and ask again."),
        ),
        link="people:waiting",
        action=_("Tell us more"),
    ),
    "invited": Letter(
        _("%(inviter)s invites you"),
        (
            _(
                "%(inviter)s invites you to a network of people who have been"
                " on exchange and those who sent and received them."
            ),
            "%(message)s",
            _(
                "The invitation is for this address only, works once, and "
                "ends after three weeks."
            ),
        ),
        action=_("See the invitation"),
    ),
}


def send_letter(
    letter: Letter, to: str, language: str, event: Event, about: dict | None = None
) -> None:
    """Sent again after a crash, it has the same Message-ID."""
    about = about or {}
    with translation.override(language or settings.LANGUAGE_CODE):
        subject, text, html = render_letter(letter, {"email": to, **about})
    mark = f"<{event.kind}.{event.outbox_id}@{settings.SITE_HOST.partition(':')[0]}>"
    message = EmailMultiAlternatives(
        subject, text, to=[to], headers={"Message-ID": mark}
    )
    message.attach_alternative(html, "text/html")
    message.send()


def render_letter(letter: Letter, about: dict) -> tuple[str, str, str]:
    """Subject, text and HTML in the active language; empty paragraphs are left out."""
    address = about.get("url") or (letter.link and reverse(letter.link))
    subject = _filled(letter.subject, about)
    shown = {
        "site_name": settings.SITE_NAME,
        "title": subject,
        "lines": [
            line for line in (_filled(one, about) for one in letter.lines) if line
        ],
        "code": about.get("code", ""),
        "action_url": address and settings.SITE_URL + address,
        "action_label": letter.action,
        "why": _("This letter is about your account and has no other purpose."),
    }
    text = render_to_string("email/account/letter.txt", shown)
    return subject, text, render_to_string("email/account/letter.html", shown)


def _filled(words: str, about: dict) -> str:
    return str(words) % about if "%(" in str(words) else str(words)
