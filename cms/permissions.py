"""What editors may do and see, never more than their audience; who may say of use."""

from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from network.audience import audiences_of


def may_know(user, page: Page) -> bool:
    """Whether `user` may see that `page` exists; a superuser keeps the machinery."""
    if user.is_superuser:
        return True
    row = getattr(page, "audience_row", None)
    return row is not None and row.audience in audiences_of(user)


def known_to(pages, user):
    """Those of `pages` that the editor may know of, as a set search can filter too."""
    if user.is_superuser:
        return pages
    known = Page.objects.filter(audience_row__audience__in=audiences_of(user))
    return pages.filter(pk__in=known.values_list("pk", flat=True))


class AudiencePolicy(PagePermissionPolicy):
    """Wagtail's policy for pages, narrowed to those whose audience the editor holds.

    Explorer, choosers, search, reports and the admin's API all ask it.
    """

    def explorable_instances(self, user):
        return known_to(super().explorable_instances(user), user)

    def instances_user_has_any_permission_for(self, user, actions):
        pages = super().instances_user_has_any_permission_for(user, actions)
        return known_to(pages, user)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return may_know(
            user, instance
        ) and super().user_has_any_permission_for_instance(user, actions, instance)


def can_use(user, lesson) -> bool:
    """A member, who did not tell it."""
    if not getattr(user, "is_member", False):
        return False
    told = type(lesson).objects.filter(
        translation_key=lesson.translation_key, authors__person__user=user.pk
    )
    return not told.exists()


def can_remove_use(user, use) -> bool:
    """One's own; staff take away what does not belong there."""
    return use.person_id == user.pk or bool(getattr(user, "acts_as_staff", False))
