from collections.abc import Iterator
from functools import wraps

from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, include, path

from network.people.views import people


def unprocessable(view):
    """A form sent back with its errors answers 422, as ours do; allauth says 200."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        shown = (getattr(response, "context_data", None) or {}).values()
        forms = [one for one in shown if isinstance(one, BaseForm)]
        if response.status_code == 200 and any(form.errors for form in forms):
            response.status_code = 422
        return response

    return answer


def answering(patterns) -> Iterator[URLPattern | URLResolver]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield URLResolver(one.pattern, list(answering(one.url_patterns)))
        else:
            view = unprocessable(one.callback)
            yield URLPattern(one.pattern, view, one.default_args, one.name)


allauth = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
urlpatterns = [
    path("", people.account_detail, name="account_detail"),
    *answering(allauth),
]
