from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from forums.actions import set_forum_audience, set_moderators
from forums.events import ForumChanged
from forums.models import Forum
from network.events import publish


class ForumForm(forms.ModelForm):
    class Meta:
        model = Forum
        fields = [
            "name", "slug", "description", "language", "audience", "parent",
            "position", "themes", "moderators", "hold_newcomers", "archived_at",
        ]  # fmt: skip
        help_texts = {
            "audience": _("public, members, staff, partnership.7 or organisation.12")
        }


@admin.register(Forum)
class ForumAdmin(admin.ModelAdmin):
    """Rooms; a new audience and other moderators go through their actions."""

    form = ForumForm
    list_display = ["name", "audience", "parent", "position", "archived_at"]
    list_filter = ["audience"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["moderators"]
    filter_horizontal = ["themes"]

    @transaction.atomic
    def save_model(self, request, forum, form, change):
        audience = forum.audience
        if change:
            forum.audience = form.initial["audience"]
        super().save_model(request, forum, form, change)
        if forum.audience != audience:
            set_forum_audience(forum, audience)
        publish(ForumChanged(forum=forum.pk))

    def save_related(self, request, form, formsets, change):
        moderators = form.cleaned_data.pop("moderators")
        super().save_related(request, form, formsets, change)
        set_moderators(form.instance, moderators)

    def has_delete_permission(self, request, obj=None):
        """A forum is archived: its threads keep their addresses."""
        return False
