from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from network.people import actions
from network.people.models import Application, Block, Consent, Invitation, User

# One way to sign in, with its second factor and its limits: allauth's.
admin.site.login = secure_admin_login(admin.site.login)


@admin.register(User)
class MemberAdmin(UserAdmin):
    """Status changes go through the actions, so that what follows follows."""

    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "status", "is_staff"]
    list_filter = ["status", "is_staff", "is_superuser", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    readonly_fields = ["status", "is_active", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "status", "is_active", "language"]}),
        (_("Name"), {"fields": ["first_name", "last_name"]}),
        (_("Rights"), {"fields": ["is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "usable_password", "password1", "password2"],
            },
        )
    ]
    actions = ["suspend_members", "restore_members"]

    @admin.action(description=_("Suspend"))
    def suspend_members(self, request, queryset):
        for user in queryset.exclude(pk=request.user.pk):
            actions.suspend(user, by=request.user)

    @admin.action(description=_("Restore"))
    def restore_members(self, request, queryset):
        for user in queryset:
            actions.restore(user)


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at; what changes it are the pages of the site."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ["user", "exchange", "created_at", "decision", "decided_by"]
    list_filter = ["decision"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "invited_by", "created_at", "expires_at", "accepted_at"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["user", "purpose", "version", "given_at", "withdrawn_at"]


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    list_display = ["blocker", "blocked", "created_at"]
