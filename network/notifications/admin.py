from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.notifications.models import Letter


class LetterState(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    states = {
        "waiting": Q(sent_at=None),
        "queued": Q(sent_at=None) & ~Q(queued_at=None),
        "sent": ~Q(sent_at=None),
    }

    def lookups(self, request, model_admin):
        return [
            ("waiting", _("waiting")),
            ("queued", _("handed to the post")),
            ("sent", _("sent")),
        ]

    def queryset(self, request, queryset):
        return queryset.filter(self.states[self.value()]) if self.value() else queryset


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """Which letters wait and which went, to be looked at; not what is in them."""

    list_display = ["id", "recipient", "pace", "planned_at", "sent_at", "size"]
    list_filter = [LetterState, "pace"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__email"]
    date_hierarchy = "planned_at"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
