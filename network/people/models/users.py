from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network.audience import rights_of
from network.languages import OWN_NAMES, UI_LANGUAGES


class UserManager(DjangoUserManager):
    """People sign in by e-mail address, kept in lower case."""

    def _create_user_object(self, email, password, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        return user

    def create_user(self, email, password=None, **fields):
        user = self._create_user_object(email, password, **fields)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        rights = {
            "is_staff": True,
            "is_superuser": True,
            "status": User.Status.APPROVED,
        }
        return self.create_user(email, password, **{**fields, **rights})

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractUser):
    """Someone who signs in. Only an approved one is a member."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        SUSPENDED = "suspended", _("Suspended")
        LEAVING = "leaving", _("Leaving")

    username = None
    email = models.EmailField(_("e-mail address"), unique=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.PENDING,
        db_index=True,
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        blank=True,
        choices=[(code, OWN_NAMES[code]) for code in UI_LANGUAGES],
        help_text=_("Of the interface, and of what we write to you."),
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self):
        return self.get_full_name() or self.email

    @property
    def is_member(self) -> bool:
        return self.is_active and self.status == self.Status.APPROVED

    @property
    def may_sign_in(self) -> bool:
        """Demo accounts have a known password: none of them gets in elsewhere."""
        is_demo = self.email.endswith("@" + settings.DEMO_DOMAIN)
        return self.is_active and (settings.DEMO or not is_demo)

    @cached_property
    def acts_as_staff(self) -> bool:
        """Staff who are approved and, where it is demanded, have a second factor."""
        return self.is_staff and self.is_member and not self.lacks_second_factor

    @property
    def opens_editor(self) -> bool:
        """For the menu; the editor itself asks its own permission."""
        if not (self.is_staff and self.is_member):
            return False
        return self.is_superuser or "editor" in rights_of(self)

    @cached_property
    def lacks_second_factor(self) -> bool:
        if not (settings.STAFF_TOTP_REQUIRED and self.is_staff):
            return False
        return not self.authenticator_set.filter(type="totp").exists()
