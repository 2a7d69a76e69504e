from itertools import count

from network.people.models import User

number = count(1)


def a_reader(**rights) -> User:
    """An approved member; `rights` are fields of the account."""
    fields = {"status": User.Status.APPROVED, **rights}
    return User.objects.create_user(f"reader{next(number)}@example.org", **fields)
