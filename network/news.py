"""What came to a list since a page of it was made: the address that answers that.

What is written at that very moment may be committed after the page was read, so the
count starts a little earlier and leaves out what the page shows already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest

from network.moments import moment

SLACK = timedelta(seconds=5)
MOST_KNOWN = 200


@dataclass(frozen=True)
class Since:
    """`at`, and {id: version} of rows shown that were as new as that."""

    at: datetime
    known: dict[int, int]

    def unknown(self, version: str, key: str = "pk") -> Q:
        """Rows that were not shown, or whose field `version` has grown since."""
        shown = Q(pk__in=[])
        for pk, number in self.known.items():
            shown |= Q(**{key: pk, f"{version}__lte": number})
        return ~shown


def news_address(
    path: str, at: datetime, known: Iterable[tuple[int, int, datetime]], **query
) -> str:
    """known: (id, version, when) of the rows that the page shows."""
    since = at - SLACK
    fresh = [f"{pk}.{version}" for pk, version, came in known if came > since]
    query |= {"since": since.isoformat(), "known": ",".join(fresh)}
    return f"{path}?{urlencode({k: v for k, v in query.items() if v}, doseq=True)}"


def since_asked(request: HttpRequest) -> Since:
    at = moment(request.GET.get("since", ""))
    if at is None:
        raise Http404
    known = {}
    for pair in request.GET.get("known", "").split(",")[:MOST_KNOWN]:
        pk, _dot, version = pair.partition(".")
        if pk.isascii() and version.isascii() and pk.isdigit() and version.isdigit():
            known[int(pk[:18])] = int(version[:9])
    return Since(at, known)
