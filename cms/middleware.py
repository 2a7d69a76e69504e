from urllib.parse import urlparse

from django.http import Http404
from wagtail.contrib.redirects.middleware import RedirectMiddleware as WagtailRedirects
from wagtail.models import Page, Site

from cms.permissions import may_know
from cms.queries import pages_visible_to
from network.languages import CONTENT_LANGUAGES


class RedirectMiddleware(WagtailRedirects):
    """Old addresses lead on only to what the reader may see; else they stay a 404."""

    def process_response(self, request, response):
        if response.status_code != 404:
            return response
        answer = super().process_response(request, response)
        found = answer is response or leads_to_open(request, answer["Location"])
        return answer if found else response


def leads_to_open(request, location: str) -> bool:
    """Whether the reader may see what is there, if it is a page of ours."""
    there = urlparse(location)
    path = there.path.strip("/") + "/"
    elsewhere = there.netloc not in {"", request.get_host()}
    if elsewhere or path.partition("/")[0] not in CONTENT_LANGUAGES:
        return True
    root = Site.find_for_request(request).root_page.url_path
    return pages_visible_to(request.user).filter(url_path=root + path).exists()


class KnownPages:
    """In Wagtail's admin a page outside the editor's audience is a missing one.

    Its views look a page up first and ask for permission after, which would tell that
    it is there; and one report names pages of all kinds.
    """

    PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
    REPORTS = ("page_types_usage", "page_types_usage_results")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.path.startswith("/editor/") and is_editor(request.user):
            self._refuse_unknown(request, kwargs)

    def _refuse_unknown(self, request, kwargs):
        if request.resolver_match.url_name in self.REPORTS:
            raise Http404
        asked = [kwargs[name] for name in self.PAGE_ARGUMENTS if name in kwargs]
        for page in Page.objects.filter(pk__in=asked).select_related("audience_row"):
            if not may_know(request.user, page):
                raise Http404


def is_editor(user) -> bool:
    """Who is let into the admin at all, but for superusers, who keep the machinery."""
    return user.has_perm("wagtailadmin.access_admin") and not user.is_superuser
