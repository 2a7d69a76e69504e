from django.contrib import admin
from django.db import models

from network.exchange import actions
from network.exchange.models import (
    Organisation,
    OrganisationMembership,
    Partnership,
    PartnershipMember,
    Placement,
    StaffAccess,
)


class MembershipInline(admin.TabularInline):
    model = OrganisationMembership
    autocomplete_fields = ["person"]
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Staff create them and name the first administrator, who decides from then on."""

    list_display = ["name", "country", "kind", "audience"]
    list_filter = ["kind", "audience"]
    search_fields = ["name", "other_names"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["themes"]
    exclude = ["logo", "languages", "changed_at"]
    readonly_fields = ["audience"]
    inlines = [MembershipInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def save_related(self, request, form, formsets, change):
        before = list(form.instance.memberships.all())
        super().save_related(request, form, formsets, change)
        actions.change_organisation(form.instance)
        for membership in [*before, *form.instance.memberships.all()]:
            actions.announce_membership(membership)

    def delete_model(self, request, obj):
        before = list(obj.memberships.all())
        super().delete_model(request, obj)
        for membership in before:
            actions.announce_membership(membership)

    def delete_queryset(self, request, queryset):
        for one in queryset:
            self.delete_model(request, one)


class PartnershipMemberInline(admin.TabularInline):
    model = PartnershipMember
    fields = ["organisation", "role", "position"]
    autocomplete_fields = ["organisation"]
    min_num, extra = 2, 0


@admin.register(Partnership)
class PartnershipAdmin(admin.ModelAdmin):
    """Staff write down who the partners are; whom it is shown to, they decide."""

    list_display = ["name", "started", "audience"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["themes"]
    fields = ["name", "slug", "summary", "language", "started", "themes"]
    inlines = [PartnershipMemberInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.settle_audience(form.instance)


@admin.register(Placement)
class PlacementAdmin(admin.ModelAdmin):
    """Norec's register: who was sent where, and in which round."""

    list_display = ["person", "from_country", "to_country", "round", "verified"]
    list_filter = ["verified", "kind"]
    autocomplete_fields = ["person", "sending", "host"]
    list_select_related = ["person", "round"]

    def save_model(self, request, obj, form, change):
        actions.save_placement(obj)

    def delete_model(self, request, obj):
        actions.remove_placement(obj)

    def delete_queryset(self, request, queryset):
        for one in queryset:
            actions.remove_placement(one)


@admin.register(StaffAccess)
class StaffAccessAdmin(admin.ModelAdmin):
    """A log: it is read here and never changed."""

    list_display = ["user", "partnership", "reason", "taken_at", "until"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
