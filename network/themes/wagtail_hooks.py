"""Themes in Wagtail's editor: list, form, CSV out and in."""

from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from network.themes import editor
from network.themes.forms import ThemeForm
from network.themes.models import Theme
from network.themes.uses import is_used


class ThemeIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("parent")

    def search_queryset(self, queryset):
        return super().search_queryset(queryset).distinct()

    @property
    def header_buttons(self):
        buttons = list(super().header_buttons)
        if editor.may_exchange_tables(self.request.user):
            buttons += [
                HeaderButton(
                    gettext("Download CSV"),
                    url=editor.url_of("download"),
                    icon_name="download",
                ),
                HeaderButton(
                    gettext("Upload CSV"),
                    url=editor.url_of("upload"),
                    icon_name="upload",
                ),
            ]
        return buttons


PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("slug"),
            FieldPanel("scheme"),
            FieldPanel("parent"),
            FieldPanel("phase"),
            FieldPanel("code"),
            FieldPanel("position"),
        ],
        heading=_("Place in the vocabulary"),
    ),
    InlinePanel(
        "labels",
        heading=_("Labels"),
        help_text=_("One preferred label in each language; the others are synonyms."),
        panels=[
            FieldPanel("language"),
            FieldPanel("text"),
            FieldPanel("preferred"),
            FieldPanel("note"),
        ],
    ),
]


class ThemeViewSet(SnippetViewSet):
    model = Theme
    icon = "tag"
    menu_label = _("Themes")
    menu_name = "themes"
    menu_order = 300
    add_to_admin_menu = True
    url_prefix = "themes"
    url_namespace = editor.NAMESPACE
    index_view_class = ThemeIndexView
    list_display = [
        "__str__",
        Column("get_scheme_display", label=_("Scheme"), sort_key="scheme"),
        Column("parent", label=_("Wider theme")),
        Column("get_phase_display", label=_("Phase"), sort_key="phase"),
        Column("slug", label=_("Address"), sort_key="slug"),
    ]
    list_filter = ["scheme", "phase"]
    list_per_page = 50
    search_fields = ["labels__text", "slug"]
    edit_handler = ObjectList(PANELS, base_form_class=ThemeForm)

    def get_urlpatterns(self):
        return [
            path("download/", editor.theme_download, name="download"),
            path("upload/", editor.theme_upload, name="upload"),
            *super().get_urlpatterns(),
        ]


register_snippet(ThemeViewSet)


@hooks.register("before_delete_snippet")
def keep_themes_in_use(request, instances):
    """The theme's page tells an editor where it is used, as far as they may see."""
    used = [one for one in instances if isinstance(one, Theme) and is_used(one)]
    for theme in used:
        told = gettext("“{theme}” is in use and cannot be deleted.").format(theme=theme)
        where = messages.button(theme.get_absolute_url(), gettext("Where it is used"))
        messages.error(request, told, buttons=[where])
    return redirect(editor.url_of("list")) if used else None
