from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils.translation import gettext as _

GUARDED = ("/editor/", "/admin/", "/people/approvals/")


class StaffSecondFactor:
    """Staff without a second factor set it up before they reach what staff can do."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        guarded = request.path.startswith(GUARDED)
        if guarded and getattr(request.user, "lacks_second_factor", False):
            messages.info(request, _("Staff sign in with a code from an app as well."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)


class BackToThePage:
    """Who pressed a button too late signs in and is back where the button stands.

    The button's own address takes no visits.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method != "POST" or not self.asks_to_sign_in(request, response):
            return response
        page = urlsplit(request.headers.get("Referer", ""))
        if page.netloc != request.get_host():
            return response
        return redirect_to_login(page._replace(scheme="", netloc="").geturl())

    @staticmethod
    def asks_to_sign_in(request, response) -> bool:
        here = redirect_to_login(request.get_full_path()).url
        return response.status_code == 302 and response.url == here
