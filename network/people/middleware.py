from django.contrib import messages
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
