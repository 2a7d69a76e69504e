import getpass
import os

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from network.people.actions import create_profile
from network.people.models import User


class Command(BaseCommand):
    help = (
        "Create the first administrator. Asks for address, name and password, or "
        "takes them from --email, --name and the variable ADMIN_PASSWORD."
    )

    def add_arguments(self, parser):
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="")

    def handle(self, *args, email, name, **options):
        email = (email or input("E-mail address: ")).strip().lower()
        name = (name or input("Name: ")).strip()
        password = os.environ.get("ADMIN_PASSWORD") or getpass.getpass("Password: ")
        given, _space, family = name.rpartition(" ")
        user = User(email=email, first_name=given or family)
        user.last_name = family if given else ""
        try:
            validate_email(email)
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        create_admin(user, password)
        self.stdout.write(f"{email} can sign in, and is asked for a second factor.")


@transaction.atomic
def create_admin(user: User, password: str) -> None:
    user.is_staff = user.is_superuser = True
    user.status = User.Status.APPROVED
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(
        user=user, email=user.email, primary=True, verified=True
    )
    create_profile(user)
