from allauth.account.auth_backends import AuthenticationBackend

from network.people.models import User
from network.prepared import Prepared


@Prepared
def _user(pk):
    """With the profile, which every page's head shows."""
    return User.objects.filter(pk=pk).select_related("profile").order_by()


class MemberBackend(AuthenticationBackend):
    """E-mail and password; whoever may not sign in loses open sessions at once."""

    def get_user(self, user_id):
        user = next(iter(_user(int(user_id))), None)
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user) -> bool:
        return user.may_sign_in
