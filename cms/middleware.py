from urllib.parse import urlparse

from wagtail.contrib.redirects.middleware import RedirectMiddleware as WagtailRedirects
from wagtail.models import Site

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
