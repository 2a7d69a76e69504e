"""Where our rules enter Wagtail."""

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from cms.admin_views import page_audience
from cms.choosers import profile_chooser
from cms.permissions import AudiencePolicy, known_to
from cms.queries import pages_visible_to

register_permission_policy(Page, AudiencePolicy(Page))


@hooks.register("before_serve_page", order=-100)
def ask_audience(page, request, args, kwargs):
    """Before Wagtail's own checks (order 0), so that OPTIONS tells nothing either.

    Previews do not come this way: an editor sees drafts.
    """
    if not pages_visible_to(request.user).filter(pk=page.pk).exists():
        raise Http404


@hooks.register("construct_explorer_page_queryset")
def only_known_pages(parent, pages, request):
    return known_to(pages, request.user)


@hooks.register("construct_page_chooser_queryset")
def only_known_choices(pages, request):
    return known_to(pages, request.user)


@hooks.register("construct_image_chooser_queryset")
@hooks.register("construct_document_chooser_queryset")
def only_known_files(files, request):
    return files.visible_to(request.user)


@hooks.register("register_admin_viewset")
def member_chooser():
    return profile_chooser


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("audience/<int:page_id>/", page_audience, name="page_audience"),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def audience_button(page, user, view_name=None, next_url=None):
    if page.depth > 2 and page.permissions_for_user(user).can_publish():
        yield Button(
            _("Who may see it"),
            reverse("page_audience", args=[page.pk]),
            icon_name="view",
            priority=15,
        )


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action(
        "cms.audience", _("Change who may see it"), _("Changed who may see it")
    )
    actions.register_action(
        "cms.evidence", _("Grade the evidence"), _("Graded the evidence")
    )


@hooks.register("construct_homepage_summary_items", order=1000)
def no_figures(request, items):
    """Wagtail counts all pages and files there, also those the editor may not know."""
    items.clear()


@hooks.register("construct_reports_menu")
def no_report_on_page_types(request, items):
    """It names pages of all audiences (cms.middleware closes it, too)."""
    items[:] = [item for item in items if item.name != "page-types-usage"]
