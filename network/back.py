from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest, otherwise: str) -> str:
    """The address of this site that a form says one came from, as its `next`."""
    there = request.POST.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(there, hosts, request.is_secure())
    return there if there and safe else otherwise
