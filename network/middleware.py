"""What all answers have in common: what they vary by, their policy, their language."""

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control

from network import moments
from network.languages import interface_language

VARY = "Accept-Encoding, Accept-Language, Cookie, HX-Request"

STRICT = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Wagtail's and Django's admin carry inline scripts and styles of their own.
ADMIN = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class SameForEveryone:
    """Give each answer the same headers, so that none tells what exists.

    A closed page and a missing one differ in nothing; what is private is not kept
    by shared caches.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # PostgreSQL refuses a NUL in a text: no address has one.
        request.path_info = request.path_info.replace("\0", "\N{REPLACEMENT CHARACTER}")
        response = self.get_response(request)
        response["Vary"] = VARY
        admin = request.path.startswith(("/editor/", "/admin/"))
        response.setdefault("Content-Security-Policy", ADMIN if admin else STRICT)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=()")
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


COMPRESSED = ("text/html", "application/json", "application/atom+xml")


class CompressedPages(GZipMiddleware):
    """Pages and feeds travel compressed; files as they are, in parts if asked for.

    Django pads each answer at random, so that its length tells no secret (BREACH). The
    one secret of a feed is its own address, which nobody else can have fetched.
    """

    def process_response(self, request, response):
        kind = response.get("Content-Type", "")
        if response.streaming or not kind.startswith(COMPRESSED):
            return response
        return super().process_response(request, response)


class BoundedRequests:
    """Say in plain words that too much was sent; network/asgi.py has not read it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_REQUEST:
            most = {"most": settings.LARGEST_REQUEST}
            return render(request, "413.html", most, status=413)
        return self.get_response(request)


class InterfaceLanguage:
    """Interface language: account, cookie, Accept-Language; never the address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = get_user(request)  # not Django's lazy one: all pages ask for it
        language = interface_language(request)
        request.LANGUAGE_CODE = language
        reader = moments.reader.set(request.user)
        try:
            with translation.override(language):
                response = self.get_response(request)
        finally:
            moments.reader.reset(reader)
        response["Content-Language"] = language
        return response
