"""People, told only what the test is about."""

from itertools import count

from allauth.account.models import EmailAddress

from network.audience import forget
from network.people import actions
from network.people.models import Application, Profile, User

PASSWORD = "seven-quiet-goats"
_numbers = count(1)


def a_member(name: str = "", *, of=(), email: str = "", reach=None, **fields) -> User:
    """An approved member; `of` is an organisation, a partnership, or several.

    reach: {field: reach} where it differs from the defaults; further fields are the
    user's or the profile's.
    """
    user = _a_user(name, email, status=User.Status.APPROVED, fields=fields)
    themes = fields.pop("themes", ())
    profile = actions.create_profile(user, **fields)
    profile.reach = {**profile.reach, **(reach or {})}
    actions.change_profile(profile, themes=themes)
    for place in of if isinstance(of, list | tuple) else [of]:
        _join(user, place)
    return user


def a_pending(name: str = "", *, verified: bool = True, **fields) -> User:
    """Someone who has asked to join and waits."""
    user = _a_user(name, status=User.Status.PENDING, verified=verified, fields=fields)
    application = {key: fields.pop(key) for key in ("exchange", "why") if key in fields}
    actions.create_profile(user, **fields)
    Application.objects.create(user=user, **{"exchange": "Malawi", **application})
    return user


def a_staff(name: str = "", **fields) -> User:
    user = a_member(name, **fields)
    user.is_staff = True
    user.save()
    forget(user)
    return user


def a_superuser(name: str = "", **fields) -> User:
    user = a_staff(name, **fields)
    user.is_superuser = True
    user.save()
    return user


def _a_user(name, email="", *, status, fields, verified=True) -> User:
    number = next(_numbers)
    given, _space, family = (name or f"Person Number{number}").partition(" ")
    email = email or f"person{number}@example.com"
    own = {key: fields.pop(key) for key in ("language", "is_staff") if key in fields}
    user = User.objects.create_user(
        email, PASSWORD, first_name=given, last_name=family, status=status, **own
    )
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    return user


def _join(user: User, place) -> None:
    from network.exchange.actions import add_member
    from network.exchange.models import Organisation
    from tests.exchange.factories import a_placement, a_round

    if isinstance(place, Organisation):
        add_member(place, user)
    else:
        a_placement(user, round=a_round(place), verified="partner")


def profile_of(user: User) -> Profile:
    return Profile.objects.select_related("user").get(user=user)


def as_seen(user: User) -> User:
    """The user as a new request reads them: nothing cached."""
    return User.objects.get(pk=user.pk)
