from allauth.account.auth_backends import AuthenticationBackend


class MemberBackend(AuthenticationBackend):
    """E-mail and password; whoever may no longer sign in loses open sessions at once."""

    def user_can_authenticate(self, user) -> bool:
        return user.may_sign_in
