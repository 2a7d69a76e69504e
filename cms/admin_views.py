from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.actions import audience_of, audiences_above, set_audience
from cms.forms import AudienceForm, audience_name
from cms.permissions import may_know


def page_audience(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show and set who may see a page, all below it and its translations."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not may_know(request.user, page):
        raise Http404
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    above = audiences_above(page)
    form = AudienceForm(
        request.POST or None,
        page=page,
        user=request.user,
        above=above,
        initial={"audience": audience_of(page)},
    )
    if form.is_valid():
        set_audience(page, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("Who may see “%(page)s” is changed.") % {"page": page}
        )
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {
        "page": page,
        "form": form,
        "now": audience_name(audience_of(page), request.user),
        "translations": page.get_translations().select_related("locale"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "cms/admin/page_audience.html", context, status=status)
