"""How someone comes in: what they told us, what they agreed to, who invited them."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INVITED_FOR = timedelta(days=21)
SALT = "attende.invitation"


class ApplicationQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(decision="", user__status="pending", user__is_active=True)


class Application(models.Model):
    """Why someone wants to join, and what was decided."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="application",
        verbose_name=_("person"),
    )
    exchange = models.CharField(_("which exchange"), max_length=300, blank=True)
    why = models.TextField(_("why you want to join"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, blank=True
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("to join", "application")
        verbose_name_plural = pgettext_lazy("to join", "applications")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return str(self.user)


class Consent(models.Model):
    """One purpose, one consent: who agreed to what text, when, and since when not."""

    class Purpose(models.TextChoices):
        TERMS = "terms", _("Code of conduct and terms")
        PRIVACY = "privacy", _("Privacy")
        ADULT = "adult", _("18 years or older")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="consents",
        verbose_name=_("person"),
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose", "version"],
                condition=models.Q(withdrawn_at=None),
                name="one_consent_a_purpose",
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.purpose} {self.version}"


class InvitationQuerySet(models.QuerySet):
    def open(self):
        now = timezone.now()
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)

    def of_token(self, token: str):
        """The invitation a link names, whatever its state; none for a forged link."""
        try:
            return self.filter(pk=signing.loads(token, salt=SALT))
        except signing.BadSignature:
            return self.none()


def invitation_end():
    return timezone.now() + INVITED_FOR


class Invitation(models.Model):
    """A way in for one address. The link is signed; no secret lies in the database."""

    email = models.EmailField(_("e-mail address"))
    message = models.TextField(_("greeting"), max_length=1000, blank=True)
    language = models.CharField(
        _("language of the letter"), max_length=2, default=settings.LANGUAGE_CODE
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"), default=invitation_end)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.email

    def get_absolute_url(self) -> str:
        return reverse("people:invitation_detail", args=[self.token])

    @property
    def token(self) -> str:
        return signing.dumps(self.pk, salt=SALT)

    @property
    def is_open(self) -> bool:
        unused = self.accepted_at is None and self.withdrawn_at is None
        return unused and self.expires_at > timezone.now()
