"""What the CMS announces.

Wagtail owns the writes, so these come from signals: Django's own, because they run
inside the transaction of each write, where Wagtail's come just after it.
"""

from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from network.audience import of, restrict
from network.events import Event, publish


class PagePublished(Event):
    """A live page was saved: published first or again, restored, moved."""

    page: int


class PageUnpublished(Event):
    page: int


class PageMoved(Event):
    page: int


class PageDeleted(Event):
    page: int
    translation_key: str


class AudienceChanged(Event):
    page: int


class EvidenceGraded(Event):
    translation_key: str


class LessonUsed(Event):
    """A member said that they used it, said it otherwise, or no longer."""

    translation_key: str


@receiver(post_save)
def page_saved(sender, instance, created, update_fields, **kwargs):
    from cms.actions import settle_audience

    if not issubclass(sender, Page) or update_fields:
        return
    with transaction.atomic():
        settle_audience(instance, created)
        if instance.live:
            publish(PagePublished(page=instance.pk))
        elif not created:
            restrict(of("page", instance.pk))
            publish(PageUnpublished(page=instance.pk))


@receiver(post_page_move)
def page_moved(sender, instance, **kwargs):
    with transaction.atomic():
        restrict(of("page", instance.pk))
        publish(PageMoved(page=instance.pk))


@receiver(pre_delete, sender=Page)
def page_deleted(sender, instance, **kwargs):
    with transaction.atomic():
        # By its key search still knows the work when the row is gone.
        restrict(of("work", instance.translation_key))
        publish(
            PageDeleted(page=instance.pk, translation_key=str(instance.translation_key))
        )
