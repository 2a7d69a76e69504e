from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.events import wake
from network.models import Delivery, Restriction


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("stuck", _("stuck"))]

    def queryset(self, request, queryset):
        return getattr(queryset, self.value())() if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """What waits, what is stuck and why: to be read and retried, not edited."""

    list_display = [
        "id",
        "event",
        "subscriber",
        "lane",
        "attempts",
        "due_at",
        "done_at",
        "error",
    ]
    list_filter = [StateFilter, "lane", "subscriber"]
    list_select_related = ["event"]
    show_full_result_count = False
    actions = ["try_again_now"]

    @admin.action(description=_("Try again now"))
    def try_again_now(self, request, queryset):
        queryset.open().update(due_at=timezone.now())
        wake()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Restriction)
class RestrictionAdmin(admin.ModelAdmin):
    list_display = ["key", "created_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
